package ktzip

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/ktzip/ktzip/codec"
)

// Extension is what the names of compressed files end in.
const Extension = ".ktz"

// FS returns a file system in which the compressed files of fsys are there as what they restore to:
// Open("a.csv") opens a.csv.ktz if there is no a.csv. A directory lists a.csv in place of a.csv.ktz,
// or both names if there are both. Open("a.csv.ktz") still opens the file as it is.
//
// A file that is restored is an io.Seeker, an io.ReaderAt and an io.WriterTo, with its true size, as
// http.FileServer needs for ranges. It restores the segments that are read, not all before them (see
// codec.Archive). As long as it is open, it takes the memory that codec.Memory says, and four
// segments more, at most codec.DefaultMemoryLimit. If fsys opens it as no io.ReaderAt, such as from a
// zip file, it also takes its compressed bytes, of which at most 64 MiB are allowed.
//
// A damaged file is listed. Its size, to open it or to read what is damaged gives an error that wraps
// a kind of package container.
func FS(fsys fs.FS) fs.FS { return &restoredFS{fsys} }

// maxInMemory is the most bytes of a compressed file that are read into memory; arbitrary.
const maxInMemory = 64 << 20

var errInMemory = fmt.Errorf("ktzip: a compressed file of more than %d bytes that is no io.ReaderAt", maxInMemory)

// keptSegments is how many segments a file keeps in addition to the memory of restoring one.
// Arbitrary: enough for those who read a file in order and look back.
const keptSegments = 4

type restoredFS struct {
	fsys fs.FS
}

// Open implements fs.FS.
func (r *restoredFS) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	f, err := r.fsys.Open(name)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return r.openRestored(name, err)
		}
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	if info.IsDir() {
		return &restoredDir{File: f, fsys: r, name: name}, nil
	}
	return f, nil
}

// ReadFile implements fs.ReadFileFS. It takes memory for what restores, not for what an index states.
func (r *restoredFS) ReadFile(name string) ([]byte, error) {
	f, err := r.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	file, ok := f.(*restoredFile)
	if !ok {
		return fs.ReadFile(r.fsys, name)
	}
	var b bytes.Buffer
	_, err = file.WriteTo(&b)
	return b.Bytes(), err
}

// openRestored opens what the compressed file of the name restores to. If there is none, the error
// is missing.
func (r *restoredFS) openRestored(name string, missing error) (fs.File, error) {
	f, err := r.fsys.Open(name + Extension)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = missing
		}
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		f.Close()
		return nil, missing
	}
	var a *codec.Archive
	if err == nil {
		a, err = openArchive(f, info.Size())
	}
	if err != nil {
		f.Close()
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return &restoredFile{src: f, archive: a, name: name, info: restoredInfo{info, path.Base(name), a.Size()}}, nil
}

// openArchive returns an Archive of f, a file of size bytes.
func openArchive(f fs.File, size int64) (*codec.Archive, error) {
	src, ok := f.(io.ReaderAt)
	if !ok {
		b, err := io.ReadAll(io.LimitReader(f, maxInMemory+1))
		if err != nil {
			return nil, err
		}
		if len(b) > maxInMemory {
			return nil, errInMemory
		}
		src, size = bytes.NewReader(b), int64(len(b))
	}
	// The header of the first file says what should do.
	r, err := codec.NewReader(io.NewSectionReader(src, 0, size), nil)
	if err != nil {
		return nil, err
	}
	h := r.Header()
	limit := codec.Memory(h) + keptSegments*int64(h.SegmentSize())
	if limit < codec.DefaultMemoryLimit {
		if a, err := codec.NewArchive(src, size, &codec.ReaderConfig{MemoryLimit: limit}); err == nil {
			return a, nil
		} // files that follow the first one may need more
	}
	return codec.NewArchive(src, size, nil)
}

