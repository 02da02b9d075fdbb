package codec

import (
	"bytes"
	"hash/crc32"
	"os"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// predicted is the files by the text at path, one after the other: raw by predictors. Files are
// divided by lines ====; each has an equal share of the bytes. Lines ---- divide a plan and the
// groups of its streams: the predictor of each or "deflate". A group has one stream, the last one
// those that remain.
func predicted(t *testing.T, path string, raw []byte) (files []byte) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(strings.TrimSpace(string(text)), "\n====\n")
	for k, part := range parts {
		texts := strings.Split(part, "\n----\n")
		src := raw[len(raw)*k/len(parts) : len(raw)*(k+1)/len(parts)]
		files = append(files, predictedFile(t, src, texts[0], texts[1:]...)...)
	}
	return files
}

// predictedFiles are files with predictors: of the identity and of a plan with a head; none if
// this program was built without.
func predictedFiles(tb testing.TB) (files [][]byte) {
	if !hasPredictors {
		return nil
	}
	identity := "sequence_1 = payload(0)\noutput = sequence_1"
	for _, text := range mixtureTexts {
		files = append(files, predictedFile(tb, swinging(500), identity, text))
	}
	for _, text := range predictorTexts {
		files = append(files, predictedFile(tb, swinging(700), identity, text))
		files = append(files, predictedFile(tb, append(samples16(30, 3), swinging(500)...), headPlan, "deflate", text))
	}
	return files
}

// predictedFile codes src by the plan of that text; each group, of one stream, by the predictor of
// a text or, if that is "deflate", by deflate. The last group has the streams that remain.
func predictedFile(t testing.TB, src []byte, planText string, texts ...string) []byte {
	t.Helper()
	p := parsePlan(t, planText)
	streams, err := new(plan.Machine).Split(src, p)
	if err != nil {
		t.Fatal(err)
	}
	h := container.Header{BlockLog: container.DefaultBlockLog, SegmentLog: 12, PredictorLog: container.MinPredictorLog}
	var groups []dsl.Group
	var members []byte
	var coder predicting
	blocks := 0
	for k, text := range texts {
		n := 1
		if k == len(texts)-1 {
			n = len(streams)
		}
		content := bytes.Join(streams[:n], nil)
		streams = streams[n:]
		g, member := dsl.Group{Streams: n}, memberOf(content, 2)
		if text == "deflate" {
			blocks += (len(content) + h.BlockSize() - 1) / h.BlockSize()
		} else {
			var cost predictorCost
			if member, g.Predictor, err = coder.encode(t.Context(), content, predictorsOf(t, text)[0]); err == nil {
				cost, err = costOf(g.Predictor, len(content))
			}
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			h.PredictorLog = max(h.PredictorLog, predictorLog(cost.memory))
		}
		g.Member = len(member)
		groups, members = append(groups, g), append(members, member...)
	}
	e := dsl.NewEncoder(dsl.Edition2)
	e.Plan(p)
	if !p.IsIdentity() {
		e.Groups(groups)
	}
	e.Predictors(groups)
	for range blocks {
		e.Raw()
	}
	s := container.Segment{Size: len(src), Sum: crc32.ChecksumIEEE(src), Programs: e.Finish(), Raw: members, Predicted: true}
	return fileOf(t, h, s)
}
