package cli

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/container"
)

// A salvageFlag says what becomes of what is missing; empty: nothing is salvaged.
type salvageFlag string

const (
	salvageZeros = "zeros"
	salvageOmit  = "omit"
)

func (v *salvageFlag) String() string { return string(*v) }
func (v *salvageFlag) Type() string   { return "how" }
func (v *salvageFlag) Set(s string) error {
	if s != salvageZeros && s != salvageOmit {
		return fmt.Errorf("it is %s or %s", salvageZeros, salvageOmit)
	}
	*v = salvageFlag(s)
	return nil
}

// A salvageJSON says what could not be restored.
type salvageJSON struct {
	Damaged  bool        `json:"damaged"`
	Segments int64       `json:"segments"` // restored
	Missing  []rangeJSON `json:"missing"`
}

// A rangeJSON is a range of bytes of the original.
type rangeJSON struct {
	Offset int64  `json:"offset"` // as if what is missing before it and of unknown size were empty
	Size   *int64 `json:"size"`   // null: unknown
}

// salvage restores what is intact of s.
func (a *app) salvage(s *source) error {
	if !s.regular() {
		return errors.New("is not a regular file: --salvage needs to look at it more than once")
	}
	began := time.Now()
	start, err := s.file.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	out, err := a.create(s, restoredName(s.path))
	if err != nil {
		return err
	}
	defer out.abandon()
	m := a.meter(s.name, -1)
	defer m.stop()
	size := max(0, s.info.Size()-start)
	cfg := &codec.SalvageConfig{ReaderConfig: *a.readerConfig(), Omit: a.opt.salvage == salvageOmit}
	found, err := codec.Salvage(m.writer(out), io.NewSectionReader(s.file, start, size), size, cfg)
	if err != nil {
		return err
	}
	m.stop()
	header := found.Header
	if header == nil {
		header = &container.Header{}
	}
	if err := out.commit(restoredAttributes(s, header, a.mask)); err != nil {
		return err
	}
	a.missing(s, found)
	report := &salvageJSON{Damaged: found.Damaged, Segments: found.Segments, Missing: []rangeJSON{}}
	for _, r := range found.Missing {
		j := rangeJSON{Offset: r.Off}
		if r.Size >= 0 {
			j.Size = &r.Size
		}
		report.Missing = append(report.Missing, j)
	}
	return a.finishedSalvage(s, out, size, m.out.Load(), time.Since(began), report)
}

// missing warns of what could not be restored of s.
func (a *app) missing(s *source, found *codec.Salvaged) {
	if found.Damaged && len(found.Missing) == 0 {
		a.warn(s.name, "is damaged, but everything in it was restored")
	}
	place := "NULs stand for them"
	if a.opt.salvage == salvageOmit {
		place = "left out"
	}
	for _, r := range found.Missing {
		if r.Size < 0 {
			a.warn(s.name, fmt.Sprintf("an unknown number of bytes is missing from byte %d on", r.Off))
		} else {
			a.warn(s.name, fmt.Sprintf("bytes %d to %d are missing (%s); %s", r.Off, r.Off+r.Size-1, count(r.Size, "byte"), place))
		}
	}
}
