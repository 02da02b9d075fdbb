package container

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"testing"
)

// A countingReaderAt counts the bytes read.
type countingReaderAt struct {
	*bytes.Reader
	n int64
}

func (r *countingReaderAt) ReadAt(b []byte, off int64) (int, error) {
	n, err := r.Reader.ReadAt(b, off)
	r.n += int64(n)
	return n, err
}

// TestScannerEffort bounds the bytes that a Scanner reads, whatever it is given.
func TestScannerEffort(t *testing.T) {
	const size = 1 << 20
	random := make([]byte, size)
	rand.NewChaCha8([32]byte{3}).Read(random)
	// The head of a segment whose section has n bytes, again and again; of version 3 with the
	// right check.
	segments := func(tag byte, n uint64) []byte {
		f, b := formOf(tag), binary.AppendUvarint([]byte{tag}, n)
		if b = binary.AppendUvarint(b, n); f.section {
			b = append(b, 0)
		}
		if f.checked(int64(n)) {
			b = binary.LittleEndian.AppendUint16(b, uint16(crc32.ChecksumIEEE(b)))
		}
		b = append(b, 1, 2, 3, 4)
		return bytes.Repeat(b, size/len(b))
	}
	indexes := append([]byte{tagIndex, 20}, binary.AppendUvarint(nil, size/4)...)
	for name, c := range map[string]struct {
		b    []byte
		most int64 // bytes read per byte
	}{
		"random":        {random, 6},
		"zeros":         {append(make([]byte, size), 1), 3},
		"ones":          {bytes.Repeat([]byte{1}, size), 4},
		"tags of index": {bytes.Repeat([]byte{2}, size), 4},
		"plain tags":    {bytes.Repeat([]byte{tagPlain}, size), 4},
		"section tags":  {bytes.Repeat([]byte{tagSection}, size), 4},
		"end tags":      {bytes.Repeat([]byte{tagEnd}, size), 4},
		"short ends":    {bytes.Repeat([]byte{tagEnd, 100, endMark}, size/3), 4},
		"long segments": {segments(tagOld, size/2), 2 * scanEffort},
		"long plain":    {segments(tagPlain, size/2), 2 * scanEffort},
		"long sections": {segments(tagSection, size/2), 2 * scanEffort},
		"segments":      {segments(tagOld, 1000), 2 * scanEffort},
		"64 KiB":        {segments(tagPlain, maxUnchecked), 2 * scanEffort},
		"indexes":       {bytes.Repeat(indexes, size/len(indexes)), 2 * scanEffort},
		"magic":         {bytes.Repeat([]byte(magic), size/4), 2 * scanEffort},
	} {
		r := &countingReaderAt{Reader: bytes.NewReader(c.b)}
		s, err := NewScanner(r, int64(len(c.b)), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		end := int64(0)
		for err == nil {
			var p Part
			if p, err = s.Next(); err == nil {
				if p.Off != end || p.Coded < 1 {
					t.Fatalf("%s: part at %d of %d bytes after %d", name, p.Off, p.Coded, end)
				}
				end += p.Coded
			}
		}
		t.Logf("%s: %d bytes read per byte, %v", name, r.n/size, err)
		if r.n/size > c.most || err != io.EOF {
			t.Errorf("%s: %d bytes read per byte, %v", name, r.n/size, err)
		}
	}
}
