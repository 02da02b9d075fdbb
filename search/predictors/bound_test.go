package predictors_test

import (
	"bytes"
	"context"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/search/predictors"
)

// A counted stream is one whose sizes are made up, and counts the nanoseconds that trials take.
func counted(b []byte, spent, trials *atomic.Int64) *dsl.Stream {
	time := func(n int, p *dsl.Program) int { return 100 + 90*len(p.Nodes) }
	return &dsl.Stream{
		Bytes: b, Size: len(b), Slowest: 1 << 30, Time: time,
		Code: func(part []byte, p *dsl.Program) (int, int) {
			spent.Add(int64(len(part)) * int64(time(len(part), p)))
			trials.Add(1)
			return 1 + len(part)*(50+int(crc32.ChecksumIEEE([]byte(p.String()))%50))/100, time(len(part), p)
		},
	}
}

// TestSearchIsBounded holds that the trials of a segment take at most the time that its level has for it,
// whatever streams it has, and spends some of it.
func TestSearchIsBounded(t *testing.T) {
	if raceEnabled {
		t.Skip("much work, whose goroutines other tests have, too")
	}
	noise := make([]byte, 300_000)
	r := rand.New(rand.NewPCG(1, 1))
	for i := range noise {
		noise[i] = byte(r.Uint32() >> 27)
	}
	for _, level := range []int{1, 3, 6, 9} {
		for _, lengths := range [][]int{{1000}, {600, 40_000}, {100_000, 700, 5000, 5000}, {300_000}} {
			if level == 9 && testing.Short() {
				continue
			}
			var spent, trials atomic.Int64
			var streams []*dsl.Stream
			size := 0
			for _, n := range lengths {
				streams = append(streams, counted(noise[:n], &spent, &trials))
				size += n
			}
			whole := counted(noise[:size%len(noise)+1], &spent, &trials)
			m := predictors.New(level)
			m.Predictors(t.Context(), size, [][]*dsl.Stream{{whole}, streams, streams})
			if got, most := spent.Load(), m.Time(size); got > most || got < most/20 {
				t.Errorf("level %d, streams of %v: %d trials take %d ns of %d", level, lengths, trials.Load(), got, most)
			}
		}
	}
}

// TestSharedStreams searches a stream that two plans share once.
func TestSharedStreams(t *testing.T) {
	b := predictors.Draw(4, 30_000).Bytes
	count := func(plans func(s *dsl.Stream) [][]*dsl.Stream) (int64, int) {
		var spent, trials atomic.Int64
		found := predictors.New(3).Predictors(t.Context(), len(b), plans(counted(b, &spent, &trials)))
		return trials.Load(), len(found)
	}
	once, n := count(func(s *dsl.Stream) [][]*dsl.Stream { return [][]*dsl.Stream{{s}} })
	twice, m := count(func(s *dsl.Stream) [][]*dsl.Stream { return [][]*dsl.Stream{{s}, {s}, {s, {Bytes: b[:9], Size: 9}}} })
	if once != twice || n != 1 || m != 1 || once == 0 {
		t.Errorf("a stream takes %d trials, a shared one %d; %d and %d are searched", once, twice, n, m)
	}
}

// words returns about n bytes of sentences of made-up words.
func words(n int) (b []byte) {
	r := rand.New(rand.NewPCG(8, 8))
	var list []string
	for range 300 {
		w := ""
		for range 2 + r.IntN(7) {
			w += string(rune('a' + r.IntN(26)*r.IntN(26)/25))
		}
		list = append(list, w)
	}
	for len(b) < n {
		b = append(b, list[r.IntN(len(list))*r.IntN(len(list))/len(list)]...)
		b = append(b, " \n"[min(r.IntN(9), 8)/8])
	}
	return b[:n]
}

// rows returns about n bytes of rows of width bytes, each nearly as the one above.
func rows(n, width int) (b []byte) {
	r := rand.New(rand.NewPCG(8, 9))
	for range width {
		b = append(b, byte(r.Uint32()))
	}
	for len(b) < n {
		c := b[len(b)-width]
		if r.IntN(12) == 0 {
			c = byte(r.Uint32())
		}
		b = append(b, c)
	}
	return b
}

