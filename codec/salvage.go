package codec

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/ktzip/ktzip/container"
)

// A SalvageConfig says how to restore what is left of a damaged file. Threads and OneFile are
// not used.
type SalvageConfig struct {
	ReaderConfig
	Omit bool // leave out what is missing; else NULs take its place
}

// A Range is a range of bytes that could not be restored.
type Range struct {
	// Off is its offset in what the files restored to, if ranges of unknown size before it
	// are taken to be empty.
	Off  int64
	Size int64 // bytes; -1 if unknown
}

// A Salvaged says what Salvage restored.
type Salvaged struct {
	Header   *container.Header // of the first file; nil if it is lost
	Damaged  bool              // a part of a file is damaged or missing: a segment, a header or an index
	Segments int64             // intact ones
	Missing  []Range
	Reasons  []error // of InspectIntact: why each of Missing is missing
}

// maxFilled bounds the NULs that take the place of what is missing, in bytes: files may lie
// about the sizes of lost segments. Arbitrary.
const maxFilled = 1 << 40

// Salvage restores the intact segments in the size bytes of src, and writes them to dst. The
// source is a file, or several concatenated ones, that may be damaged, cut short or lack bytes
// in the middle. Salvage checks each segment as a Reader does. The error is of reading, of
// writing or of a limit, or says that no segment is intact.
func Salvage(dst io.Writer, src io.ReaderAt, size int64, cfg *SalvageConfig) (*Salvaged, error) {
	if cfg == nil {
		cfg = &SalvageConfig{}
	}
	s, err := newSalvager(src, &cfg.ReaderConfig)
	if err != nil {
		return s.result, err
	}
	s.dst, s.omit = dst, cfg.Omit
	return s.result, causeOf(s.cfg.Context, s.files(size))
}

func newSalvager(src io.ReaderAt, cfg *ReaderConfig) (s *salvager, err error) {
	s = &salvager{result: &Salvaged{}}
	s.cfg, err = cfg.withDefaults()
	s.src = &contextSource{ctx: s.cfg.Context, at: src}
	return s, err
}

// files restores what is left of the files in the size bytes of the source.
func (s *salvager) files(size int64) error {
	s.size = size
	files, err := s.scan(size)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return s.nothing(size)
	}
	for _, f := range files {
		if err := s.file(f); err != nil {
			return err
		}
	}
	if s.result.Segments == 0 && s.result.Damaged {
		return s.nothing(size)
	}
	return nil
}

// nothing returns why nothing could be restored.
func (s *salvager) nothing(size int64) error {
	_, err := container.NewReader(io.NewSectionReader(s.src, 0, size)).Next(nil)
	if errors.Is(err, container.ErrVersion) {
		return err
	}
	if s.result.Header != nil {
		return &container.Error{Msg: "no segment is intact", Err: container.ErrCorrupt}
	}
	return &container.Error{Msg: "no part is intact", Err: container.ErrFormat}
}

// A salvager does the work of Salvage.
type salvager struct {
	dst    io.Writer   // if nobody inspects
	look   *intactLook // nil if nobody inspects
	src    io.ReaderAt
	size   int64 // bytes of src
	cfg    ReaderConfig
	omit   bool
	result *Salvaged
	off    int64 // in what the files restore to
	filled int64 // bytes
	task   task
	litter litter
	guess  uint8 // log2 of the block size of the last file whose header is lost; 0 before one
}

// A damagedFile is what is left of a file, or of several between which everything is lost.
type damagedFile struct {
	header  *container.Header // nil if it is lost
	start   int64             // offset of the first part
	first   int64             // offset after the header
	parts   []container.Part
	index   *container.Index // nil if it is lost
	version uint8            // of the index: Part.Version
	end     int64            // offset of the index
}

// whole reports whether header and index are there and belong together, and what is between
// them is as long as the index says.
func (f *damagedFile) whole() bool {
	h, x := f.header, f.index
	if h == nil || x == nil || h.GZIP() != (&container.Header{Version: f.version}).GZIP() {
		return false
	}
	end, size := f.first, int64(0)
	for _, e := range x.Entries {
		if e.Size > int64(h.SegmentSize()) {
			return false
		}
		end += e.Coded
		size += max(e.Size, 0)
	}
	return x.Header == f.first-f.start && end == f.end && (!h.HasSize || h.Size == size)
}

// A piece is a segment, or a range that is missing.
type piece struct {
	container.Part
	unsure bool // the segment may be of a file whose header is lost
}

// partMemory is about how many bytes a part takes in a damagedFile.
const partMemory = 128

// scan divides the source into files. It returns none if no part is intact.
func (s *salvager) scan(size int64) ([]*damagedFile, error) {
	scanner, err := container.NewScanner(s.src, size, s.cfg.MemoryLimit)
	if err != nil {
		return nil, err
	}
	var files []*damagedFile
	intact := false
	f := &damagedFile{}
	begin := func(off int64) {
		if f.header != nil || len(f.parts) > 0 || f.index != nil {
			files = append(files, f)
		}
		f = &damagedFile{start: off}
	}
	for count := int64(0); ; count++ {
		p, err := scanner.Next()
		if err == io.EOF {
			break
		}
		if err == nil && count > s.cfg.MemoryLimit/partMemory {
			err = &container.Error{Off: p.Off, Msg: "the parts need more memory than allowed", Err: container.ErrMemory}
		}
		if err != nil {
			return nil, err
		}
		intact = intact || !p.Damaged
		s.result.Damaged = s.result.Damaged || p.Damaged
		switch {
		case p.Header != nil:
			begin(p.Off)
			f.header, f.first = p.Header, p.Off+p.Coded
			if count == 0 {
				s.result.Header = p.Header
			}
		case p.Index != nil:
			f.index, f.version, f.end = p.Index, p.Version, p.Off
			begin(p.Off + p.Coded)
		default:
			f.parts = append(f.parts, p)
		}
	}
	begin(size)
	if !intact {
		return nil, nil
	}
	return files, nil
}

