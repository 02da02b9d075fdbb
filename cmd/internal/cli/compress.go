package cli

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/container"
)

var errChanged = errors.New("the file changed while it was read")

// compress compresses s.
func (a *app) compress(s *source) error {
	began := time.Now()
	header, in, err := headerOf(s)
	if err != nil {
		return err
	}
	if a.opt.noName {
		header.Name, header.ModTime, header.Mode, header.HasMode = "", time.Time{}, 0, false
	}
	name, err := a.place(s, s.path+a.opt.suffix)
	if err != nil {
		return err
	}
	out, err := a.create(s, name, s.path != "")
	if err != nil {
		return err
	}
	defer out.abandon()
	total := int64(-1)
	if header.HasSize {
		total = header.Size
	}
	m := a.meter(s.name, total)
	defer m.stop()

	cfg := a.opt.writerConfig()
	cfg.Context, cfg.Header = a.ctx, *header
	cfg.Finder = a.finder
	if a.Planner != nil {
		cfg.Planner = a.Planner(cfg.Level)
	}
	w, err := codec.NewWriter(m.writer(out), cfg)
	if err != nil {
		return err
	}
	if _, err := w.ReadFrom(m.reader(in)); err != nil {
		return err
	}
	if n, _ := w.Written(); header.HasSize && n != header.Size {
		return errChanged
	}
	if err := w.Close(); err != nil {
		return err
	}
	m.stop()
	a.trouble()
	if err := out.commit(sourceAttributes(s)); err != nil {
		return err
	}
	a.removeSource(s, out)
	return a.finished(s, out, m.in.Load(), m.out.Load(), time.Since(began))
}

// trouble says once what the finder went on without.
func (a *app) trouble() {
	f, ok := a.finder.(interface{ Trouble() error })
	if !ok || a.troubled || f.Trouble() == nil {
		return
	}
	a.troubled = true
	a.warn("", f.Trouble().Error()+"; the processor took over")
}

// headerOf returns what the header says of s, and s's data.
func headerOf(s *source) (*container.Header, io.Reader, error) {
	h := &container.Header{}
	if s.path != "" {
		h.Name = filepath.Base(s.path)
		h.ModTime, h.Mode, h.HasMode = s.info.ModTime(), s.info.Mode().Perm(), true
		test := container.Header{BlockLog: container.MinBlockLog, SegmentLog: container.MinBlockLog, Name: h.Name}
		if _, err := test.Append(nil); err != nil {
			h.Name = "" // not a name that a header may hold
		}
	}
	if !s.regular() {
		return h, s.file, nil
	}
	at, err := s.file.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil, nil, err
	}
	h.Size = max(0, s.info.Size()-at)
	if h.Size > 0 {
		h.HasSize = true
		return h, s.file, nil
	}
	// Some systems make files up as they are read, and say that they are empty.
	var first [1]byte
	n, err := io.ReadFull(s.file, first[:])
	if err != nil && err != io.EOF {
		return nil, nil, err
	}
	h.HasSize = n == 0
	return h, io.MultiReader(strings.NewReader(string(first[:n])), s.file), nil
}

// sourceAttributes are those of the file itself.
func sourceAttributes(s *source) attributes {
	if s.path == "" {
		return attributes{}
	}
	return attributes{modTime: s.info.ModTime(), mode: s.info.Mode(), hasMode: true}
}

// finished reports what became of s, whose input had in bytes and whose output
// out.
func (a *app) finished(s *source, o *output, in, out int64, took time.Duration) error {
	original, compressed := in, out
	if a.opt.mode != compressing {
		original, compressed = out, in
	}
	if a.opt.json {
		return a.printJSON(o != nil && o.direct && o.file == a.stdout, &workJSON{
			Name: s.name, NameBytes: nameBytes(s.name), Action: a.opt.mode.String(),
			Output: outputName(o), OutBytes: nameBytes(outputName(o)),
			Original: original, Compressed: compressed, Ratio: ratio(compressed, original),
			Seconds: took.Seconds(),
		})
	}
	if a.opt.verbose {
		text := fmt.Sprintf("%d -> %d bytes, ratio %s", in, out, ratioText(compressed, original))
		if o == nil {
			text += ", restores well"
		} else {
			text += ", " + printable(o.name)
		}
		fmt.Fprintf(a.stderr, "%s: %s\n", printable(s.name), text)
	}
	return nil
}

func outputName(o *output) string {
	if o == nil {
		return ""
	}
	return o.name
}

func (m mode) String() string {
	return [...]string{"compress", "restore", "test", "list", "explain"}[m]
}
