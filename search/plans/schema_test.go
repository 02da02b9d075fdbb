package plans

import (
	"bytes"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// someFields draws fields with any predictors.
func someFields(r *rand.Rand) (fields []field) {
	for range 1 + r.IntN(8) {
		f := field{width: append(numberTypes[:], 1)[r.IntN(len(numberTypes)+1)], predictor: r.IntN(plan.FieldText)}
		if f.predictor >= plan.FieldBeside {
			f.back = 1 + r.IntN(len(fields)+1)
			if f.back > len(fields) || f.predictor != plan.FieldAlike && fields[len(fields)-f.back].size() != f.size() ||
				fields[len(fields)-f.back].size() > 8 {
				f.predictor, f.back = plan.FieldLine, 0
			}
		}
		if f.predictor == plan.FieldBytes {
			f.width = 1 + r.IntN(9)
		} else if r.IntN(3) == 0 {
			f.predictor += plan.FieldFloat
		}
		fields = append(fields, f)
	}
	return fields
}

// TestColumnsAreThoseOfThePlan compares the columns of records whose bits the search counts with
// those that the plan makes.
func TestColumnsAreThoseOfThePlan(t *testing.T) {
	const head = 2 // bytes of a length
	var m plan.Machine
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 7))
		fields := someFields(r)
		sample := recordSample{}
		for range 1 + r.IntN(100) {
			start, n := len(sample.b), head+r.IntN(60)
			sample.b = appendNumber(sample.b, 2, int64(n))
			sample.b = append(sample.b, randomBytes(r, n-head)...)
			sample.spans = append(sample.spans, span{int32(start), int32(start + n)})
		}
		f := framing{element: 2, unit: 1, align: 1, spans: sample.spans}
		p := f.plan(len(sample.b), head, []field{{width: 1, predictor: plan.FieldBytes}}, []*kind{{key: 0, fields: fields}})
		streams, err := m.Split(sample.b, p)
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, p)
		}
		if got, want := sample.columns(fields, head), slices.Concat(streams[len(streams)-1]); !bytes.Equal(got, want) {
			t.Fatalf("seed %d: %d bytes of columns, want these %d\n%s", seed, len(got), len(want), p)
		}
	}
}

// slowBits returns what the adaptive code of columns takes for b.
func slowBits(b []byte) (bits float64) {
	var count [256]int
	for n, c := range b {
		bits -= math.Log2((float64(count[c]) + 1.0/alphabetUnit) / (float64(n) + 256.0/alphabetUnit))
		count[c]++
	}
	return bits
}

// TestFieldBits compares the bits of fields that are counted while their numbers are predicted
// with those of the columns that a plan makes.
func TestFieldBits(t *testing.T) {
	var m plan.Machine
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 8))
		fields := someFields(r)
		size := 0
		for _, f := range fields {
			size += f.size()
		}
		b := walks(r, 200*size, 1, size, 3)
		streams, err := m.Split(b, &dsl.Program{Nodes: []dsl.Node{{Op: dsl.Payload}, {Op: dsl.Columns, List: numbersOf(fields)}}, Out: 1})
		if err != nil {
			t.Fatal(err)
		}
		sample, columns := fixedRecords(b, size), streams[0]
		off := 0
		offsets := make([]int, len(fields))
		for k, f := range fields {
			want := 0.0
			for i := range f.size() {
				want += slowBits(columns[i*len(sample.spans):][:len(sample.spans)])
			}
			got := 0.0
			if f.predictor == plan.FieldBytes {
				for i := range f.size() {
					plain, _ := sample.byteBits(off + i)
					got += plain
				}
			} else {
				q := predicting{field: f, off: off}
				if f.back > 0 {
					q.other, q.otherWidth = offsets[k-f.back], fields[k-f.back].width
				}
				got = sample.numberBits(q)
			}
			// The logarithms are rounded down to 1/costUnit.
			if most := float64(2*f.size()*len(sample.spans)) / costUnit; math.Abs(got-want) > most {
				t.Errorf("seed %d: %v takes %.1f bits, want %.1f", seed, f, got, want)
			}
			columns = columns[f.size()*len(sample.spans):]
			offsets[k] = off
			off += f.size()
		}
	}
}

// TestCaptures finds the packets of captures of a network at all levels: the length stands at byte
// 8 of a head of 16 bytes, which it does not count.
func TestCaptures(t *testing.T) {
	for _, level := range []int{1, 6} {
		r := rand.New(rand.NewPCG(4, uint64(level)))
		kinds := [][]column{someColumns(r, 12), someColumns(r, 20), someColumns(r, 30)}
		b := randomBytes(r, 24)
		for seconds := int64(1 << 30); len(b) < 60_000; seconds += int64(r.IntN(2)) {
			k := r.IntN(len(kinds))
			n := int64(widthOf(kinds[k]))
			for _, x := range []int64{seconds, int64(r.IntN(1_000_000)), n, n} {
				b = appendNumber(b, 4, x)
			}
			b = appendRecord(b, kinds[k])
		}
		_, _, p := bestPlan(t, level, b)
		if p == nil || !slices.ContainsFunc(p.Nodes, func(n dsl.Node) bool { return n.Op == dsl.Kinds }) {
			t.Errorf("level %d: no packets found\n%v", level, p)
		}
	}
}

// TestLeadHasTheKind finds heads that begin with a kind, which hardly any record shares with the
// one before, and a mark: they come before the length.
func TestLeadHasTheKind(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	kinds := [][]column{someColumns(r, 3), someColumns(r, 9), someColumns(r, 14)}
	var b []byte
	var spans []span
	for range 2000 {
		k, start := r.IntN(len(kinds)), len(b)
		b = append(b, byte(k), 0, 0xef, 0xbe)
		b = appendNumber(b, 4, int64(widthOf(kinds[k])))
		b = appendRecord(b, kinds[k])
		spans = append(spans, span{int32(start + 4), int32(len(b) + 4)})
	}
	f := framing{element: 4, unit: 1, add: 8, align: 1, spans: spans[:len(spans)-1]}
	f.spans = f.spans[1:] // what comes before the first one is no record
	if f.lead(b); f.off != 4 {
		t.Errorf("heads start %d bytes before the length, want 4", f.off)
	}
}