// genome returns n bytes of letters with repeats.
func genome(n int) (b []byte) {
	r := rand.New(rand.NewPCG(8, 10))
	for len(b) < n {
		if k := len(b) - 3000; k > 0 && r.IntN(40) == 0 {
			off := r.IntN(k)
			b = append(b, b[off:off+500]...)
		}
		b = append(b, "ACGT"[r.IntN(4)])
	}
	return b[:n]
}

// TestThreads compresses data of several kinds with one thread and with four: the bytes are the same.
func TestThreads(t *testing.T) {
	logged, _ := predictors.Logged(3, 20_000)
	for name, src := range map[string][]byte{
		"samples": predictors.Draw(2, 20_000).Bytes, "records": logged, "words": words(30_000), "rows": rows(20_000, 77),
		"several": slices.Concat(words(9000), predictors.Draw(5, 20_000).Bytes, logged[:9000]),
	} {
		if raceEnabled && name != "several" {
			continue // it has what the others have
		}
		var files [2]bytes.Buffer
		for k, threads := range []int{1, 4} {
			w, err := codec.NewWriter(&files[k], &codec.WriterConfig{Level: 3, Mixer: predictors.New(3), Threads: threads})
			if err != nil {
				t.Fatal(err)
			}
			w.Write(src)
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(files[0].Bytes(), files[1].Bytes()) {
			t.Errorf("%s: %d bytes with one thread, other %d with four", name, files[0].Len(), files[1].Len())
		}
	}
}

// A probe is a Mixer that calls f with a stream, by which predictors code it.
type probe struct {
	fixed
	f func(s *dsl.Stream)
}

func (p probe) Predictors(_ context.Context, _ int, plans [][]*dsl.Stream) map[*dsl.Stream][]dsl.Predicted {
	p.f(plans[0][0])
	return nil
}

// TestMixtures begins with the right mixture for bytes of each kind, finds the components that help most, and
// drops what does not help.
func TestMixtures(t *testing.T) {
	if raceEnabled {
		t.Skip("much work, whose goroutines other tests have, too")
	}
	const width, west, north = 77, 1, 4
	column := dsl.Node{Op: dsl.Column, Nums: [3]int32{width, 1}}
	for _, c := range []struct {
		name     string
		src      []byte
		first    string // component of the start
		promised []string
		added    dsl.Node
	}{
		{"rows", rows(60_000, width), predictors.Component(dsl.Above, width, west|north), []string{
			predictors.Component(dsl.Above, width, north), predictors.Component(dsl.Column, width, 0), predictors.Component(dsl.Column, width, 1),
		}, dsl.Node{Op: dsl.Above, Nums: [3]int32{width, north}}},
		{"words", words(60_000), predictors.Component(dsl.Order, 4, 0), []string{
			predictors.Component(dsl.Word, 0, 0), predictors.Component(dsl.Order, 4, 0), predictors.Component(dsl.Order, 5, 0), predictors.Component(dsl.Order, 3, 0),
		}, dsl.Node{Op: dsl.Word}},
		{"genome", genome(60_000), predictors.Component(dsl.Order, 2, 0), nil, dsl.Node{Op: dsl.Nucleotide, Nums: [3]int32{12}}},
	} {
		size(t, c.src, probe{f: func(s *dsl.Stream) {
			if got := predictors.Start(s); got[0] != c.first {
				t.Errorf("%s: the best start is %v", c.name, got)
			}
			if got := predictors.Promising(s); c.promised != nil && (len(got) == 0 || !slices.Contains(c.promised, got[0])) {
				t.Errorf("%s: promising are %v", c.name, got)
			}
			got := predictors.Changed(s, column, c.added)
			if !slices.Contains(got, fmt.Sprint(c.added.Op, c.added.Nums, c.added.List)) {
				t.Errorf("%s: %v is not added: %v", c.name, c.added, got)
			}
			useless := predictors.Component(dsl.Column, width, 1)
			if c.name != "rows" && slices.Contains(got, useless) {
				t.Errorf("%s: a column that is none is left: %v", c.name, got)
			}
		}})
	}
}