// file restores what is left of f.
func (s *salvager) file(f *damagedFile) error {
	pieces := f.withoutIndex()
	if f.index != nil {
		pieces = f.withIndex()
	}
	s.result.Damaged = s.result.Damaged || !f.whole()
	if s.look != nil {
		if err := s.look.begin(f, s.off); err != nil {
			return err
		}
	}
	for i := range pieces {
		p := &pieces[i]
		err := errDamaged
		if !p.Damaged {
			err = s.segment(f.header, p)
		}
		if errors.Is(err, errDamaged) {
			if s.look != nil {
				s.look.reason = s.reason(f, &p.Part, err)
			}
			err = s.missing(p.Size)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// withoutIndex returns the pieces of a file of which only the parts found are known.
func (f *damagedFile) withoutIndex() (pieces []piece) {
	known, unknown := int64(0), 0
	for _, p := range f.parts {
		pieces = append(pieces, piece{p, f.header == nil || unknown > 0})
		if p.Size < 0 {
			unknown++
		} else {
			known += p.Size
		}
	}
	h := f.header
	sized := h != nil && h.HasSize && h.Size >= known && h.Size-known <= maxFilled
	switch {
	case sized && h.Size == known: // nothing is missing but the index
		for i := range pieces {
			pieces[i].Size = max(pieces[i].Size, 0)
		}
	case sized && unknown == 0:
		pieces = append(pieces, missingPiece(h.Size-known))
	case unknown == 0:
		pieces = append(pieces, missingPiece(-1))
	case sized && unknown == 1 && pieces[len(pieces)-1].Size < 0:
		pieces[len(pieces)-1].Size = h.Size - known
	}
	return pieces
}

func missingPiece(size int64) piece {
	return piece{Part: container.Part{Size: size, Damaged: true}}
}

var errDamaged = errors.New("codec: a damaged segment")

// segment restores the segment p, of a file with header h, nil if that is lost, and writes it.
// The error is errDamaged if it does not restore.
func (s *salvager) segment(h *container.Header, p *piece) error {
	if h != nil {
		err := s.restore(h, &p.Part)
		if !p.unsure || !errors.Is(err, errDamaged) {
			return err
		}
	}
	// The size of blocks was in the header. The checksum tells if a guess is right.
	logs := []uint8{log2(DefaultBlockSize)}
	if s.guess != 0 {
		logs[0] = s.guess
	}
	for k := uint8(container.MinBlockLog); k <= container.MaxBlockLog; k++ {
		if k != logs[0] {
			logs = append(logs, k)
		}
	}
	for _, k := range logs {
		guess := &container.Header{Version: p.Version, BlockLog: k, SegmentLog: container.MaxSegmentLog}
		if p.Predicted {
			guess.PredictorLog = container.MaxPredictorLog
		}
		if err := s.restore(guess, &p.Part); !errors.Is(err, errDamaged) {
			s.guess = k
			return err
		}
	}
	return errDamaged
}

// restore restores the segment p of a file with header h, and writes it. The error is errDamaged
// if it does not restore.
func (s *salvager) restore(h *container.Header, p *container.Part) error {
	need := *h
	need.SegmentLog = max(log2(int(p.Size)), h.BlockLog)
	if _, err := s.cfg.threads(&need, p.Off); err != nil {
		return err
	}
	t := &s.task
	if err := t.coded.Read(s.src, &need, p.Off, p.Coded); err != nil {
		return fmt.Errorf("%w: %w", errDamaged, err)
	}
	t.header, t.off = &need, p.Off
	t.run()
	s.litter.add(t.litter+segmentReaderLitter, Memory(&need))
	if t.err != nil {
		return fmt.Errorf("%w: %w", errDamaged, t.err)
	}
	off := s.off
	s.result.Segments++
	s.off += int64(len(t.out))
	if s.look != nil {
		return s.look.segment(t, off, p.Coded)
	}
	_, err := writeAll(s.dst, t.out)
	return err
}

// missing notes that size bytes, -1 if unknown, can't be restored, and fills their place.
func (s *salvager) missing(size int64) error {
	s.result.Damaged = true
	if size == 0 {
		return nil
	}
	list := &s.result.Missing
	if k := len(*list) - 1; k >= 0 && size > 0 && (*list)[k].Size > 0 && (*list)[k].Off+(*list)[k].Size == s.off {
		(*list)[k].Size += size
	} else if k < 0 || (*list)[k] != (Range{s.off, size}) || size > 0 {
		*list = append(*list, Range{s.off, size})
		if s.look != nil {
			s.result.Reasons = append(s.result.Reasons, s.look.reason)
		}
	}
	s.off += max(size, 0)
	if s.omit || s.filled+size > maxFilled {
		return nil
	}
	s.filled += max(size, 0)
	var nuls [32 << 10]byte
	for size > 0 {
		n, err := writeAll(s.dst, nuls[:min(size, int64(len(nuls)))])
		if err != nil {
			return err
		}
		size -= int64(n)
		if err := s.cfg.Context.Err(); err != nil {
			return context.Cause(s.cfg.Context)
		}
	}
	return nil
}
