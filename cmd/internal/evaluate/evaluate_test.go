package evaluate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"github.com/ktzip/ktzip/cmd/internal/metrics"
	"github.com/ktzip/ktzip/cmd/internal/pairs"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/kolmogorov"
	"github.com/ktzip/ktzip/search/programs"
)

// parsed returns the Options of flags, separated by spaces.
func parsed(t *testing.T, flags string) *Options {
	t.Helper()
	o, f := new(Options), pflag.NewFlagSet("", pflag.ContinueOnError)
	o.Flags(f)
	if err := f.Parse(strings.Fields(flags)); err != nil {
		t.Fatal(err)
	}
	return o
}

// TestLongerSequencesGetMore holds that the budget is the mean, in shards too.
func TestLongerSequencesGetMore(t *testing.T) {
	const b = Budget(1_000_000)
	var shards [2]Worth
	lengths := []int{1, 10, 76, 300, 4000}
	for i, n := range lengths {
		shards[i%2] = shards[i%2].Plus(WorthOf(make([]byte, n)))
	}
	all := shards[1].Plus(shards[0])
	sum, last := int64(0), int64(0)
	for _, n := range lengths {
		s := b.Steps(make([]byte, n), all)
		if sum += s; s <= last {
			t.Errorf("%d steps after %d", s, last)
		}
		last = s
	}
	if sum < 4_999_000 || sum > 5_000_000 {
		t.Errorf("%d steps in all", sum)
	}
}

// TestOptionsDecide holds that options which went through JSON find the same programs, and
// that each program found produces its sequence.
func TestOptionsDecide(t *testing.T) {
	for _, flags := range []string{"--budget 1ms", "--budget 1ms --ranker " + builtInRanker, "--budget 100000 --no-coded --without relation-filter,leaf-copy"} {
		opt, again := parsed(t, flags), new(Options)
		text, err := json.Marshal(opt)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, again); err != nil || !reflect.DeepEqual(opt, again) {
			t.Fatalf("%v: %+v, want %+v", err, again, opt)
		}
		one, err := New(opt)
		if err != nil {
			t.Fatal(err)
		}
		other, err := New(again)
		if err != nil {
			t.Fatal(err)
		}
		g := kolmogorov.NewGenerator(3)
		for range 20 {
			p, sequence := g.Next()
			pair, all := pairs.Pair{Sequence: sequence, Program: p}, Worth{10, 30 * WorthOf(sequence).Sum}
			a, err := one.Outcome(pair, all)
			if err != nil || a.Time <= 0 || a.Given != p || (a.Coded == nil) != opt.NoCoded || !produces(a.Found, sequence) {
				t.Fatalf("%+v, %v", a, err)
			}
			if opt.Search == searchEnumerate && metrics.Bits(a.Found) != a.Found.UniformBits() {
				t.Errorf("%s has numbers beyond the prior", a.Found)
			}
			for _, q := range a.Coded {
				if !produces(q, sequence) {
					t.Errorf("%s does not produce %d", q, sequence)
				}
			}
			b, err := other.Outcome(pair, all)
			if err != nil {
				t.Fatal(err)
			}
			if b.Time = a.Time; !bytes.Equal(a.AppendLine(nil), b.AppendLine(nil)) {
				t.Errorf("%+v, then %+v", a, b)
			}
		}
	}
}

// builtInRanker is the table of the built-in network.
const builtInRanker = "../../../search/programs/internal/rank/net.bin"

