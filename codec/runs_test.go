package codec

import (
	"bytes"
	"context"
	"encoding/binary"
	"math/rand/v2"
	"sync/atomic"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

// A counting Planner proposes a plan and counts how often it is asked.
type counting struct {
	plan  *dsl.Program
	asked atomic.Int64
}

func (c *counting) Plans(context.Context, []byte, func([]byte) int) []*dsl.Program {
	c.asked.Add(1)
	return []*dsl.Program{c.plan}
}

func (c *counting) Promising([]byte) bool { return true }

// walk16 returns n samples of 16 bits of a walk at random by up to step, in 3 channels.
func walk16(seed uint64, n, step int) []byte {
	r := rand.New(rand.NewPCG(seed, 16))
	var x [3]int
	var b []byte
	for i := range n {
		x[i%3] += r.IntN(2*step+1) - step
		b = binary.LittleEndian.AppendUint16(b, uint16(x[i%3]))
	}
	return b
}

// TestPlansArePaidForOnce counts searches: like segments need one, and each segment of another
// nature one of its own.
func TestPlansArePaidForOnce(t *testing.T) {
	const size = 32 << 10 // bytes of a segment
	good := parsePlan(t, channelPlan)
	like := walk16(1, 20*size/2, 20)
	text := bytes.Repeat([]byte("It was a dark and stormy night; the rain fell in torrents. "), size)[:size]
	changed := append(append(append([]byte(nil), like[:3*size]...), text...), like[4*size:]...)
	louder := append(append([]byte(nil), like[:10*size]...), walk16(2, 10*size/2, 2000)...)
	for _, c := range []struct {
		name     string
		src      []byte
		searches int64
	}{
		{"like segments", like, 1},
		{"a text among them", changed, 2},
		{"louder after two", louder, 8}, // 6 more of the second run, the leader of the third, and none of its followers
	} {
		var first []byte
		for _, threads := range []int{1, 3} {
			p := &counting{plan: good}
			file := compress(t, c.src, 0, &WriterConfig{Planner: p, SegmentSize: size, Threads: threads})
			if n := p.asked.Load(); n != c.searches {
				t.Errorf("%s, %d threads: %d searches, want %d", c.name, threads, n, c.searches)
			}
			if !bytes.Equal(restore(t, file), c.src) {
				t.Fatalf("%s: restores to something else", c.name)
			}
			if first == nil {
				first = file
			} else if !bytes.Equal(file, first) {
				t.Errorf("%s: the file depends on the number of threads", c.name)
			}
		}
		each := compress(t, c.src, 0, &WriterConfig{Plans: []*dsl.Program{good}, SegmentSize: size})
		if len(first) > len(each)+len(each)/200 {
			t.Errorf("%s: %d bytes, with a search of each segment %d", c.name, len(first), len(each))
		}
	}
}

// TestPlansAreCandidates proposes plans for data that they are not of: the file is never larger
// than without.
func TestPlansAreCandidates(t *testing.T) {
	var list []*dsl.Program
	for _, text := range planTexts {
		list = append(list, parsePlan(t, text))
	}
	r := rand.New(rand.NewPCG(3, 3))
	noise := make([]byte, 100_000)
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	for name, src := range map[string][]byte{
		"text":    bytes.Repeat([]byte("one line of a log, 17 ms\n"), 5000),
		"random":  noise,
		"zeros":   make([]byte, 100_000),
		"short":   []byte("short"),
		"motley":  motley(100_000),
		"samples": walk16(4, 50_000, 30),
	} {
		for _, size := range []int{0, 4096} {
			plain := compress(t, src, 0, &WriterConfig{SegmentSize: size})
			file := compress(t, src, 0, &WriterConfig{SegmentSize: size, Plans: list})
			if len(file) > len(plain) {
				t.Errorf("%s, segments of %d: %d bytes, without plans %d", name, size, len(file), len(plain))
			}
			if name == "samples" && len(file) > len(plain)*3/4 {
				t.Errorf("samples, segments of %d: %d bytes, without plans %d", size, len(file), len(plain))
			}
			if !bytes.Equal(restore(t, file), src) {
				t.Fatalf("%s restores to something else", name)
			}
		}
	}
}
