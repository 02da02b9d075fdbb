package codec

import (
	"bytes"
	"hash/crc32"
	"math/rand/v2"
	"testing"

	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// changedPredictors are predictors of each kind of source, near limits.
var changedPredictors = []string{
	"sequence_1 = floating(4, 2, 8)\nsequence_2 = fixed(sequence_1, 8)\nsequence_3 = ols(sequence_2, 2, 1, [1, 1, 1])\nsequence_4 = nlms(sequence_3, 8, 4)\nsequence_5 = code(sequence_4, 33, 3, 1)\noutput = sequence_5",
	"sequence_1 = packed12(2, 2, 4)\nsequence_2 = code(sequence_1, 0, 0, 80)\noutput = sequence_2",
	"sequence_1 = framed(3, 0, [4, 2, 2, 1, 0, 1, 2, 0, 3])\nsequence_2 = contexts(sequence_1, 9)\nsequence_3 = experts(sequence_2, 63)\nsequence_4 = match(sequence_3, 2)\nsequence_5 = mixed(sequence_4, 16, 0, [])\noutput = sequence_5",
	"sequence_1 = framed(0, 0, [2, 0, 0, 1, 0, 1, 1, 0, 0, 9, 0, 7, 5, 2])\nsequence_2 = experts(sequence_1, 1)\nsequence_3 = mixed(sequence_2, 16, 0, [])\noutput = sequence_3",
	"sequence_1 = bytes()\nsequence_2 = order(sequence_1, 0)\nsequence_3 = masked(sequence_2, [255, 0, 7])\nsequence_4 = match(sequence_3, 1)\nsequence_5 = above(sequence_4, 0, 255)\nsequence_6 = nucleotide(sequence_5, 1)\nsequence_7 = mixed(sequence_6, 16, 1, [63])\noutput = sequence_7",
	"sequence_1 = bytes()\nsequence_2 = word(sequence_1, 4)\nsequence_3 = followed(sequence_2, 3)\nsequence_4 = column(sequence_3, 2, 3)\nsequence_5 = opcode(sequence_4, 1)\nsequence_6 = foretold(sequence_5, 2)\nsequence_7 = repeated(sequence_6, 2)\nsequence_8 = mixed(sequence_7, 16, 0, [1])\noutput = sequence_8",
}

// changedPredictor returns p with one number changed, or one component another one.
func changedPredictor(r *rand.Rand, p *dsl.Program) *dsl.Program {
	p = p.Clone()
	n := &p.Nodes[r.IntN(len(p.Nodes))]
	by := []int32{-1, 1, -8, 16, 1 << r.IntN(30)}[r.IntN(5)]
	switch k := r.IntN(5); {
	case k < 2 && len(n.List) > 0:
		n.List[r.IntN(len(n.List))] += by
	case k == 2 && len(n.List) > 0:
		n.List = n.List[:r.IntN(len(n.List))]
	case k == 3:
		other := p.Nodes[r.IntN(len(p.Nodes))]
		if len(p.Nodes) > 2 && other.Op.Lists() == n.Op.Lists() {
			other.Refs = n.Refs
			*n = other
		}
	default:
		n.Nums[r.IntN(2)] += by
	}
	return p
}

// TestFormatDocumentOnPredictors wants the decoder that was written from FORMAT.md to take the same
// predictors as this one, and to make the same of them.
func TestFormatDocumentOnPredictors(t *testing.T) {
	switch {
	case raceEnabled:
		t.Skip("the other decoder is a process of its own")
	case !hasPredictors:
		t.Skip("built without predictors")
	}
	r := rand.New(rand.NewPCG(12, 26))
	src := samples16(40, 3)
	var files [][]byte
	var coder predicting
	for k := range 200 {
		p := predictorsOf(t, changedPredictors[k%len(changedPredictors)])[0]
		for range r.IntN(3) {
			p = changedPredictor(r, p)
		}
		member, stated, err := coder.encode(t.Context(), src, p)
		if err != nil {
			stated = p
		}
		e := dsl.NewEncoder(dsl.Edition2)
		e.Plan(dsl.Identity())
		e.Predictors([]dsl.Group{{Streams: 1, Predictor: stated}})
		h := container.Header{BlockLog: container.DefaultBlockLog, SegmentLog: 12, PredictorLog: predictorLog(MaxPredictorMemory / 2)} // such as a Reader takes unless it is told to take more
		s := container.Segment{Size: len(src), Sum: crc32.ChecksumIEEE(src), Programs: e.Finish(), Raw: member, Predicted: true}
		files = append(files, fileOf(t, h, s))
	}
	taken := 0
	for k, theirs := range python(t, files) {
		ours, err := decode(files[k], nil)
		if (err == nil) != (theirs != nil) || err == nil && !bytes.Equal(ours, theirs) {
			t.Errorf("file %d: %v; unktz.py takes it: %v", k, err, theirs != nil)
		}
		if err == nil {
			taken++
		}
	}
	if taken < 60 || taken > 170 {
		t.Errorf("%d of %d files are taken", taken, len(files))
	}
}