// TestRankerIsRead holds that the built-in table, given explicitly, gives the same outcome, that
// another one gives another, and that a file of another size or with a wrong weight is refused.
func TestRankerIsRead(t *testing.T) {
	g := kolmogorov.NewGenerator(7)
	var list []pairs.Pair
	for range 12 {
		p, sequence := g.Next()
		list = append(list, pairs.Pair{Sequence: sequence, Program: p})
	}
	outcomes := func(flags string) (lines []byte) {
		e, err := New(parsed(t, "--budget 100000 --no-coded "+flags))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range list {
			o, err := e.Outcome(p, Worth{1, WorthOf(p.Sequence).Sum})
			if err != nil {
				t.Fatal(err)
			}
			o.Time = 1
			lines = o.AppendLine(lines)
		}
		return lines
	}
	write := func(table []byte) string {
		name := filepath.Join(t.TempDir(), "table")
		if err := os.WriteFile(name, table, 0o666); err != nil {
			t.Fatal(err)
		}
		return name
	}
	want := outcomes("")
	if got := outcomes("--ranker " + builtInRanker); !bytes.Equal(got, want) {
		t.Errorf("%s with the built-in table, want %s", got, want)
	}
	if got := outcomes("--ranker " + write(make([]byte, programs.RankerSize))); bytes.Equal(got, want) {
		t.Error("weights of 0 change nothing")
	}
	for name, table := range map[string][]byte{
		"empty": {}, "short": make([]byte, programs.RankerSize-1), "long": make([]byte, 1<<20),
		"wrong": bytes.Repeat([]byte{0x80}, programs.RankerSize),
	} {
		f := pflag.NewFlagSet("", pflag.ContinueOnError)
		new(Options).Flags(f)
		if err := f.Parse([]string{"--ranker", write(table)}); err == nil || !strings.Contains(err.Error(), "--ranker") {
			t.Errorf("%s: %v", name, err)
		}
	}
	o := parsed(t, "")
	o.Ranker = make([]byte, 3) // from JSON
	if err := o.Check(); err == nil || !strings.Contains(err.Error(), "--ranker") {
		t.Errorf("a table of 3 bytes: %v", err)
	}
}

// TestLongSequencesAreLiterals holds that a sequence that is too long for the search has a
// program.
func TestLongSequencesAreLiterals(t *testing.T) {
	e, err := New(parsed(t, "--budget 1000"))
	if err != nil {
		t.Fatal(err)
	}
	long := make([]byte, 5000)
	o, err := e.Outcome(pairs.Pair{Sequence: long}, WorthOf(long))
	if err != nil || len(o.Coded) != 1 || o.Given != nil || !produces(o.Found, long) {
		t.Errorf("%+v, %v", o, err)
	}
}

// TestScoreExecutes holds that only a program that produces its sequence counts.
func TestScoreExecutes(t *testing.T) {
	for text, want := range map[string]bool{
		"sequence_1 = range_func_up(1, 9)\noutput = sequence_1":                   true,
		"sequence_1 = range_func_up(1, 8)\noutput = sequence_1":                   false,
		"sequence_1 = range_func_up(1, 10)\noutput = sequence_1":                  false,
		"sequence_1 = repeat_num(2000000000, 1)\noutput = sequence_1":             false,
		"sequence_1 = reverse_list(earlier_1)\noutput = sequence_1":               false,
		"sequence_1 = range_func_interval(1, 100, 0)\noutput = sequence_1":        false,
		"sequence_1 = range_func_up(-5, 2000000000)\noutput = sequence_1":         false,
		"sequence_1 = set_list([1, 2, 3, 4, 5, 6, 7, 8, 9])\noutput = sequence_1": true,
	} {
		p, err := dsl.Parse(text, dsl.Block)
		if err != nil {
			p = nil
		}
		o := Score(pairs.Pair{Sequence: []byte{1, 2, 3, 4, 5, 6, 7, 8, 9}, Program: p})
		if got := o.Found != nil; got != want || o.Given != nil || o.Coded != nil || o.Time != 0 {
			t.Errorf("%s: %+v", text, o)
		}
	}
}

// TestCandidatesShareABudget holds the steps of the candidates for a sequence, however many.
func TestCandidatesShareABudget(t *testing.T) {
	var programs []string
	for i := range 64 {
		programs = append(programs, fmt.Sprintf("s = [%d] * 1000000\nt = sorted(s)\nt = sorted(s)\noutput = s", 1+i))
	}
	start := time.Now()
	o := ScoreTexts([]byte{1}, programs, 1)
	if took := time.Since(start); took > 5*time.Second || o.Verdict.Kind != metrics.NotRun {
		t.Errorf("%v, %+v", took, o.Verdict)
	}
	if o := ScoreTexts([]byte{1}, programs[:1], 1); o.Verdict.Kind != metrics.TooLong {
		t.Errorf("alone: %+v", o.Verdict)
	}
}

