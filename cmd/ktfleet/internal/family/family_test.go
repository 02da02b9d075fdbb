package family

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"

	"github.com/ktzip/ktzip"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/files"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/input"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/job"
	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
)

func TestMain(m *testing.M) {
	beam.Init()
	os.Exit(m.Run())
}

// newRand returns a source of random numbers for a seed.
func newRand(seed string) *rand.Rand {
	var key [32]byte
	copy(key[:], seed)
	return rand.New(rand.NewChaCha8(key))
}

// telemetry returns file k of a family: a header of any length, then records of two kinds and two lengths.
func telemetry(k int) []byte {
	r := newRand(fmt.Sprint("telemetry", k))
	b := make([]byte, 20+r.IntN(200))
	for i := range b {
		b[i] = byte(' ' + r.IntN(90))
	}
	at, x, y := r.Uint64N(1e9), int32(r.IntN(1e6)), int32(r.IntN(1e6))
	for range 1200 + r.IntN(800) {
		at += 5000 + r.Uint64N(40)
		if r.IntN(8) == 0 {
			b = append(b, 12, 0, 'S', byte(k))
			b = binary.LittleEndian.AppendUint64(b, at)
			b = append(b, 1, byte(r.IntN(3)), 0)
			continue
		}
		x, y = x+int32(r.IntN(64))-20, y+int32(r.IntN(16))-8
		b = append(b, 20, 0, 'D')
		b = binary.LittleEndian.AppendUint64(b, at)
		b = binary.LittleEndian.AppendUint32(b, uint32(x))
		b = binary.LittleEndian.AppendUint32(b, uint32(y))
		b = append(b, 0, byte(r.IntN(4)), 7, 1)
	}
	return b
}

