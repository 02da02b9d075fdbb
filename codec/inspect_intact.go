package codec

import (
	"errors"
	"fmt"
	"io"

	"github.com/ktzip/ktzip/container"
)

// InspectIntact is Inspect of a file, or of several concatenated ones, that may be damaged: it visits the
// intact headers and segments that Salvage would restore, and returns what is missing, with the reasons.
// Offsets are those of Range. If the header of a segment is lost, its Header is a guess that restores it.
// The error is one of Salvage, or of visit.
func InspectIntact(src io.ReaderAt, size int64, cfg *ReaderConfig, programs bool, visit func(*SegmentInfo) error) (*Salvaged, error) {
	s, err := newSalvager(src, cfg)
	if err != nil {
		return s.result, err
	}
	s.omit, s.look = true, &intactLook{in: newInspector(nil, s.cfg, programs), visit: visit}
	return s.result, causeOf(s.cfg.Context, s.files(size))
}

// An intactLook describes what a salvager finds.
type intactLook struct {
	in     *inspector
	visit  func(*SegmentInfo) error
	reason error // why what is noted as missing next is missing
}

// begin describes the header of f, unless it is lost. The segments of f begin at off in what the files
// restore to.
func (l *intactLook) begin(f *damagedFile, off int64) error {
	l.in.info = SegmentInfo{File: l.in.info.File + 1, Header: f.header, Offset: off, Programs: noPrograms}
	if f.header == nil {
		return nil
	}
	return l.visit(&l.in.info)
}

// segment describes the segment of coded bytes that t restored, whose first byte is at off in what the
// files restore to.
func (l *intactLook) segment(t *task, off, coded int64) error {
	in := l.in
	header := in.info.Header
	in.task, in.info.Header, in.tasks.memory = t, t.header, Memory(t.header)
	if header != nil && header.BlockLog == t.header.BlockLog && header.Version == t.header.Version && header.PredictorLog == t.header.PredictorLog {
		in.info.Header = header // t.header is one for shorter segments
	}
	err := in.restored(off, coded)
	if err == nil {
		err = l.visit(&in.info)
	}
	in.info.Header = header
	return err
}

// reason returns why the part p of f is missing. err is errDamaged, with what a decoder says unless the
// part is Damaged.
func (s *salvager) reason(f *damagedFile, p *container.Part, err error) error {
	if known, ok := errors.AsType[*container.Error](err); ok {
		return known
	}
	switch {
	case p.Coded == 0:
		return fmt.Errorf("the end of the file: %w", io.ErrUnexpectedEOF)
	case f.header == nil:
		return &container.Error{Off: p.Off, Msg: "the header is lost", Err: container.ErrCorrupt}
	}
	if _, err := s.cfg.threads(f.header, p.Off); err != nil {
		return err
	}
	err = s.task.coded.Read(s.src, f.header, p.Off, p.Coded)
	if cut := p.Off+p.Coded >= s.size; err != nil && (cut || !errors.Is(err, io.ErrUnexpectedEOF)) {
		return err
	}
	return &container.Error{Off: p.Off, Msg: "a segment is lost", Err: container.ErrCorrupt}
}
