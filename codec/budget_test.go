package codec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// chained is a plan of a payload and n operations, each on what the one before makes; in
// what they are called S stands for that.
func chained(t testing.TB, first string, n int, call, last string) *dsl.Program {
	t.Helper()
	var b strings.Builder
	b.WriteString(first)
	k := strings.Count(first, "\n")
	for range n {
		fmt.Fprintf(&b, "sequence_%d = %s\n", k+1, strings.ReplaceAll(call, "S", fmt.Sprint("sequence_", k)))
		k++
	}
	if last != "" {
		fmt.Fprintf(&b, "sequence_%d = %s\n", k+1, strings.ReplaceAll(last, "S", fmt.Sprint("sequence_", k)))
		k++
	}
	return parsePlan(t, b.String()+fmt.Sprintf("output = sequence_%d", k))
}

const (
	onePayload = "sequence_1 = payload(0)\n"
	twoPayload = "sequence_1 = payload(0)\nsequence_2 = payload(1)\n"
	emptyList  = twoPayload + "sequence_3 = get_subsequence_between_indices(sequence_2, 0, 0)\n"
	shortList  = twoPayload + "sequence_3 = get_subsequence_between_indices(sequence_2, 0, 50)\n"
	copyLists  = shortList + "sequence_4 = get_subsequence_between_indices(sequence_1, 0, 48)\n"
	longCopies = shortList + "sequence_4 = get_subsequence_between_indices(sequence_1, 0, 2147483646)\n"
	longHeads  = twoPayload + "sequence_3 = get_subsequence_between_indices(sequence_2, 0, 65536)\n"
	oneEnd     = emptyList + "sequence_4 = get_subsequence_between_indices(sequence_1, 0, 1)\n"
	noCopies   = shortList + "sequence_4 = get_subsequence_between_indices(sequence_1, 0, 0)\n"
)

