package container

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io/fs"
	"strings"
	"time"
	"unicode/utf8"
)

// The edition and the limits of the format (FORMAT.md, section 2).
const (
	Edition = 2 // of the language, in files of Version

	MinBlockLog     = 4    // log2 of bytes: blocks of at least 16 bytes
	MaxBlockLog     = 12   // blocks of at most 4 KiB
	DefaultBlockLog = 7    // unless a header names another
	MaxSegmentLog   = 26   // segments of at most 64 MiB
	MaxName         = 4096 // bytes
	MinPredictorLog = 16   // predictors that may take at least 64 KiB of memory
	MaxPredictorLog = 27   // predictors of at most 128 MiB
	ProfileSize     = 32   // bytes of a SHA-256
)

const magic = "\x9cKTZ"

// Header flags.
const (
	hasName = 1 << iota
	hasTime
	hasMode
	hasSize
	hasEdition
	hasBlock
	hasPredictors
	hasProfile
)

// A Header precedes the segments of a file. The zero value of an optional field means that it
// is absent.
type Header struct {
	Version    uint8 // of the format; 0 stands for Version
	BlockLog   uint8 // log2 of the block size, in bytes
	SegmentLog uint8 // log2 of the longest segment's size, in bytes

	// PredictorLog is log2 of the most bytes of memory that a predictor takes; 0 if no group of the
	// file has one.
	PredictorLog uint8

	// Profile is the SHA-256 of the profile that restoring the file needs, of ProfileSize bytes; "" if
	// it needs none. A profile is a plan, predictors and their trained state, which both sides hold.
	Profile string

	Name    string      // optional: base name of the original, UTF-8
	ModTime time.Time   // optional
	Mode    fs.FileMode // optional: permission bits
	HasMode bool
	Size    int64 // optional: bytes of the original, if HasSize
	HasSize bool
}

// BlockSize returns the size of a block in bytes.
func (h *Header) BlockSize() int { return 1 << h.BlockLog }

// SegmentSize returns the most bytes that a segment restores to.
func (h *Header) SegmentSize() int { return 1 << h.SegmentLog }

// check returns the name of a field whose value is not allowed; "" if there is none.
func (h *Header) check() string {
	switch {
	case h.Version > Version:
		return "version"
	case h.BlockLog < MinBlockLog || h.BlockLog > MaxBlockLog:
		return "block size"
	case h.SegmentLog < h.BlockLog || h.SegmentLog > MaxSegmentLog:
		return "segment size"
	case h.PredictorLog != 0 && (h.PredictorLog < MinPredictorLog || h.PredictorLog > MaxPredictorLog):
		return "memory of predictors"
	case h.Profile != "" && len(h.Profile) != ProfileSize:
		return "profile"
	case h.Version != 0 && h.Version < 3 && (h.PredictorLog != 0 || h.Profile != ""):
		return "predictors or profile, before version 3"
	case len(h.Name) > MaxName || !utf8.ValidString(h.Name) || strings.ContainsAny(h.Name, "/\\\x00") || h.Name == "." || h.Name == "..":
		return "name"
	case h.Mode&^fs.ModePerm != 0:
		return "mode"
	case h.Size < 0:
		return "size"
	case !h.ModTime.IsZero() && (h.ModTime.Unix() > 1<<62 || h.ModTime.Unix() < -1<<62):
		return "time" // its varint would pass 2^63
	}
	return ""
}

