package container

import (
	"bytes"
	"errors"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ktzip/ktzip/internal/mutate"
)

var headers = []Header{
	{BlockLog: 7, SegmentLog: 20},
	{BlockLog: 4, SegmentLog: 4},
	{BlockLog: 12, SegmentLog: 26, Name: "böse.txt", ModTime: time.Unix(-5, 999_999_999), Mode: 0o755, HasMode: true, Size: 1 << 40, HasSize: true},
	{BlockLog: 7, SegmentLog: 20, Mode: 0, HasMode: true, Size: 0, HasSize: true},
	{BlockLog: 7, SegmentLog: 20, ModTime: time.Unix(1<<62, 0)}, // the varint 2^63
	{BlockLog: 7, SegmentLog: 20, ModTime: time.Unix(-1<<62, 0)},
	{BlockLog: 7, SegmentLog: 20, PredictorLog: 16},
	{BlockLog: 4, SegmentLog: 20, PredictorLog: 26, Profile: strings.Repeat("\xa5", ProfileSize), Name: "x"},
}

func TestHeader(t *testing.T) {
	for _, want := range headers {
		b, err := want.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := NewReader(bytes.NewReader(b)).Next(nil)
		if err != nil {
			t.Fatal(err)
		}
		if !got.ModTime.Equal(want.ModTime) {
			t.Errorf("time %v, want %v", got.ModTime, want.ModTime)
		}
		got.ModTime = want.ModTime
		if want.Version == 0 {
			want.Version = Version
		}
		if !reflect.DeepEqual(*got, want) {
			t.Errorf("got %+v, want %+v", *got, want)
		}
	}
	for _, bad := range []Header{
		{Version: Version + 1, BlockLog: 7, SegmentLog: 20},
		{BlockLog: 7, SegmentLog: 20, PredictorLog: 15}, {BlockLog: 7, SegmentLog: 20, PredictorLog: 28}, {BlockLog: 7, SegmentLog: 20, Profile: "short"},
		{Version: 2, BlockLog: 7, SegmentLog: 20, PredictorLog: 20},
		{BlockLog: 3, SegmentLog: 20}, {BlockLog: 13, SegmentLog: 20}, {BlockLog: 7, SegmentLog: 6}, {BlockLog: 7, SegmentLog: 27},
		{BlockLog: 7, SegmentLog: 20, Name: "a/b"}, {BlockLog: 7, SegmentLog: 20, Name: ".."}, {BlockLog: 7, SegmentLog: 20, Name: "\xff"},
		{BlockLog: 7, SegmentLog: 20, Name: strings.Repeat("x", MaxName+1)}, {BlockLog: 7, SegmentLog: 20, Mode: 0o1000}, {BlockLog: 7, SegmentLog: 20, ModTime: time.Unix(1<<62+1, 0)}, {BlockLog: 7, SegmentLog: 20, ModTime: time.Unix(-1<<62-1, 0)},
	} {
		if _, err := bad.Append(nil); !errors.Is(err, ErrLimit) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

// seal appends the checksum that makes b's own right.
func seal(b []byte) []byte {
	sum := crc32.ChecksumIEEE(b)
	return append(b, byte(sum), byte(sum>>8), byte(sum>>16), byte(sum>>24))
}

// TestLyingHeaders wants headers refused whose checksum is right and whose
// content is not.
func TestLyingHeaders(t *testing.T) {
	for _, c := range []struct {
		fields string // from the version on
		want   error
	}{
		{"\x01\x10\x01\x07\x14", ErrCorrupt},                                      // flags
		{"\x01\x00\x02\x07\x14", ErrVersion},                                      // edition
		{"\x01\x00\x01\x03\x14", ErrCorrupt},                                      // block size
		{"\x01\x00\x01\x07\x1b", ErrCorrupt},                                      // segment size
		{"\x01\x00\x01\x07\x06", ErrCorrupt},                                      // segment below block
		{"\x01\x01\x01\x07\x14\x81\x20", ErrLimit},                                // a name of 4097 bytes
		{"\x01\x01\x01\x07\x14\x01/", ErrCorrupt},                                 // a path
		{"\x01\x02\x01\x07\x14\x00\x80\x94\xeb\xdc\x03", ErrLimit},                // a second of nanoseconds
		{"\x01\x04\x01\x07\x14\x80\x04", ErrLimit},                                // mode 01000
		{"\x01\x04\x01\x07\x14\x80\x00", ErrCorrupt},                              // a long form of 0
		{"\x01\x08\x01\x07\x14" + strings.Repeat("\xff", 9) + "\x02", ErrCorrupt}, // beyond 64 bits
		{"\x01\x08\x01\x07\x14" + strings.Repeat("\xff", 9) + "\x01", ErrLimit},   // beyond 63 bits
		{"\x03\x40\x14\x0f", ErrCorrupt},                                          // memory of predictors
		{"\x03\x40\x14\x1c", ErrCorrupt},                                          // memory of predictors
		{"\x03\x40\x14\x00", ErrCorrupt},                                          // no predictors that are stated
		{"\x03\x10\x14\x01", ErrVersion},                                          // edition
		{"\x03\x10\x14\x02", ErrCorrupt},                                          // the default edition
		{"\x03\x20\x14\x07", ErrCorrupt},                                          // the default block size
		{"\x03\x20\x14\x03", ErrCorrupt},                                          // block size
		{"\x03\x20\x14\x0d", ErrCorrupt},                                          // block size
		{"\x03\x00\x1b", ErrCorrupt},                                              // segment size
		{"\x03\x00\x06", ErrCorrupt},                                              // segment below block
		{"\x03\x01\x14\x81\x20", ErrLimit},                                        // a name of 4097 bytes
	} {
		_, err := NewReader(bytes.NewReader(seal([]byte(magic + c.fields)))).Next(nil)
		var e *Error
		if !errors.Is(err, c.want) || !errors.As(err, &e) {
			t.Errorf("%q: %v, want %v", c.fields, err, c.want)
		}
	}
	if _, err := NewReader(strings.NewReader(magic + "\x04")).Next(nil); !errors.Is(err, ErrVersion) {
		t.Error("a newer version gives", err)
	}
}

// programsOf is the section of segment i of file: each third one is plain.
func programsOf(i int) []byte {
	if i%3 == 2 {
		return nil
	}
	return []byte{1, byte(i)}
}

// file makes a file of a version, of segments of the given sizes.
func file(t *testing.T, version uint8, sizes ...int) ([]byte, Index) {
	t.Helper()
	h := headers[2]
	h.Version = version
	b, err := h.appendWithSize(sizes)
	if err != nil {
		t.Fatal(err)
	}
	x := Index{Header: int64(len(b))}
	for i, n := range sizes {
		at := len(b)
		s := Segment{Size: n, Sum: uint32(i), Programs: programsOf(i), Raw: bytes.Repeat([]byte{byte(i)}, n-n/2)}
		if b, err = s.Append(b, &h); err != nil {
			t.Fatal(err)
		}
		x.Entries = append(x.Entries, Entry{int64(len(b) - at), int64(n)})
	}
	return x.Append(b, &h), x
}

func (h Header) appendWithSize(sizes []int) ([]byte, error) {
	h.Size = 0
	for _, n := range sizes {
		h.Size += int64(n)
	}
	return h.Append(nil)
}

func TestFile(t *testing.T) {
	for version := uint8(1); version <= Version; version++ {
		for _, sizes := range [][]int{{}, {1}, {1000}, {100_000}, {5, 4, 3, 2, 1, 100_000}} {
			testFile(t, version, sizes)
		}
	}
}

// testFile reads two files of segments of some sizes from the start and from the end.
func testFile(t *testing.T, version uint8, sizes []int) {
	b, x := file(t, version, sizes...)
	two := append(bytes.Clone(b), b...)
	r := NewReader(bytes.NewReader(two))
	var s Segment
	for range 2 {
		if h, err := r.Next(&s); err != nil || h == nil {
			t.Fatal(h, err)
		}
		for i, n := range sizes {
			h, err := r.Next(&s)
			if err != nil || h != nil || s.Size != n || s.Sum != uint32(i) || len(s.Raw) != n-n/2 || !bytes.Equal(s.Programs, programsOf(i)) {
				t.Fatalf("segment %d: %+v, %v", i, s, err)
			}
		}
	}
	if _, err := r.Next(&s); err != io.EOF {
		t.Fatal("the end gives", err)
	}
	var entries, again []Entry
	var places []int64
	index := NewIndexReader(bytes.NewReader(two))
	span, err := index.Span(int64(len(two)), func(e Entry, after int64) { entries, places = append(entries, e), append(places, after) })
	if err != nil || span.Start != int64(len(b)) || span.Segment-span.Start != x.Header || span.Count != int64(len(sizes)) || !slices.Equal(entries, x.Entries) {
		t.Fatalf("span %+v with entries %v, want %v; %v", span, entries, x.Entries, err)
	}
	for k := range entries {
		again = again[:0]
		at := span.Entries
		if k > 0 {
			at = places[k-1]
		}
		err := index.Walk(span, at, func(e Entry, after int64) bool {
			again = append(again, e)
			return after < places[len(places)-1]
		})
		if err != nil || !slices.Equal(again, entries[k:]) {
			t.Errorf("from entry %d: %v, want %v; %v", k, again, entries[k:], err)
		}
	}
}

// spans reads the files of b from the end and returns the first error.
func spans(b []byte) error {
	index := NewIndexReader(bytes.NewReader(b))
	for end := int64(len(b)); ; {
		s, err := index.Span(end, func(Entry, int64) {})
		if err != nil || s.Start == 0 {
			return err
		}
		end = s.Start
	}
}

// TestStrictIndex wants what a Reader refuses of a header and an index refused from
// the end, too.
func TestStrictIndex(t *testing.T) {
	for version, empty := range map[uint8]string{2: "\x05\x00", 3: "\x00\x13"} { // an entry of 0 bytes, after one of 10
		testStrictIndex(t, version, empty)
	}
}

func testStrictIndex(t *testing.T, version uint8, empty string) {
	b, x := file(t, version, 10, 20)
	index := x.Append(nil, &Header{Version: version})
	head := b[:len(b)-len(index)]
	sum := len(index) - 6 // before checksum, length and end mark
	rebuilt := func(body string) []byte {
		b := seal([]byte(body))
		b = appendReverse(b, uint64(len(b)))
		return append(append(bytes.Clone(head), b...), endMark)
	}
	body := string(index[:sum])
	if !bytes.Equal(rebuilt(body), b) {
		t.Fatal("the test's own file differs")
	}
	longer := append(bytes.Clone(b[:len(b)-2]), 0x80, b[len(b)-2], endMark) // the length in two bytes
	padded := func(at int) string {                                         // the number at index[at] in two bytes
		return body[:at] + string(body[at]|0x80) + "\x00" + body[at+1:]
	}
	header := headers[2]
	header.Version, header.Size = version, 31
	size, err := header.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string][]byte{
		"size in the header":       append(append(size, head[x.Header:]...), index...),
		"padded length":            longer,
		"padded header":            rebuilt(padded(1)),
		"padded count":             rebuilt(padded(2)),
		"padded entry":             rebuilt(padded(4)),
		"a segment without bytes":  rebuilt(body[:2] + "\x03" + body[3:] + empty),
		"an overflow":              rebuilt(body[:2] + "\x03" + body[3:] + "\xfe" + strings.Repeat("\xff", 8) + "\x01\x00"),
		"an underflow":             rebuilt(body[:2] + "\x03" + body[3:] + strings.Repeat("\xff", 9) + "\x01\x00"),
		"bytes after the entries":  rebuilt(body + "\x01"),
		"another tag":              rebuilt("\x03" + body[1:]),
		"the tag of another index": rebuilt(string(tagIndex+tagOldIndex-body[0]) + body[1:]),
	} {
		var e *Error
		if err := spans(bad); !errors.As(err, &e) {
			t.Errorf("version %d, %s, from the end: %v", version, name, err)
		}
		r, s := NewReader(bytes.NewReader(bad)), Segment{}
		var err error
		for err == nil {
			_, err = r.Next(&s)
		}
		if !errors.As(err, &e) {
			t.Errorf("version %d, %s, from the start: %v", version, name, err)
		}
	}
}

// TestWrongIndex wants an index refused that is well-formed and wrong.
func TestWrongIndex(t *testing.T) {
	for version := uint8(1); version <= Version; version++ {
		testWrongIndex(t, version)
	}
}

func testWrongIndex(t *testing.T, version uint8) {
	h := &Header{Version: version}
	b, x := file(t, version, 10, 20)
	body := b[:len(b)-len(x.Append(nil, h))]
	for name, change := range map[string]func(x *Index){
		"header":  func(x *Index) { x.Header++ },
		"coded":   func(x *Index) { x.Entries[0].Coded++ },
		"swapped": func(x *Index) { x.Entries[0], x.Entries[1] = x.Entries[1], x.Entries[0] },
		"fewer":   func(x *Index) { x.Entries = x.Entries[:1] },
		"more":    func(x *Index) { x.Entries = append(x.Entries, Entry{1, 1}) },
	} {
		y := Index{Header: x.Header, Entries: append([]Entry(nil), x.Entries...)}
		change(&y)
		r := NewReader(bytes.NewReader(y.Append(bytes.Clone(body), h)))
		var s Segment
		var err error
		for err == nil {
			_, err = r.Next(&s)
		}
		if !errors.Is(err, ErrCorrupt) {
			t.Errorf("version %d, %s: %v", version, name, err)
		}
	}
}

func FuzzReader(plain *testing.F) {
	f := mutate.Of(plain)
	f.Add([]byte(magic))
	f.Add(seal([]byte(magic + "\x01\x00\x01\x07\x14")))
	for _, pattern := range []string{"testdata/golden/*/*.ktz", "../codec/testdata/hostile/*.ktz"} {
		names, _ := filepath.Glob(pattern)
		for _, name := range names {
			file, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(file)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r := NewReader(bytes.NewReader(b))
		var s Segment
		for {
			if _, err := r.Next(&s); err != nil {
				var e *Error
				if err != io.EOF && !errors.As(err, &e) {
					t.Fatal(err)
				}
				break
			}
		}
		whole := r.Offset() == int64(len(b)) && r.err == io.EOF
		if err := spans(b); whole && err != nil {
			t.Fatal("good from the start, bad from the end: ", err)
		}
	})
}