// hostilePlans are plans that ask for much more than they are long. Those that are
// accepted say how many steps they take at most, and how many bytes of lists.
var hostilePlans = []struct {
	name, first string
	n           int
	call, last  string
	size        int
	steps       int64 // 0: refused
	scratch     int
}{
	{"an empty list 2^24 times", emptyList, 24, "concatenate(S, S)", "concatenate(sequence_1, S)", 1, 0, 0},
	{"an empty list 2^64 times", emptyList, 64, "concatenate(S, S)", "concatenate(sequence_1, S)", 1, 0, 0},
	{"an empty list 2^900 times", emptyList, 900, "concatenate(S, S)", "concatenate(sequence_1, S)", 1, 0, 0},
	{"an empty list 2^5 times", emptyList, 5, "concatenate(S, S)", "concatenate(sequence_1, S)", 1, 8000, 0},
	{"an empty list woven 2^64 times", emptyList, 64, "interleave(S, S)", "concatenate(sequence_1, S)", 1, 0, 0},
	{"lengths beyond 2^32", onePayload, 40, "pack(S, 9, 0)", "", 1 << 16, 0, 0},
	{"lengths beyond 2^64", onePayload, 108, "pack(S, 9, 0)", "", 1 << 16, 0, 0},
	{"lengths about 0 modulo 2^64", onePayload, 55, "pack(S, 24, 0)", "concatenate(sequence_1, S)", 1 << 16, 0, 0},
	{"stated lengths beyond 2^64", onePayload + "sequence_2 = get_subsequence_between_indices(sequence_1, 0, 2147483647)\n", 60, "concatenate(S, S)", "", 1 << 16, 0, 0},
	{"lists in lists", onePayload, 300, "transpose(S, 1, 1)", "", 1 << 16, 0, 0},
	{"four lists in lists", onePayload, 4, "transpose(S, 1, 16)", "", 1 << 16, 3 << 20, 1<<18 + 4096},
	{"short lists in lists", shortList, 300, "transpose(S, 1, 1)", "concatenate(S, sequence_1)", 1 << 14, 1 << 20, 300 * 50},
	{"predictions from planes", onePayload, 31, "paeth(S, 1, 1, 7)", "", 1 << 14, 0, 0},
	{"few predictions from planes", onePayload, 8, "paeth(S, 1, 1, 7)", "", 1 << 14, 160 << 14, 0},
	{"medians", onePayload, 12, "median(S, -2, 1, 7)", "", 1 << 14, 160 << 14, 0},
	{"adaptive predictions of many channels", onePayload, 10, "lms(S, 1, 4096, 8, [4096])", "", 1 << 12, 0, 0},
	{"adaptive predictions from far apart", onePayload, 2, "lms(S, 1, 1, 8, [1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31])", "", 1 << 14, 0, 0},
	{"long predictions", onePayload, 3, "predict(S, 1, 8, [1, 1" + strings.Repeat(", 1, 1", 31) + "])", "", 1 << 14, 0, 0},
	{"copies from before the segment", copyLists, 1, "expand(sequence_3, sequence_4, 4, [1, 1, 1])", "", 50 + 16*4, 0, 0},
	{"copies that leave bytes", copyLists, 1, "expand(sequence_3, sequence_4, 4, [1, 1, 1])", "", 1 << 16, 0, 0},
	{"copies beyond the lists", longCopies, 1, "expand(sequence_3, sequence_4, 4, [1, 1, 1])", "", 1 << 20, 0, 0},
	{"copies longer than the segment", copyLists, 1, "expand(sequence_3, sequence_4, 65536, [0, 0, 1])", "", 50, 0, 0},
	{"no copies", noCopies, 1, "expand(sequence_3, sequence_4, 65536, [4, 4, 4])", "", 50, 2000, 0},
	{"columns of columns", onePayload, 4, "columns(S, [1" + strings.Repeat(", 1, 0, 1", 99) + ", 1, 0])", "", 1 << 14, 160 << 14, 1<<16 + 4096},
	{"columns of columns of columns", onePayload, 7, "columns(S, [1, 1, 0])", "", 1 << 14, 0, 0},
	{"kinds with columns", shortList, 1, "kinds(S, sequence_1, 1, [0, 1, 1, 80, 1, 1, 0, 0, -1, 2, 8, 18, 0, 60, 0, 0])", "", 50 * 80, 160 << 12, 50*80 + 500},
	{"records of kinds as long as their heads", longHeads, 1, "kinds(S, sequence_1, 1, [0, 1, 1, 1, 1, 1, 0, 0])", "", 1 << 16, 0, 0},
	{"records of kinds longer than the segment", longHeads, 1, "kinds(S, sequence_1, 1, [0, 1, 65536, 65536, 65536, 0, 0])", "", 1 << 18, 0, 0},
	{"rows of nothing", oneEnd, 1, "lines(sequence_3, sequence_4, 0, 4096, [1])", "", 1 << 12, 20 << 12, 2},
	{"more rows than bytes", oneEnd, 1, "lines(sequence_3, sequence_4, 0, 4098, [1])", "", 1 << 12, 0, 0},
	{"rows without a template", oneEnd, 1, "lines(sequence_3, sequence_4, 0, 4096, [2])", "", 1 << 12, 0, 0},
	{"rows that end with another byte", oneEnd, 1, "lines(sequence_3, sequence_4, 1, 4096, [1])", "", 1 << 12, 0, 0},
	{"too many rows", oneEnd, 1, "lines(sequence_3, sequence_4, 0, 33000000, [1])", "", 33000000, 0, 0},
	{"rows of longer lists", longCopies, 1, "lines(sequence_3, sequence_4, 0, 3, [1])", "", 1 << 12, 0, 0},
	{"code", onePayload, 30, "branches(S, 2, 0)", "", 1 << 12, 160 << 12, 1 << 12},
	{"code of no architecture", onePayload, 1, "branches(S, 10, 0)", "", 1 << 12, 0, 0},
	{"big-endian code of x86", onePayload, 1, "branches(S, -1, 0)", "", 1 << 12, 0, 0},
	{"code before all addresses", onePayload, 1, "branches(S, 1, -1)", "", 1 << 12, 0, 0},
	{"lists of numbers read again and again", onePayload, 30, "fields(S, [1" + strings.Repeat(", 1", 99) + "])", "", 1, 0, 0},
}