// restoredInfo describes what a file restores to.
type restoredInfo struct {
	fs.FileInfo // of the compressed file
	name        string
	size        int64
}

func (i restoredInfo) Name() string { return i.name }
func (i restoredInfo) Size() int64  { return i.size }

// A restoredFile is a compressed file, opened as what it restores to.
type restoredFile struct {
	src     fs.File
	archive *codec.Archive
	name    string // as it was opened
	info    restoredInfo
	closed  atomic.Bool
}

func (f *restoredFile) Stat() (fs.FileInfo, error) { return f.info, nil }

func (f *restoredFile) Close() error {
	if f.closed.Swap(true) {
		return f.failed("close", fs.ErrClosed)
	}
	return f.src.Close()
}

// failed returns err with the name of f; io.EOF and nil stay.
func (f *restoredFile) failed(op string, err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	return &fs.PathError{Op: op, Path: f.name, Err: err}
}

func (f *restoredFile) Read(b []byte) (n int, err error) {
	if err = fs.ErrClosed; !f.closed.Load() {
		n, err = f.archive.Read(b)
	}
	return n, f.failed("read", err)
}

func (f *restoredFile) ReadAt(b []byte, off int64) (n int, err error) {
	if err = fs.ErrClosed; !f.closed.Load() {
		n, err = f.archive.ReadAt(b, off)
	}
	return n, f.failed("readat", err)
}

func (f *restoredFile) Seek(offset int64, whence int) (pos int64, err error) {
	if err = fs.ErrClosed; !f.closed.Load() {
		pos, err = f.archive.Seek(offset, whence)
	}
	return pos, f.failed("seek", err)
}

func (f *restoredFile) WriteTo(w io.Writer) (n int64, err error) {
	if err = fs.ErrClosed; !f.closed.Load() {
		n, err = f.archive.WriteTo(w)
	}
	return n, f.failed("read", err)
}

// A restoredDir is a directory that lists files as what they restore to.
type restoredDir struct {
	fs.File
	fsys    *restoredFS
	name    string
	listed  bool // unread is set
	unread  []fs.DirEntry
	lastErr error // of the listing, after its entries
}

// ReadDir implements fs.ReadDirFile. The entries are sorted.
func (d *restoredDir) ReadDir(n int) ([]fs.DirEntry, error) {
	if !d.listed {
		d.listed = true
		d.unread, d.lastErr = d.fsys.readDir(d.name)
	}
	list := d.unread
	if n > 0 {
		list = list[:min(n, len(list))]
	}
	d.unread = d.unread[len(list):]
	if n > 0 && len(list) > 0 {
		return list, nil
	}
	if err := d.lastErr; err != nil || n <= 0 {
		return list, err
	}
	return nil, io.EOF
}

// readDir returns the entries of a directory by their new names.
func (r *restoredFS) readDir(name string) ([]fs.DirEntry, error) {
	list, err := fs.ReadDir(r.fsys, name)
	names := map[string]bool{}
	for _, e := range list {
		names[e.Name()] = true
	}
	out := make([]fs.DirEntry, len(list))
	for i, e := range list {
		out[i] = e
		short, ok := strings.CutSuffix(e.Name(), Extension)
		if ok && short != "" && fs.ValidPath(short) && !names[short] && e.Type().IsRegular() {
			out[i] = &restoredEntry{DirEntry: e, fsys: r, name: path.Join(name, short)}
		}
	}
	slices.SortFunc(out, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	return out, err
}

// A restoredEntry is the entry of a compressed file.
type restoredEntry struct {
	fs.DirEntry
	fsys *restoredFS
	name string // of the whole path
}

func (e *restoredEntry) Name() string { return path.Base(e.name) }

func (e *restoredEntry) String() string { return fs.FormatDirEntry(e) }

// Info opens the file to see its size.
func (e *restoredEntry) Info() (fs.FileInfo, error) { return fs.Stat(e.fsys, e.name) }
