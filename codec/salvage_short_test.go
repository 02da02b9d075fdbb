package codec

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
)

// shortFiles are files of one segment each, of which one has a section and one is long, and an
// empty one; and what each restores to.
func shortFiles(t *testing.T) (files, srcs [][]byte) {
	srcs = [][]byte{
		[]byte("the first file"), mixed(900, 3), nil, bytes.Repeat([]byte("long, "), 12_000), noise(300), []byte("the last file"),
	}
	for _, src := range srcs {
		files = append(files, compress(t, src, 0, &WriterConfig{Finder: finder}))
	}
	return files, srcs
}

// TestSalvageShortEnds changes each byte of files of one segment in a row, and cuts them: what is
// not touched is restored.
func TestSalvageShortEnds(t *testing.T) {
	files, srcs := shortFiles(t)
	all := bytes.Join(files, nil)
	if got, s := salvage(t, "whole", all, false); !bytes.Equal(got, bytes.Join(srcs, nil)) || s.Damaged || s.Segments != 5 {
		t.Fatalf("whole: %d bytes, %+v", len(got), s)
	}
	off := 0
	for k, file := range files {
		others := bytes.Join(slices.Concat(srcs[:k], srcs[k+1:]), nil)
		with := bytes.Join(srcs, nil)
		for i := range file {
			b := bytes.Clone(all)
			b[off+i] ^= byte(1 + i%255)
			got, s := salvage(t, fmt.Sprintf("file %d, byte %d", k, i), b, true)
			if !s.Damaged || !bytes.Equal(got, with) && !bytes.Equal(got, others) {
				t.Errorf("file %d, byte %d of %d: %d bytes, %+v; want %d or %d", k, i, len(file), len(got), s, len(with), len(others))
			}
		}
		off += len(file)
		for n := range min(8, 8*k) { // cut within the first one, nothing is left
			got, s := salvage(t, "cut", all[:off-1-n], true)
			before, here := bytes.Join(srcs[:k], nil), bytes.Join(srcs[:k+1], nil)
			if !s.Damaged || !bytes.Equal(got, here) && !bytes.Equal(got, before) {
				t.Errorf("file %d, %d bytes cut: %d bytes, %+v", k, n, len(got), s)
			}
		}
	}
}

// TestSalvageLostBetween takes bytes out of two files in a row, from within the first one to within
// the second: what is left is damaged, even if it looks like a file, and what was not touched is
// restored.
func TestSalvageLostBetween(t *testing.T) {
	const header, end = 11, 3 // bytes of the first file
	first, second := []byte("the first file"), mixed(500, 5)
	for _, cfg := range []*WriterConfig{{}, {BlockSize: 64}, {SegmentSize: 256}} {
		cfg.Finder = finder
		a, b := compress(t, first, 0, nil), compress(t, second, 0, cfg)
		segment := len(a) - end // where the first one ends
		for _, from := range []int{1, header - 1, header, header + 1, segment - 1, segment, segment + 1, segment + 2} {
			for to := range len(b) - 1 {
				left := append(bytes.Clone(a[:from]), b[to:]...)
				if bytes.Equal(left, b) {
					continue // they begin alike
				}
				var out bytes.Buffer
				s, err := Salvage(&out, bytes.NewReader(left), int64(len(left)), &SalvageConfig{Omit: true})
				got := out.Bytes()
				if !s.Damaged && err == nil || from >= segment && (!bytes.HasPrefix(got, first) || to <= header && !bytes.HasSuffix(got, second)) {
					t.Errorf("blocks of %d: %d bytes of %d, then from %d of %d: %d bytes, %+v, %v", cfg.BlockSize, from, len(a), to, len(b), len(got), *s, err)
				}
			}
		}
	}
}