// Append appends the coded header to b. The error is ErrLimit.
func (h *Header) Append(b []byte) ([]byte, error) {
	if msg := h.check(); msg != "" {
		return b, fmt.Errorf("%w: %s", ErrLimit, msg)
	}
	at := len(b)
	flags, rules := byte(0), rulesOf(h.Version)
	if h.BlockLog != DefaultBlockLog {
		flags |= hasBlock & rules.flags
	}
	if h.PredictorLog != 0 {
		flags |= hasPredictors
	}
	b = append(b, magic...)
	b = append(b, cmp.Or(h.Version, Version), 0)
	fields := [...]byte{editionField: rules.edition, blockField: h.BlockLog, segmentField: h.SegmentLog, predictorField: h.PredictorLog}
	for _, f := range rules.fields {
		if f.in(flags) {
			b = append(b, fields[f.field])
		}
	}
	if h.Profile != "" {
		flags |= hasProfile
		b = append(b, h.Profile...)
	}
	if h.Name != "" {
		flags |= hasName
		b = binary.AppendUvarint(b, uint64(len(h.Name)))
		b = append(b, h.Name...)
	}
	if !h.ModTime.IsZero() {
		flags |= hasTime
		b = binary.AppendVarint(b, h.ModTime.Unix())
		b = binary.AppendUvarint(b, uint64(h.ModTime.Nanosecond()))
	}
	if h.HasMode {
		flags |= hasMode
		b = binary.AppendUvarint(b, uint64(h.Mode))
	}
	if h.HasSize {
		flags |= hasSize
		b = binary.AppendUvarint(b, uint64(h.Size))
	}
	b[at+len(magic)+1] = flags
	return binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b[at:])), nil
}

// readHeader reads a header whose first byte has not been read yet.
func (r *Reader) readHeader() (*Header, error) {
	start := r.off
	r.startSum()
	for i := range magic {
		c, err := r.byte("magic")
		if err != nil {
			return nil, err
		}
		if c != magic[i] {
			return nil, &Error{start, "magic", r.notMagic}
		}
	}
	version, err := r.byte("header")
	if err != nil {
		return nil, err
	}
	if version < 1 || version > Version {
		return nil, &Error{r.off - 1, fmt.Sprintf("version %d of the format; this program reads 1 to %d", version, Version), ErrVersion}
	}
	flags, err := r.byte("header")
	if err != nil {
		return nil, err
	}
	rules := rulesOf(version)
	if flags&^rules.flags != 0 {
		return nil, &Error{r.off - 1, "unknown header flags", ErrCorrupt}
	}
	fields := [...]byte{editionField: rules.edition, blockField: DefaultBlockLog, segmentField: 0, predictorField: 0}
	for _, f := range rules.fields {
		if f.in(flags) {
			if fields[f.field], err = r.byte("header"); err != nil {
				return nil, err
			}
		}
	}
	h := &Header{Version: version, BlockLog: fields[blockField], SegmentLog: fields[segmentField], PredictorLog: fields[predictorField]}
	if err = r.optional(h, flags); err == nil {
		err = r.checkSum("header")
	}
	if err != nil {
		return nil, err
	}
	if edition := fields[editionField]; edition != rules.edition {
		return nil, &Error{start, fmt.Sprintf("edition %d of the language; files of version %d have %d", edition, version, rules.edition), ErrVersion}
	}
	if flags&hasEdition != 0 || flags&hasBlock != 0 && h.BlockLog == DefaultBlockLog || flags&hasPredictors != 0 && h.PredictorLog == 0 {
		return nil, &Error{start, "header: a default that is stated", ErrCorrupt}
	}
	if msg := h.check(); msg != "" {
		return nil, &Error{start, "header: " + msg, ErrCorrupt}
	}
	return h, nil
}

// optional reads the optional fields that flags lists.
func (r *Reader) optional(h *Header, flags byte) error {
	if flags&hasProfile != 0 {
		profile, err := r.bytes(nil, ProfileSize, ProfileSize, "profile")
		if err != nil {
			return err
		}
		h.Profile = string(profile)
	}
	if flags&hasName != 0 {
		n, err := r.uvarint("name", MaxName)
		if err != nil {
			return err
		}
		if r.name, err = r.bytes(r.name[:0], int(n), MaxName, "name"); err != nil {
			return err
		}
		h.Name = string(r.name)
	}
	if flags&hasTime != 0 {
		u, err := r.uvarint("time", 1<<63)
		if err != nil {
			return err
		}
		ns, err := r.uvarint("time", 999_999_999)
		if err != nil {
			return err
		}
		h.ModTime = time.Unix(int64(u>>1)^-int64(u&1), int64(ns))
	}
	if flags&hasMode != 0 {
		m, err := r.uvarint("mode", 0o777)
		if err != nil {
			return err
		}
		h.Mode, h.HasMode = fs.FileMode(m), true
	}
	if flags&hasSize != 0 {
		n, err := r.uvarint("size", 1<<63-1)
		if err != nil {
			return err
		}
		h.Size, h.HasSize = int64(n), true
	}
	return nil
}
