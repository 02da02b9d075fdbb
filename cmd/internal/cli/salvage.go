package cli

import (
	"errors"
	"fmt"
	"io"

	"github.com/ktzip/ktzip/codec"
)

// A salvageFlag says what takes the place of missing bytes; "" if nothing is to be
// salvaged.
type salvageFlag string

const (
	salvageZeros = "zeros"
	salvageOmit  = "omit"
)

func (v *salvageFlag) Set(s string) error {
	if s != salvageZeros && s != salvageOmit {
		return fmt.Errorf("must be %s or %s", salvageZeros, salvageOmit)
	}
	*v = salvageFlag(s)
	return nil
}

// A salvageJSON says what was salvaged.
type salvageJSON struct {
	Damaged  bool        `json:"damaged"`  // if only in a header or an index
	Segments int64       `json:"segments"` // that were restored
	Missing  []rangeJSON `json:"missing"`
}

// A rangeJSON is a range of bytes of the original.
type rangeJSON struct {
	Offset int64  `json:"offset"` // ranges of unknown size before it count as empty
	Size   *int64 `json:"size"`   // null if unknown
}

// salvage restores the intact segments of s.
func (a *app) salvage(s *source) error {
	if !s.regular() {
		return errors.New("is not a regular file; --salvage must read it more than once")
	}
	start, err := s.file.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	j, err := a.jobTo(s, RestoredName(s.path, a.opt.suffix))
	if err != nil {
		return err
	}
	defer j.close()
	size := max(0, s.info.Size()-start)
	cfg := &codec.SalvageConfig{ReaderConfig: *a.readerConfig(), Omit: a.opt.salvage == salvageOmit}
	found, err := codec.Salvage(j.meter.writer(j.out), io.NewSectionReader(s.file, start, size), size, cfg)
	if err != nil {
		return err
	}
	if err := j.commit(a.restoredAttributes(s, found.Header)); err != nil {
		return err
	}
	a.warnOfMissing(s, found)
	result := &salvageJSON{Damaged: found.Damaged, Segments: found.Segments, Missing: []rangeJSON{}}
	for _, r := range found.Missing {
		missing := rangeJSON{Offset: r.Off}
		if r.Size >= 0 {
			missing.Size = &r.Size
		}
		result.Missing = append(result.Missing, missing)
	}
	return j.report(size, j.meter.out.Load(), result)
}

// warnOfMissing warns of the bytes of s that are lost.
func (a *app) warnOfMissing(s *source, found *codec.Salvaged) {
	if found.Damaged && len(found.Missing) == 0 {
		a.warn(s.name, "is damaged, but everything in it was restored")
	}
	instead := "NULs stand for them"
	if a.opt.salvage == salvageOmit {
		instead = "left out"
	}
	for _, r := range found.Missing {
		if r.Size < 0 {
			a.warn(s.name, fmt.Sprintf("bytes from %d on are missing, and it is unknown how many", r.Off))
		} else {
			a.warn(s.name, fmt.Sprintf("bytes %d to %d are missing (%s); %s", r.Off, r.Off+r.Size-1, count(r.Size, "byte"), instead))
		}
	}
}