// planFile is a file of a segment with the plan p, whose streams are of zeros, and what it
// restores to if it does.
func planFile(t *testing.T, p *dsl.Program, size int) []byte {
	t.Helper()
	var member bytes.Buffer
	flags, total := 0, 16
	if l, err := plan.NewLayout(p, size); err == nil {
		total = 0
		for _, n := range l.Streams {
			total += n
		}
		flags = len(l.Streams) - 1
	}
	if total > 0 {
		member.Write(memberOf(make([]byte, total), 2))
	}
	h := container.Header{BlockLog: 12, SegmentLog: uint8(max(12, len(fmt.Sprintf("%b", size-1))))}
	e := dsl.NewEncoder(dsl.Edition2)
	e.Plan(p)
	e.Groups([]dsl.Group{{Streams: flags + 1, Member: member.Len()}})
	for range (total + h.BlockSize() - 1) / h.BlockSize() {
		e.Raw()
	}
	s := container.Segment{Size: size, Programs: e.Finish(), Raw: member.Bytes()}
	s.Sum, _ = new(decoder).restore(make([]byte, size), &h, &s) // some are errors
	return fileOf(t, h, s)
}

// TestHostilePlans wants each refused, or within its limits, by all that read files, and
// by the decoder that was written from FORMAT.md.
func TestHostilePlans(t *testing.T) {
	var files [][]byte
	for _, c := range hostilePlans {
		p := chained(t, c.first, c.n, c.call, c.last)
		l, err := plan.NewLayout(p, c.size)
		switch {
		case c.steps == 0 && err != nil && !errors.Is(err, dsl.ErrLimit) && !errors.Is(err, dsl.ErrExecution): // else streams are to be refused
			t.Errorf("%s: %v", c.name, err)
		case c.steps > 0 && (err != nil || l.Steps > c.steps || l.Scratch > c.scratch):
			t.Errorf("%s: %v, %+v", c.name, err, l)
		}
		file := planFile(t, p, c.size)
		files = append(files, file)
		fine := c.steps > 0
		for threads := range 2 {
			before := allocated()
			if _, err := decode(file, &ReaderConfig{Threads: 1 + 2*threads}); (err == nil) != fine {
				t.Errorf("%s: Reader: %v", c.name, err)
			}
			if n := allocated() - before; n > 1<<20+int64(8*c.size)*int64(1+2*threads) {
				t.Errorf("%s: Reader allocates %d bytes", c.name, n)
			}
		}
		before := allocated()
		a, err := NewArchive(bytes.NewReader(file), int64(len(file)), nil)
		if err == nil {
			_, err = io.ReadAll(a)
		}
		if (err == nil) != fine {
			t.Errorf("%s: Archive: %v", c.name, err)
		}
		if err := Inspect(bytes.NewReader(file), nil, true, func(*SegmentInfo) error { return nil }); (err == nil) != fine {
			t.Errorf("%s: Inspect: %v", c.name, err)
		}
		if n := allocated() - before; n > 6<<20+int64(24*c.size) {
			t.Errorf("%s: Archive and Inspect allocate %d bytes", c.name, n)
		}
	}
	for i, got := range python(t, files) {
		if c := hostilePlans[i]; (got != nil) != (c.steps > 0) {
			t.Errorf("%s: unktz.py refuses it: %v", c.name, got == nil)
		}
	}
}

// allocated is how many bytes were allocated so far.
func allocated() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.TotalAlloc)
}