// noise returns random bytes.
func noise(seed string, n int) []byte {
	b := make([]byte, n)
	r := newRand(seed)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// folder makes a folder of files, by their names.
func folder(t *testing.T, content map[string][]byte) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, b := range content {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// run runs the pipeline, and returns the results of files and the Summary.
func run(t *testing.T, c *Config, patterns ...string) (results []job.Result, found Summary) {
	t.Helper()
	o := &job.Options{Runner: job.Prism, Temp: filepath.Join(t.TempDir(), files.TemporaryPrefix+"test"), Stderr: os.Stderr}
	all, err := job.Run(t.Context(), "test", o, func(s beam.Scope) (beam.PCollection, error) {
		return Pipeline(s, &input.Config{Patterns: patterns, Kind: input.Sampled}, c)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		if r.Details == nil {
			results = append(results, r)
		} else if err := json.Unmarshal(r.Details, &found); err != nil {
			t.Fatal(err)
		}
	}
	return results, found
}

// family returns n files of the family, one of another kind, and one that is empty.
func family(n int) map[string][]byte {
	content := map[string][]byte{"a.txt": []byte(strings.Repeat("of another kind\n", 500)), "empty": nil}
	for k := range n {
		content[fmt.Sprintf("f%02d.bin", k)] = telemetry(k)
	}
	return content
}

// TestPlanIsTheSameWhateverTheWorkers holds that, and which files count.
func TestPlanIsTheSameWhateverTheWorkers(t *testing.T) {
	dir := folder(t, family(8))
	var want []job.Result
	var first Summary
	for _, workers := range []int{1, 2, 8} {
		results, found := run(t, &Config{Args: []string{"-6"}, Sample: 3, Judge: 6, Keep: 2, Workers: workers}, dir+"/*")
		if want == nil {
			want, first = results, found
			t.Log(found.About())
		}
		if !reflect.DeepEqual(results, want) || !reflect.DeepEqual(found, first) {
			t.Errorf("%d workers: got %+v, %+v; 1: %+v, %+v", workers, results, found, want, first)
		}
	}
	if first.Files != 9 || first.Searched.Files != 3 || first.Others.Files != 3 || len(want) != 6 || len(first.Plans) < 1 {
		t.Errorf("got %+v, %d results", first, len(want))
	}
}

// compress returns how many bytes src takes by cfg, with no other thread.
func compress(t *testing.T, cfg *codec.WriterConfig, src []byte) int {
	t.Helper()
	cfg.Threads = 1
	var b bytes.Buffer
	w, err := codec.NewWriter(&b, cfg)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(src)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}

// TestFilesTakeAsMuchAsByTheirOwnPlans holds how much longer than by its own plan a file is by the family's, and
// that the Summary says so.
func TestFilesTakeAsMuchAsByTheirOwnPlans(t *testing.T) {
	const n, most = 4, 1.02
	content := family(n)
	_, found := run(t, &Config{Args: []string{"-6"}, Sample: 100, Keep: 1, Workers: 2}, folder(t, content)+"/f*")
	if len(found.Plans) != 1 {
		t.Fatalf("got %+v", found)
	}
	p, err := dsl.Parse(found.Plans[0], dsl.Plan)
	if err != nil {
		t.Fatal(err)
	}
	var searching, fitting time.Duration
	for name, src := range content {
		if !strings.HasPrefix(name, "f") {
			continue
		}
		cfg := ktzip.WriterConfig(6)
		began := time.Now()
		own := compress(t, cfg, src)
		searching += time.Since(began)
		cfg.Planner, cfg.Plans = codec.RefitOnly(cfg.Planner), []*dsl.Program{p.Canonical()}
		began = time.Now()
		like := compress(t, cfg, src)
		fitting += time.Since(began)
		if float64(like) > float64(own)*most {
			t.Errorf("%s: %d bytes by the family's plan, %d by its own", name, like, own)
		}
	}
	t.Logf("%v with a search, %v without one; %s", searching, fitting, found.About())
	s := found.Searched
	if s.Files != n || float64(s.Family) > float64(s.Own)*most || s.Own*4 > s.Plain*3 || found.Others != (Sums{}) {
		t.Errorf("got %+v", found)
	}
}

// TestFilesWithoutAPlanAreAFamily holds that there may be no plan.
func TestFilesWithoutAPlanAreAFamily(t *testing.T) {
	content := map[string][]byte{"a": noise("a", 5000), "b": noise("b", 90), "c": []byte("c")}
	results, found := run(t, &Config{Args: []string{"-6"}, Sample: 2, Judge: 0, Keep: 4, Workers: 2}, folder(t, content))
	if len(found.Plans) > 0 || found.Judged() != 3 || len(results) != 3 || found.Searched.Family != found.Searched.Plain {
		t.Errorf("got %+v, %+v", found, results)
	}
	results, found = run(t, &Config{Args: []string{"-6"}, Sample: 2, Keep: 4, Workers: 2}, t.TempDir())
	if len(found.Plans) > 0 || found.Judged() != 0 || len(results) != 1 || results[0].Error == "" {
		t.Errorf("of no file: got %+v, %+v", found, results)
	}
}

// lying is a file of Linux that has fewer bytes than it states.
const lying = "/sys/kernel/mm/transparent_hugepage/enabled"

// TestBadFilesAreSkipped holds that a file that can't be read, or was compressed, ends nothing.
func TestBadFilesAreSkipped(t *testing.T) {
	if _, err := os.Stat(lying); err != nil {
		t.Skip(err)
	}
	content := family(2)
	content["f.ktz"] = content["f00.bin"]
	results, found := run(t, &Config{Args: []string{"-1"}, Sample: 9, Keep: 1, Workers: 2}, folder(t, content)+"/f*", lying)
	var bad []string
	for _, r := range results {
		if r.Error != "" {
			bad = append(bad, filepath.Base(r.Path))
		}
	}
	if slices.Sort(bad); fmt.Sprint(bad) != "[enabled f.ktz]" || found.Searched.Files != 2 || len(results) != 4 {
		t.Errorf("skipped %q, got %+v", bad, found)
	}
}

// TestPlansThatAreGivenAreCandidates holds that plans of --like are judged, and that wrong ones are refused.
func TestPlansThatAreGivenAreCandidates(t *testing.T) {
	const samples = "sequence_1 = payload(0)\nsequence_2 = predict(sequence_1, 2, 0, [1, 1])\noutput = sequence_2"
	b := make([]byte, 20_000)
	r := newRand("samples")
	for i, x, v := 0, 0, 0; i < len(b); i += 2 {
		v += r.IntN(9) - 4
		x += v
		binary.LittleEndian.PutUint16(b[i:], uint16(x))
	}
	content := map[string][]byte{"0": b, "1 is searched": noise("n", 100), "2": noise("m", 100)}
	_, found := run(t, &Config{Args: []string{"-6"}, Like: []string{samples}, Sample: 1, Keep: 1, Workers: 1}, folder(t, content))
	if s := found.Others; len(found.Plans) != 1 || found.Plans[0] != samples || s.Family >= s.Plain || found.Searched.Own >= 200 {
		t.Errorf("got %+v", found)
	}
	for _, c := range []*Config{{Args: []string{"--plan=none"}}, {Args: []string{"-0"}}} {
		if _, err := c.coding(); err == nil {
			t.Errorf("%q is taken", c.Args)
		}
	}
}

// TestPanicsAreErrors holds that a panic, or work without end, concerns one file.
func TestPanicsAreErrors(t *testing.T) {
	err := work(t.Context(), func(context.Context) error { panic("boom") })
	if err == nil || err.Error() != "panic: boom" {
		t.Errorf("got %v", err)
	}
	failed := errors.New("failed")
	if err := work(t.Context(), func(context.Context) error { return failed }); err != failed {
		t.Errorf("got %v", err)
	}
}

// TestSpreadIsEven holds which elements are taken.
func TestSpreadIsEven(t *testing.T) {
	list := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}
	for n, want := range map[int][]int{0: {}, 1: {5}, 2: {2, 7}, 3: {1, 5, 8}, 5: {1, 3, 5, 7, 9}, 10: list, 11: list} {
		if got := spread(list, n); !slices.Equal(got, want) {
			t.Errorf("%d: got %v, want %v", n, got, want)
		}
	}
}

// TestCandidatesAreSorted holds which plans are candidates, in which order.
func TestCandidatesAreSorted(t *testing.T) {
	found := []Found{
		{Plans: []string{"c", "a"}}, {Error: "failed"}, {Plans: []string{"d", "a"}}, {Plans: []string{"b"}}, {Plans: []string{"d"}},
	}
	want := []string{"l", "b", "d", "a", "c"}
	for range 2 {
		if got := candidates([]string{"l", "b"}, found); !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		slices.Reverse(found)
	}
	var many Found
	for i := range 2 * MaxPlans {
		many.Plans = append(many.Plans, fmt.Sprint(i))
	}
	if got := candidates(nil, []Found{many}); !slices.Equal(got, many.Plans[:MaxPlans]) {
		t.Errorf("got %q", got)
	}
}

// TestCheapestIsChosenGreedily holds which candidates are the family's plans.
func TestCheapestIsChosenGreedily(t *testing.T) {
	cases := []Case{
		{Plain: 100, Costs: []int64{50, 90, 100, 50}},
		{Plain: 100, Costs: []int64{60, 95, 20, 60}},
		{Plain: 100, Costs: []int64{70, 99, 100, 70}},
	}
	for _, c := range []struct {
		cases []Case
		n     int
		keep  int
		set   string
		costs string
	}{
		{cases, 4, 1, "[0]", "[50 60 70]"},
		{cases, 4, 2, "[0 2]", "[50 20 70]"},
		{cases, 4, 4, "[0 2]", "[50 20 70]"},
		{cases, 0, 4, "[]", "[100 100 100]"},
		{[]Case{{Plain: 10, Costs: []int64{10, 11}}}, 2, 2, "[]", "[10]"},
		{nil, 2, 2, "[]", "[]"},
	} {
		set, costs := cheapest(c.cases, c.n, c.keep)
		if fmt.Sprint(set) != c.set || fmt.Sprint(costs) != c.costs {
			t.Errorf("%+v: got %v, %v", c, set, costs)
		}
	}
}
