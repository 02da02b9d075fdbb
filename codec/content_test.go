package codec

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

// logsAndSamples returns n bytes: stretches of rows of text, then of samples, and so on.
func logsAndSamples(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, 0, n+64)
	value := 0
	for stretch := 0; len(b) < n; stretch++ {
		for end := len(b) + r.IntN(2<<20); len(b) < min(end, n); {
			if value += r.IntN(61) - 30; stretch%2 == 0 {
				b = fmt.Appendf(b, "%d sensor %d: %d %x\n", len(b), r.IntN(8), value, r.Uint32())
			} else {
				b = binary.LittleEndian.AppendUint16(b, uint16(value))
			}
		}
	}
	return b[:n]
}

// literalBytes returns how many bytes of changed no block of 700 bytes of old has: what rsync sends.
func literalBytes(old, changed []byte) (n int) {
	const size = 700
	blocks := make(map[string]bool)
	for block := range slices.Chunk(old, size) {
		blocks[string(block)] = true
	}
	for off := 0; off < len(changed); {
		if off+size <= len(changed) && blocks[string(changed[off:off+size])] {
			off += size
			continue
		}
		n++
		off++
	}
	return n
}

// TestChangesStayLocal holds that with Rsyncable an inserted byte leaves most of the file as it was, and
// without does not; and that the file does not depend on the threads.
func TestChangesStayLocal(t *testing.T) {
	if raceEnabled {
		t.Skip("much work, whose goroutines other tests have, too")
	}
	const percent = 20
	size := 16 << 20 // some ten runs
	if testing.Short() {
		size = 6 << 20
	}
	src := logsAndSamples(size)
	changed := slices.Insert(bytes.Clone(src), len(src)/2, 'x')
	cfg := WriterConfig{Level: 1, NoVerify: true, Plans: []*dsl.Program{parsePlan(t, channelPlan)}, Rsyncable: true}
	old := compress(t, src, 0, &cfg)
	file := compress(t, changed, 0, &cfg)
	if !bytes.Equal(restore(t, file), changed) {
		t.Fatal("restores to something else")
	}
	if n := literalBytes(old, file); n*100 > len(file)*percent {
		t.Errorf("%d bytes of %d changed", n, len(file))
	}

	src = src[:3<<20]
	changed = slices.Insert(bytes.Clone(src), len(src)/2, 'x')
	file = compress(t, changed, 0, &cfg)
	cfg.Threads = 1
	if one := compress(t, changed, 1000, &cfg); !bytes.Equal(one, file) {
		t.Error("the file depends on the number of threads, or of bytes per Write")
	}
	cfg.Rsyncable = false
	without := compress(t, changed, 0, &cfg)
	if n := literalBytes(compress(t, src, 0, &cfg), without); n*100 < len(without)*percent {
		t.Errorf("without Rsyncable, only %d bytes of %d change", n, len(without))
	}
	if len(file)*100 > len(without)*103 {
		t.Errorf("%d bytes with Rsyncable, %d without", len(file), len(without))
	}
}

// TestContentEnds holds the lengths of segments that end by content: their bounds, their mean, and that
// they fall in step again after a change.
func TestContentEnds(t *testing.T) {
	const most = 64 << 10
	src := noise(8 << 20)
	ends := func(src []byte) (list []int) {
		for off := 0; off < len(src); {
			n, _ := contentEnd(src[off:], most)
			off += n
			if n > most || n < most/contentLeastParts && off < len(src) {
				t.Errorf("a segment of %d bytes", n)
			}
			list = append(list, off-len(src))
		}
		return list
	}
	old, now := ends(src), ends(src[1:])
	if n := len(src) / len(old); n < most/contentMeanParts || n > most*3/8 {
		t.Errorf("mean of %d bytes", n)
	}
	if k := len(now) - 1; !slices.Equal(old[len(old)-k+8:], now[len(now)-k+8:]) {
		t.Error("the segments do not fall in step")
	}
	for _, b := range []byte{0, 1, 255} {
		if n, leads := contentEnd(bytes.Repeat([]byte{b}, 2*most), most); n != most || leads {
			t.Errorf("the byte %d ends a segment after %d bytes", b, n)
		}
	}
	if n, _ := contentEnd(nil, most); n != 0 {
		t.Errorf("no bytes end after %d", n)
	}
}

// TestRsyncableRestores holds that files of short segments that end by content restore, however they are
// written.
func TestRsyncableRestores(t *testing.T) {
	src := mixed(100_000, 5)
	for _, size := range []int{128, 1000, 4096, 0} {
		for _, n := range []int{0, 1, 127, 5000, len(src)} {
			cfg := &WriterConfig{Level: 1, BlockSize: 64, SegmentSize: size, Rsyncable: true, Threads: 2}
			file := compress(t, src[:n], 0, cfg)
			if !bytes.Equal(restore(t, file), src[:n]) {
				t.Errorf("segments of %d bytes, %d bytes restore to something else", size, n)
			}
			if !bytes.Equal(compress(t, src[:n], 77, cfg), file) {
				t.Errorf("segments of %d bytes, %d bytes: the file depends on the bytes per Write", size, n)
			}
		}
	}
	var b bytes.Buffer
	w, err := NewWriter(&b, &WriterConfig{Level: 1, SegmentSize: 4096, Rsyncable: true})
	if err != nil {
		t.Fatal(err)
	}
	for part := range slices.Chunk(src, 9000) {
		if _, err := w.Write(part); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(restore(t, b.Bytes()), src) {
		t.Error("with flushes it restores to something else")
	}
}