// TestHostileLiterals wants programs refused before their literals are read that no
// budget of steps has room for.
func TestHostileLiterals(t *testing.T) {
	const size = 4096
	e := dsl.NewEncoder(dsl.Edition2)
	e.Plan(dsl.Identity())
	p := &dsl.Program{Nodes: []dsl.Node{{Op: dsl.SetList, List: make([]int32, 64*size+1024)}}}
	for range 3 {
		e.Program(p)
	}
	file := fileOf(t, container.Header{BlockLog: 12, SegmentLog: 20}, container.Segment{Size: 3 * size, Programs: e.Finish()})
	before := allocated()
	if _, err := decode(file, nil); !errors.Is(err, container.ErrLimit) {
		t.Error("Reader:", err)
	}
	if err := Inspect(bytes.NewReader(file), nil, true, func(*SegmentInfo) error { return nil }); err == nil {
		t.Error("Inspect takes it")
	}
	if n := allocated() - before; n > 2<<20 {
		t.Errorf("%d bytes are allocated", n)
	}
}

// TestShares measures how much of their budgets the segments take that were written by
// this program: far from all, so that budgets can be what hostile files need.
func TestShares(t *testing.T) {
	names, _ := filepath.Glob("../container/testdata/golden/*/*.ktz")
	for _, name := range names {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		steps, lists := 0.0, 0.0
		h := new(container.Header)
		r := container.NewReader(bytes.NewReader(file))
		for {
			var s container.Segment
			next, err := r.Next(&s)
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(name, err)
			}
			if next != nil {
				h = next
				continue
			}
			taken, scratch := taken(t, h, &s)
			steps = max(steps, float64(taken)/float64(dsl.SegmentSteps(int64(s.Size))))
			lists = max(lists, float64(scratch)/float64(plan.MaxScratch(s.Size)))
		}
		t.Logf("%-40s %5.1f %% of the steps, %5.1f %% of the lists", filepath.Base(name), 100*steps, 100*lists)
		if steps > 0.6 || lists > 0.6 {
			t.Errorf("%s takes %.2f of the steps of a segment, %.2f of the lists", name, steps, lists)
		}
	}
}

// taken is what a segment takes of steps and of lists in use.
func taken(t *testing.T, h *container.Header, s *container.Segment) (steps int64, scratch int) {
	const most = 1 << 50
	if isPlain(h, s) {
		return 0, 0
	}
	d := decoder{section: dsl.NewDecoder(s.Programs, dsl.Edition(h.Edition()))}
	p, err := d.section.Plan()
	if err != nil {
		t.Fatal(err)
	}
	d.steps, d.deflateSteps = int64(most)-dsl.SectionSteps(len(s.Programs)), most
	if p.IsIdentity() {
		whole := []dsl.Group{{Streams: 1}}
		if err := readPredictors(d.section, s, whole); err != nil {
			t.Fatal(err)
		}
		err = d.group(make([]byte, s.Size), h, whole[0].Predictor, s.Raw)
	} else {
		p = p.Clone()
		l, fits := plan.NewLayout(p, s.Size)
		if fits != nil {
			t.Fatal(fits)
		}
		groups, _, fits := groupsOf(d.section, p, s)
		if fits != nil {
			t.Fatal(fits)
		}
		raw := s.Raw
		for _, g := range groups {
			if err = d.group(make([]byte, g.size()), h, g.predictor, raw[:g.member]); err != nil {
				break
			}
			raw = raw[g.member:]
		}
		d.steps, scratch = d.steps-l.Steps, l.Scratch
	}
	if err != nil {
		t.Fatal(err)
	}
	return most - d.steps, scratch
}