// TestAllFormsAreScored holds that a pair's program may be Python, or have prose around it.
func TestAllFormsAreScored(t *testing.T) {
	for text, want := range map[string]metrics.Kind{
		"":                                       metrics.NoAnswer,
		"?":                                      metrics.NotParsed,
		"output = [0, 1, 2, 3]":                  metrics.HardCoded,
		"So:\n```\noutput = list(range(4))\n```": metrics.Right,
		"sequence_1 = range_func_up(0, 3)\noutput = sequence_1": metrics.Right,
	} {
		pair := pairs.Pair{Sequence: []byte{0, 1, 2, 3}, Text: text}
		pair.Program, _ = dsl.Parse(text, dsl.Block)
		if o := Score(pair); o.Verdict.Kind != want || (o.Found != nil) != (want >= metrics.HardCoded) {
			t.Errorf("%q: %+v, want %v", text, o.Verdict, want)
		}
	}
}

// TestWrongOptionsAreRefused names the flag that is wrong.
func TestWrongOptionsAreRefused(t *testing.T) {
	for flags, want := range map[string]string{
		"--search oracle":                   "--search oracle: must be one of enumerate, seqcoder, both",
		"--without magic":                   "--without magic: unknown rule",
		"--device none":                     "--device none is for ktzip only",
		"--device tpu":                      "--device tpu: ",
		"--beam 3":                          "--beam needs --search seqcoder",
		"--beam -1 --search seqcoder":       "--beam must be at least 0",
		"--search both --model /nowhere":    "no such file",
		"--search seqcoder --device cuda:x": "--device cuda:x: ",
	} {
		if _, err := New(parsed(t, flags)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", flags, err, want)
		}
	}
	if _, err := New(&Options{Search: searchEnumerate, Device: "cpu"}); err == nil || !strings.Contains(err.Error(), "--budget") {
		t.Errorf("without a budget: %v", err)
	}
}

// TestTheShortestRightProgramCounts holds which of several programs is chosen, and the verdict if
// none is right.
func TestTheShortestRightProgramCounts(t *testing.T) {
	const (
		literal = "sequence_1 = set_list([1, 2, 3, 4])\noutput = sequence_1"
		short   = "sequence_1 = range_func_up(1, 4) # up\noutput = sequence_1"
		wrong   = "sequence_1 = range_func_up(1, 2)\noutput = sequence_1"
		worse   = "sequence_1 = range_func_up(0, 2)\noutput = sequence_1"
		fails   = "sequence_1 = repeat_num(2000000000, 1)\noutput = sequence_1"
		// It has fewer lines, but a number that the prior does not have.
		beyond = "sequence_1 = range_func_interval(1, 5, 1)\noutput = sequence_1"
		plain  = "sequence_1 = range_func_up(1, 4)\nsequence_2 = reverse_list(sequence_1)\nsequence_3 = reverse_list(sequence_2)\noutput = sequence_3"
	)
	for _, c := range []struct {
		programs []string
		texts    int
		want     metrics.Verdict
		found    string
	}{
		{nil, 0, metrics.Verdict{Kind: metrics.NoAnswer}, ""},
		{nil, 2, metrics.Verdict{Kind: metrics.NotParsed, Texts: 2}, ""},
		{[]string{"?"}, 1, metrics.Verdict{Kind: metrics.NotParsed, Texts: 1}, ""},
		{[]string{fails}, 1, metrics.Verdict{Kind: metrics.NotRun, Texts: 1}, ""},
		{[]string{wrong, worse, fails}, 1, metrics.Verdict{Kind: metrics.TooShort, Same: 2, Texts: 1}, ""},
		{[]string{wrong, literal, worse}, 1, metrics.Verdict{Kind: metrics.HardCoded, Same: 4, Texts: 1}, literal},
		{[]string{literal, short}, 3, metrics.Verdict{Kind: metrics.Right, Same: 4, Texts: 3}, short},
		{[]string{short, wrong, literal}, 3, metrics.Verdict{Kind: metrics.Right, Same: 4, Texts: 3}, short},
		{[]string{beyond, plain}, 1, metrics.Verdict{Kind: metrics.Right, Same: 4, Texts: 1}, plain},
	} {
		o := ScoreTexts([]byte{1, 2, 3, 4}, c.programs, c.texts)
		found := o.Text
		if o.Found != nil && found == "" {
			found = o.Found.String()
		}
		if *o.Verdict != c.want || found != c.found {
			t.Errorf("%q of %d: %+v, want %+v; %q", c.programs, c.texts, *o.Verdict, c.want, found)
		}
	}
}
