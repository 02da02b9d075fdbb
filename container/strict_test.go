package container

import (
	"bytes"
	"errors"
	"hash/crc32"
	"io"
	"slices"
	"testing"
)

// A crafted file is a header and parts that follow it.
type crafted struct {
	header Header
	parts  [][]byte
}

// bytes joins the parts of f, and appends end; a nil one stands for the right short end.
func (f *crafted) bytes(t *testing.T, end []byte) []byte {
	t.Helper()
	b, err := f.header.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	b = append(b, bytes.Join(f.parts, nil)...)
	if end == nil {
		end = append(appendReverse([]byte{tagEnd}, uint64(len(b)+1)), endMark)
	}
	return append(b, end...)
}

// segmentOf is a segment of n bytes in a file of a version, with a section unless n is even.
func segmentOf(t *testing.T, version uint8, n int) []byte {
	t.Helper()
	s := Segment{Size: n, Raw: bytes.Repeat([]byte{9}, n)}
	if n%2 == 1 {
		s.Programs = []byte{1, 2, 3}
	}
	b, err := s.Append(nil, &Header{Version: version})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// resealed is the segment b with its byte at off changed, and the right checksum.
func resealed(b []byte, off int, c byte) []byte {
	b = slices.Clone(b[:len(b)-4])
	b[off] = c
	return seal(b)
}

// readAll reads b from the start.
func readAll(b []byte) error {
	r, s := NewReader(bytes.NewReader(b)), Segment{}
	for {
		if _, err := r.Next(&s); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// TestShortEnd wants the end of a file of at most one segment to be right, from the start and
// from the end.
func TestShortEnd(t *testing.T) {
	h := Header{BlockLog: 7, SegmentLog: 20}
	none, one := &crafted{header: h}, &crafted{h, [][]byte{segmentOf(t, 3, 200)}}
	two := &crafted{h, [][]byte{segmentOf(t, 3, 200), segmentOf(t, 3, 201)}}
	old := &crafted{Header{Version: 2, BlockLog: 7, SegmentLog: 20}, [][]byte{segmentOf(t, 2, 200)}}
	end := func(length int) []byte { return append(appendReverse([]byte{tagEnd}, uint64(length)), endMark) }
	index := func(f *crafted) []byte {
		x := Index{Header: int64(len(f.bytes(t, []byte{})) - len(bytes.Join(f.parts, nil)))}
		for k, part := range f.parts {
			x.Entries = append(x.Entries, Entry{int64(len(part)), int64(200 + k)})
		}
		if f.header.GZIP() || len(f.parts) > maxShort {
			return x.Append(nil, &f.header)
		}
		b := x.Append(nil, &Header{Version: 2}) // checksum, length and mark take 6 bytes
		return append(resealed(b[:len(b)-2], 0, tagIndex), b[len(b)-2:]...)
	}
	long := &crafted{h, [][]byte{segmentOf(t, 3, 1<<17)}}
	size := len(one.bytes(t, nil)) - 3 // with the tag, without length and mark
	for name, c := range map[string]struct {
		file []byte
		want bool
	}{
		"no segment":                   {none.bytes(t, nil), true},
		"one segment":                  {one.bytes(t, nil), true},
		"one long segment":             {long.bytes(t, nil), true},
		"two segments with an index":   {two.bytes(t, index(two)), true},
		"of version 2, with an index":  {old.bytes(t, index(old)), true},
		"two segments":                 {two.bytes(t, nil), false},
		"of version 2":                 {old.bytes(t, nil), false},
		"no segment, an index":         {none.bytes(t, index(none)), false},
		"one segment, an index":        {one.bytes(t, index(one)), false},
		"a length too small":           {one.bytes(t, end(size-1)), false},
		"a length too large":           {one.bytes(t, end(size+1)), false},
		"a length of one":              {one.bytes(t, end(1)), false},
		"a length of none":             {one.bytes(t, end(0)), false},
		"a length of the segment only": {one.bytes(t, end(len(one.parts[0])+1)), false},
		"a length beyond 63 bits":      {one.bytes(t, append(append([]byte{tagEnd, 1}, bytes.Repeat([]byte{0x80}, 9)...), endMark)), false},
		"a padded length":              {one.bytes(t, []byte{tagEnd, 0, 0x81, byte(size) | 0x80, endMark}), false},
		"another mark":                 {one.bytes(t, append(end(size)[:3], endMark+1)), false},
		"another tag":                  {one.bytes(t, append([]byte{6}, end(size)[1:]...)), false},
		"a tag too many":               {one.bytes(t, append([]byte{tagEnd}, end(size+1)...)), false},
	} {
		for from, err := range map[string]error{"start": readAll(c.file), "end": spans(c.file)} {
			var e *Error
			if (err == nil) != c.want || err != nil && !errors.As(err, &e) {
				t.Errorf("%s, from the %s: %v", name, from, err)
			}
		}
	}
}

// TestSegmentForms wants segments refused that are of another version, or whose head lies, from
// the start; and from the end if a short end makes that read the head.
func TestSegmentForms(t *testing.T) {
	h := Header{BlockLog: 7, SegmentLog: 18}
	plain, section, long := segmentOf(t, 3, 100), segmentOf(t, 3, 101), segmentOf(t, 3, 1<<17)
	unchecked := slices.Clone(long[:7]) // without the check
	unchecked = seal(append(unchecked, long[9:len(long)-4]...))
	checked := slices.Clone(plain[:3]) // with a check that does not belong there
	sum := crc32.ChecksumIEEE(checked)
	checked = seal(append(append(checked, byte(sum), byte(sum>>8)), plain[3:len(plain)-4]...))
	for name, c := range map[string]struct {
		segment []byte
		want    error // nil: it is taken
	}{
		"plain":                      {plain, nil},
		"with a section":             {section, nil},
		"long":                       {long, nil},
		"2^16 bytes":                 {segmentOf(t, 3, maxUnchecked), nil},
		"2^16 + 1 bytes":             {segmentOf(t, 3, maxUnchecked+1), nil},
		"of version 2":               {segmentOf(t, 2, 100), ErrCorrupt},
		"the tag of an index":        {resealed(plain, 0, tagIndex), ErrCorrupt},
		"the tag of a short end":     {resealed(plain, 0, tagEnd), ErrCorrupt},
		"a section without bytes":    {resealed(section, 2, 0), ErrCorrupt},
		"no bytes":                   {resealed(plain, 1, 0), ErrCorrupt},
		"a size in two bytes":        {seal(append([]byte{tagPlain, 0xe4, 0}, plain[2:len(plain)-4]...)), ErrCorrupt},
		"more bytes than there are":  {resealed(plain, 2, plain[2]+1), ErrChecksum},
		"fewer bytes than there are": {resealed(plain, 2, plain[2]-1), ErrChecksum},
		"too many bytes":             {resealed(plain, 1, 1), nil}, // 100 bytes for 1: within the limit
		"a wrong check":              {resealed(long, 7, long[7]^1), ErrChecksum},
		"no check":                   {unchecked, ErrChecksum},
		"a check too many":           {checked, ErrChecksum},
		"beyond the header's limit":  {segmentOf(t, 3, 1<<18+2), ErrLimit},
		"the wrong sum":              {append(slices.Clone(plain[:len(plain)-1]), plain[len(plain)-1]^1), ErrChecksum},
	} {
		f := &crafted{h, [][]byte{c.segment}}
		var e *Error
		err := readAll(f.bytes(t, nil))
		if c.want == nil && err != nil || c.want != nil && (!errors.Is(err, c.want) || !errors.As(err, &e)) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if err := spans(f.bytes(t, nil)); c.want == nil && err != nil {
			t.Errorf("%s, from the end: %v", name, err)
		}
	}
	f := &crafted{Header{Version: 2, BlockLog: 7, SegmentLog: 18}, [][]byte{plain}}
	if err := readAll(f.bytes(t, nil)); !errors.Is(err, ErrCorrupt) {
		t.Errorf("a plain segment in version 2: %v", err)
	}
}