// TestBudgetEdges wants both decoders to agree about programs and segments that just fit
// into their budgets and those that just don't.
func TestBudgetEdges(t *testing.T) {
	const block = 16
	h := container.Header{BlockLog: 4, SegmentLog: 12}
	var files [][]byte
	var fine []bool
	try := func(size int, programs []byte, member []byte) bool {
		s := container.Segment{Size: size, Programs: programs, Raw: member}
		sum, err := new(decoder).restore(make([]byte, size), &h, &s)
		s.Sum = sum
		if err != nil && !errors.Is(err, dsl.ErrLimit) {
			t.Fatal(err)
		}
		files, fine = append(files, fileOf(t, h, s)), append(fine, err == nil)
		return err == nil
	}
	// edge tries n = 1, 2, … until one is too many, and keeps the last two.
	edge := func(what string, try func(n int) bool) {
		first := len(files)
		for n := 1; try(n); n++ {
			if n > 1000 {
				t.Fatal(what, "has no limit")
			}
		}
		if len(files)-first < 2 {
			t.Fatal(what, "is never taken")
		}
		files, fine = append(files[:first], files[len(files)-2:]...), append(fine[:first], fine[len(fine)-2:]...)
	}
	line := func(call string, n int) *dsl.Program { // n times, then a block; all are needed
		var b strings.Builder
		b.WriteString("sequence_1 = range_func_up(-30, 29)\n")
		for k := range n {
			fmt.Fprintf(&b, "sequence_%d = %s\n", k+2, strings.ReplaceAll(call, "S", fmt.Sprintf("sequence_%d", k+1)))
		}
		fmt.Fprintf(&b, "sequence_%d = get_subsequence_between_indices(sequence_%d, 0, 0)\nsequence_%d = repeat_num(16, 7)\nsequence_%d = concatenate(sequence_%d, sequence_%d)\noutput = sequence_%d",
			n+2, n+1, n+3, n+4, n+3, n+2, n+4)
		return text(t, b.String())
	}
	calls := []string{"filter(is_even, S)", "filter(is_odd, S)", "filter(is_not_zero, S)", "modulo_item_list(S, -7)", "modulo_two_lists(S, S)", "max_n(S, 60)", "min_n(S, 60)",
		"reverse_list(S)", "subtract_two_lists(S, S)", "add_item_list(S, 0)", "get_subsequence_with_jumps(S, 1)"}
	for _, call := range calls {
		edge(call, func(n int) bool {
			e := dsl.NewEncoder(dsl.Edition2)
			e.Plan(dsl.Identity())
			e.Program(line(call, n))
			return try(block, e.Finish(), nil)
		})
	}
	// All programs of a segment, with and without a plan.
	heavy := line("max_n(S, 60)", 3)
	edge("a segment", func(n int) bool {
		e := dsl.NewEncoder(dsl.Edition2)
		e.Plan(dsl.Identity())
		for range n {
			e.Program(heavy)
		}
		return try(n*block, e.Finish(), nil)
	})
	for _, call := range []string{"median(S, 1, 1, 2)", "lms(S, 2, 3, 8, [1, 3, 4, 9])", "transpose(S, 1, 16)"} {
		edge("a segment with "+call, func(n int) bool {
			e := dsl.NewEncoder(dsl.Edition2)
			e.Plan(chained(t, onePayload, 2, call, ""))
			e.Groups([]dsl.Group{{Streams: 1}})
			for range n {
				e.Program(heavy)
			}
			return try(n*block, e.Finish(), nil)
		})
	}
	for i, got := range python(t, files) {
		if (got != nil) != fine[i] {
			t.Errorf("file %d: taken: %v; by unktz.py: %v", i, fine[i], got != nil)
		}
	}
}

// TestPlanEdge compresses by longer and longer plans: those that take more steps than a
// decoder allows are refused as plans, not by what they restore to.
func TestPlanEdge(t *testing.T) {
	for _, level := range []int{DefaultLevel, 9} {
		wantPlanEdge(t, level)
	}
}

func wantPlanEdge(t *testing.T, level int) {
	t.Helper()
	src := []byte("sixteen of bytes")
	for n := 1; ; n++ {
		p := chained(t, onePayload, n, "reverse_list(S)", "").Canonical()
		w, err := NewWriter(io.Discard, &WriterConfig{only: p, Level: level, Finder: finder})
		if err != nil {
			t.Fatal(err)
		}
		w.Write(src)
		if err := w.Close(); err == nil {
			continue
		} else if !errors.Is(err, errOnly) {
			t.Fatalf("%d operations: %v", n, err)
		}
		if n < 50 || n > 120 {
			t.Errorf("%d operations are too many", n)
		}
		return
	}
}
