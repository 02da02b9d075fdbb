// Package answer is what the decoder of a page does, on any system: it restores a compressed file, and
// says as JSON what is in it. It links no encoding/json.
package answer

import (
	"errors"
	"io"
	"strings"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/container"

	"github.com/ktzip/ktzip/cmd/internal/describe"
)

// MaxRestored bounds what a page restores, in bytes: it holds all of it in memory. Arbitrary.
const MaxRestored = 1 << 30

var errTooLong = errors.New("restores to more than 1 GiB, which is too much for a page: use ktunzip")

// A Restored says what became of a file.
type Restored struct {
	Name    string  `json:"name"`            // of what it restores to
	Size    int64   `json:"size"`            // bytes that were written
	Error   string  `json:"error,omitempty"` // why a Reader refuses the file; absent if it is intact
	Missing []Range `json:"missing"`         // what NULs stand for
	Nothing bool    `json:"nothing"`         // nothing is intact
	Foreign bool    `json:"foreign"`         // nor is the file one that ktzip wrote
}

// A Range is bytes that could not be restored.
type Range struct {
	Offset int64 `json:"offset"`
	Size   int64 `json:"size"` // -1 if unknown
}

// Restore writes what the size bytes of src, a file of this name, restore to. If the file is damaged, NULs
// take the place of what is missing. reset drops what was written so far.
func Restore(name string, src io.ReaderAt, size int64, dst io.Writer, reset func()) *Restored {
	out := &bounded{dst: dst}
	header, err := restore(io.NewSectionReader(src, 0, size), out)
	result := &Restored{Missing: []Range{}}
	if err != nil && !errors.Is(err, errTooLong) {
		result.Error = message(err)
		reset()
		out.n = 0
		header, err = salvage(src, size, out, result)
	}
	if err != nil {
		result.Error, result.Nothing, result.Foreign = message(err), true, errors.Is(err, container.ErrFormat)
		reset()
		out.n = 0
	}
	result.Name, result.Size = restoredName(name, header), out.n
	return result
}

// restore writes what the first files of src restore to, and returns the first header.
func restore(src io.Reader, dst io.Writer) (*container.Header, error) {
	r, err := codec.NewReader(src, nil)
	if err != nil {
		return nil, err
	}
	header := r.Header()
	_, err = r.WriteTo(dst)
	return header, err
}

// salvage writes what is intact of src, notes in result what is missing, and returns the first header.
func salvage(src io.ReaderAt, size int64, dst io.Writer, result *Restored) (*container.Header, error) {
	found, err := codec.Salvage(dst, src, size, nil)
	for _, r := range found.Missing {
		result.Missing = append(result.Missing, Range{Offset: r.Off, Size: r.Size})
	}
	return found.Header, err
}

// message returns an error without the name of a package.
func message(err error) string { return strings.TrimPrefix(err.Error(), "codec: ") }

// suffixes are those of compressed files, and what takes their place, in lower case.
var suffixes = [...][2]string{{".ktz", ""}, {".tktz", ".tar"}}

// restoredName returns the name of what a file of this name restores to, without folders.
func restoredName(name string, h *container.Header) string {
	if h != nil && h.Name != "" {
		name = h.Name
	} else {
		name = withoutSuffix(name)
	}
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	if name == "" || name == "." || name == ".." {
		return "restored"
	}
	return name
}

func withoutSuffix(name string) string {
	for _, s := range suffixes {
		if k := len(name) - len(s[0]); k > 0 && sameLetters(name[k:], s[0]) {
			return name[:k] + s[1]
		}
	}
	return name + ".restored"
}

// sameLetters reports whether a and b, of the same length, differ in the case of letters of ASCII alone. The tables
// of strings.EqualFold would take 12 KB of a page's module.
func sameLetters(a, b string) bool {
	for k := range len(a) {
		if x, y := a[k], b[k]; x != y && (x^y != 'a'-'A' || x|('a'-'A') < 'a' || x|('a'-'A') > 'z') {
			return false
		}
	}
	return true
}

// bounded writes at most MaxRestored bytes to dst.
type bounded struct {
	dst io.Writer
	n   int64 // bytes that were written
}

func (w *bounded) Write(b []byte) (int, error) {
	if w.n+int64(len(b)) > MaxRestored {
		return 0, errTooLong
	}
	n, err := w.dst.Write(b)
	w.n += int64(n)
	return n, err
}

// A Report is what Describe returns: a describe.Report, or why there is none.
type Report struct {
	*describe.Report
	Error string `json:"error,omitempty"`
}

// Describe says what is in a file of this name.
func Describe(name string, src io.ReaderAt, size int64) *Report {
	r, err := describe.Build(src, size, &describe.Options{Name: name, Headers: true})
	if err != nil {
		return &Report{Error: message(err)}
	}
	return &Report{Report: r}
}
