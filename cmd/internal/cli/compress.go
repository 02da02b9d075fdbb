package cli

import (
	"fmt"
	"os"

	"github.com/ktzip/ktzip/codec"
)

// compress compresses s.
func (a *app) compress(s *source) error {
	j, err := a.jobTo(s, s.path+a.opt.suffix)
	if err != nil {
		return err
	}
	defer j.close()
	in, err := a.inputOf(s)
	if err != nil {
		return err
	}
	in.data = j.meter.reader(in.data)
	n, err := in.compress(j.meter.writer(j.out), j.out, a.writerConfig())
	if err != nil {
		return err
	}
	j.meter.stop()
	a.warnOfSearch()
	if err := j.commit(sourceAttributes(s)); err != nil {
		return err
	}
	if in.changed(n) {
		text := fmt.Sprintf("its size changed while it was read: %s, not %d", count(n, "byte"), in.told)
		if j.out.direct && in.header.HasSize && n < in.header.Size {
			text += "; NULs stand for the missing bytes"
		}
		a.warn(s.name, text)
	} else {
		a.removeSource(s, j.out)
	}
	return j.report(n, j.out.size, nil)
}

// warnOfSearch warns, once, if the search had to give up its device.
func (a *app) warnOfSearch() {
	if a.warned || a.notes.Err == nil {
		return
	}
	if err := a.notes.Err(); err != nil {
		a.warned = true
		a.warn("", err.Error()+"; the processor took over")
	}
}

// maxLike bounds how many plans of a file are tried, since each takes time in each segment
// that is searched. A file of one kind has a few. Arbitrary.
const maxLike = 16

// readLike reads the plans of the file of --like, if files are compressed: those that are
// distinct, in their order, at most maxLike.
func (a *app) readLike() error {
	if a.opt.Like == "" || !a.opt.mode.compresses() {
		return nil
	}
	f, err := os.Open(a.opt.Like)
	if err != nil {
		return err
	}
	defer f.Close()
	seen := make(map[string]bool)
	return codec.Inspect(f, a.readerConfig(), false, func(s *codec.SegmentInfo) error {
		if s.Plan == nil || len(a.like) == maxLike {
			return nil
		}
		if text := s.Plan.String(); !seen[text] {
			seen[text] = true
			a.like = append(a.like, s.Plan)
		}
		return nil
	})
}
