package seqcoder

import (
	"testing"

	"github.com/ktzip/ktzip/dsl/kolmogorov"
)

// A recorder keeps what a backend answers, and answers the same again.
type recorder struct {
	Backend
	answers []answer
	next    int
	replay  bool
}

type answer struct {
	ids            []int32
	logits, totals []float32
}

func (r *recorder) CopyPages(to, from []int32) error {
	if r.replay {
		return nil
	}
	return r.Backend.CopyPages(to, from)
}

func (r *recorder) Extend(wide, k int, index, place, text, seen, last, tables []int32, mask []uint32) ([]int32, []float32, []float32, error) {
	if !r.replay {
		ids, logits, totals, err := r.Backend.Extend(wide, k, index, place, text, seen, last, tables, mask)
		r.answers = append(r.answers, answer{ids, logits, totals})
		return ids, logits, totals, err
	}
	a := r.answers[r.next%len(r.answers)]
	r.next++
	return a.ids, a.logits, a.totals, nil
}

// sequencesOf are n blocks of the generator's sequences.
func sequencesOf(n int) (blocks [][]byte) {
	gen := kolmogorov.NewGenerator(11)
	var stream []byte
	for len(stream) < n*128 {
		_, seq := gen.Next()
		stream = append(stream, seq...)
	}
	for i := range n {
		blocks = append(blocks, stream[i*128:][:128])
	}
	return blocks
}

// BenchmarkHost is what proposing takes beside the backend: blocks a second.
func BenchmarkHost(b *testing.B) {
	w, err := Embedded()
	if err != nil {
		b.Fatal(err)
	}
	const n = 256
	r := &recorder{Backend: NewCPU(w)}
	m := NewModel(w, r)
	blocks := sequencesOf(n)
	beam := Beam{Width: 8, Most: 40}
	if _, err := m.Propose(blocks, beam); err != nil {
		b.Fatal(err)
	}
	r.replay = true
	b.Logf("%d steps", len(r.answers))
	for b.Loop() {
		if _, err := m.Propose(blocks, beam); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "blocks/s")
}
