package dsl

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// inUse returns the lists of h, the last one last.
func inUse(h *history) (lists [][]int32) {
	for k := h.len(); k > 0; k-- {
		lists = append(lists, h.list(k))
	}
	return lists
}

// kept returns those of all lists since the last raw block that the limits leave.
func kept(all [][]int32) [][]int32 {
	first, elements := len(all), 0
	for first > 0 && len(all)-first < PastLists && elements+len(all[first-1]) <= PastElements {
		first--
		elements += len(all[first])
	}
	return all[first:]
}

func toInts(b []byte) ints {
	list := make(ints, len(b))
	for i, x := range b {
		list[i] = int32(x)
	}
	return list
}

// A step is a block of a stream of testdata/streams.
type step struct {
	name    string
	raw     []byte // nil if there is a program
	program *Program
	want    string
}

// readStreams reads testdata/streams.
func readStreams(t testing.TB) (streams [][]step) {
	files, err := filepath.Glob("testdata/streams/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no streams", err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		line := 1
		all := strings.Split(string(text), "\n====\n")
		for _, stream := range all[:len(all)-1] {
			var steps []step
			for _, chunk := range strings.Split(stream, "\n----\n") {
				at := strings.LastIndexByte(chunk, '\n')
				source, last := chunk[:at+1], chunk[at+1:]
				s := step{name: fmt.Sprintf("%s:%d", name, line), want: last}
				if bytes, ok := strings.CutPrefix(last, "raw "); ok {
					var list [4]byte
					if err := json.Unmarshal([]byte(bytes), &list); err != nil {
						t.Fatal(s.name, err)
					}
					s.raw = list[:]
				} else {
					s.program = mustParse(t, source, Block)
				}
				steps = append(steps, s)
				line += strings.Count(chunk, "\n") + 2
			}
			streams = append(streams, steps)
		}
	}
	return streams
}

// TestStreams runs the streams of testdata/streams on one Machine.
func TestStreams(t *testing.T) {
	const n = 4
	text := func(list ints) string {
		b, _ := json.Marshal(append(ints{}, list...))
		return strings.ReplaceAll(string(b), ",", ", ")
	}
	var m Machine
	for _, stream := range readStreams(t) {
		dst := make([]byte, n*len(stream))
		m.Forget()
		for i, s := range stream {
			at := n * i
			if s.program == nil {
				copy(dst[at:], s.raw)
				m.Forget()
				continue
			}
			got := ""
			if _, err := m.Block(dst, at, n, s.program, roomy); err != nil {
				got = "error: " + err.Error()
			} else {
				got = "-> " + text(toInts(dst[at:at+n]))
				if len(m.Left()) > 0 {
					got += " " + text(m.Left())
				}
			}
			if got != s.want {
				t.Errorf("%s: got\n%s\nwant\n%s", s.name, got, s.want)
			}
			if isError := strings.HasPrefix(s.want, "error"); isError != (i == len(stream)-1) && isError {
				t.Errorf("%s: the stream continues after an error", s.name)
			}
		}
	}
}

// TestStreamSteps checks the steps and elements of rest, copy and earlier lists.
func TestStreamSteps(t *testing.T) {
	for _, c := range []struct {
		text            string
		steps, elements int64
	}{
		{"output = earlier_1", 0, 0},
		{"sequence_1 = rest()\noutput = sequence_1", 32 + 3 + 3, 3},
		{"sequence_1 = copy(8, 5)\noutput = sequence_1", 32 + 2*64 + 5 + 5, 5},
		{"sequence_1 = reverse_list(earlier_1)\noutput = sequence_1", 32 + 64 + 10 + 10, 10},
		{"sequence_1 = concatenate(earlier_4, earlier_1)\noutput = earlier_2", 32 + 2*64 + 3 + 10 + 13, 13},
	} {
		p := mustParse(t, c.text, Block)
		m := midStream()
		if _, steps, err := m.Run(p, Budget{c.steps, c.elements}); err != nil || steps != c.steps {
			t.Errorf("%s\n%d steps, %v; want %d", p, steps, err, c.steps)
		}
		if _, _, err := m.Run(p, Budget{c.steps - 1, c.elements}); len(p.Nodes) > 0 && !errors.Is(err, errSteps) {
			t.Errorf("%s\nin %d steps: %v", p, c.steps-1, err)
		}
		if _, _, err := m.Run(p, Budget{c.steps, c.elements - 1}); len(p.Nodes) > 0 && !errors.Is(err, errElements) {
			t.Errorf("%s\nin %d elements: %v", p, c.elements-1, err)
		}
	}
}

// TestRestLimit checks how much an output may have beyond its block.
func TestRestLimit(t *testing.T) {
	for _, n := range []int{1, 16, 4096} {
		for _, c := range []struct {
			length int
			ok     bool
		}{{n - 1, false}, {n, true}, {n + 1, true}, {n + MaxRest, true}, {n + MaxRest + 1, false}} {
			var m Machine
			dst := make([]byte, n)
			_, err := m.Block(dst, 0, n, call(RepeatNum, nil, nil, int32(c.length), 7), roomy)
			if (err == nil) != c.ok || err != nil && !errors.Is(err, ErrExecution) {
				t.Errorf("%d elements for %d bytes: %v", c.length, n, err)
			}
			if err == nil && (len(m.Left()) != c.length-n || m.Earlier() != 1) {
				t.Errorf("%d elements for %d bytes leave %d, %d lists", c.length, n, len(m.Left()), m.Earlier())
			}
		}
	}
}

// TestCopyLimits copies from as far back as is allowed, and from farther.
func TestCopyLimits(t *testing.T) {
	const n = 16
	stream := make([]byte, MaxDistance+100+n)
	for i := range stream {
		stream[i] = byte(uint32(i) * 2654435761 >> 13)
	}
	for _, c := range []struct {
		at, d, n int
		ok       bool
	}{
		{at: 16, d: 16, n: 16, ok: true},
		{at: 16, d: 17, n: 16},
		{at: 100, d: 100, n: 16, ok: true},
		{at: 100, d: 100, n: 100, ok: true},
		{at: 100, d: 101, n: 16},
		{at: MaxDistance - 1, d: MaxDistance - 1, n: 4000, ok: true},
		{at: MaxDistance - 1, d: MaxDistance, n: 4000},
		{at: MaxDistance, d: MaxDistance, n: 16, ok: true},
		{at: MaxDistance, d: MaxDistance + 1, n: 16},
		{at: MaxDistance + 100, d: MaxDistance, n: 4000, ok: true},
		{at: MaxDistance + 100, d: MaxDistance, n: n + MaxRest, ok: true},
		{at: MaxDistance + 100, d: MaxDistance + 1, n: 16},
		{at: MaxDistance + 100, d: 16, n: 16, ok: true},
	} {
		var m Machine
		dst := slices.Clone(stream)
		_, err := m.Block(dst, c.at, n, call(Copy, nil, nil, int32(c.d), int32(c.n)), roomy)
		if !c.ok {
			if !errors.Is(err, errCopy) {
				t.Errorf("%+v: %v", c, err)
			}
			continue
		}
		want := stream[c.at-c.d:][:c.n]
		if err != nil || string(dst[c.at:c.at+n]) != string(want[:n]) || !slices.Equal(m.Left(), toInts(want[n:])) {
			t.Errorf("%+v: %v, got\n%v %v, want\n%v", c, err, dst[c.at:c.at+n], m.Left(), want)
		}
	}
	// All of it together.
	var m Machine
	p := call(Copy, nil, nil, MaxDistance, MaxDistance)
	p.Nodes = append(p.Nodes, Node{Op: Between, Nums: [3]int32{0, n}})
	p.Out = 1
	if _, err := m.Block(stream, MaxDistance, n, p, roomy); err != nil || m.Earlier() != 1 {
		t.Errorf("%v, %d earlier lists", err, m.Earlier())
	}
}

// TestEarlierLimits checks which lists stay at the limits.
func TestEarlierLimits(t *testing.T) {
	for _, c := range []struct {
		lengths string // of the lists of each block, blocks separated by ;
		want    int
	}{
		{"4", 1},
		{"4 0 0;4 7", 5},
		{"65536", 1},
		{"65537", 0},
		{"4 65537", 0},
		{"65537 4", 1},
		{"4 65537 0 4", 2},
		{"65532 4", 2},
		{"65533 4", 1},
		{"65535;1", 2},
		{"65535;0;1;0", 4},
		{"65535;1;1", 2},
		{"65535;2", 1},
		{"65536;0", 2},
		{"65536;1;0", 2},
		{"30000;30000;30000", 2},
		{"30000;1 5535 30000", 4},
		{"30000;1 5536 30000", 3},
		{"4" + strings.Repeat(";4", 254), 255},
		{"4" + strings.Repeat(";4", 255), 256},
		{"4" + strings.Repeat(";4", 256), 256},
		{"4" + strings.Repeat(" 0", 1000), 256},
		{"4" + strings.Repeat(" 0", 600) + " 65536", 256},
		{"4" + strings.Repeat(" 65536", 5), 1},
	} {
		var m Machine
		var all [][]int32
		for i, block := range strings.Split(c.lengths, ";") {
			p := new(Program)
			last := 0
			for j, word := range strings.Fields(block) {
				last, _ = strconv.Atoi(word)
				v := int32(16*i+j) & 255
				p.Nodes = append(p.Nodes, Node{Op: RepeatNum, Nums: [3]int32{int32(last), v}})
				all = append(all, slices.Repeat(ints{v}, last))
			}
			p.Out = len(p.Nodes) - 1
			if _, err := m.Block(make([]byte, last), 0, last, p, roomy); err != nil {
				t.Fatalf("%.40q: block %d: %v", c.lengths, i, err)
			}
		}
		if m.Earlier() != c.want || !slices.EqualFunc(inUse(&m.history), kept(all), slices.Equal) {
			t.Errorf("%.40q: %d lists, want %d", c.lengths, m.Earlier(), c.want)
		}
		for k := 1; k <= c.want+1; k++ {
			got, _, err := m.Run(&Program{Out: -k}, Budget{})
			if k > c.want {
				if !errors.Is(err, errEarlier) {
					t.Errorf("%.40q: earlier_%d: %v", c.lengths, k, err)
				}
			} else if err != nil || !slices.Equal(got, all[len(all)-k]) {
				t.Errorf("%.40q: earlier_%d: %v, %d elements", c.lengths, k, err, len(got))
			}
		}
		if m.Forget(); m.Earlier() != 0 || len(m.Left()) != 0 {
			t.Errorf("%.40q: %d lists are not forgotten", c.lengths, m.Earlier())
		}
	}
}

// TestHistory compares what a history keeps of random lists with the rule.
func TestHistory(t *testing.T) {
	noise := make([]int32, 80000)
	for i := range noise {
		noise[i] = int32(uint32(i) * 2654435761)
	}
	for seed := range uint64(12) {
		r := newSampler(100 + seed)
		// What lengths are most likely.
		usual := []int{2, 300, 5000}[seed%3]
		var p history
		var all [][]int32
		for i := range 2000 {
			n := 0
			switch r.IntN(40) {
			case 0:
				n = r.IntN(70000)
			case 1:
				n = []int{PastElements - 1, PastElements, PastElements + 1, 1, 255}[r.IntN(5)]
			case 2:
				if i%16 == 0 {
					p.clear()
					all = nil
				}
			default:
				n = r.IntN(usual)
			}
			at := r.IntN(len(noise) - n)
			p.add(noise[at : at+n])
			all = append(all, noise[at:at+n])
			got, want := inUse(&p), kept(all)
			same := func(a, b []int32) bool {
				return len(a) == len(b) && (len(a) == 0 || a[0] == b[0] && a[len(a)-1] == b[len(b)-1])
			}
			if i%16 == 0 {
				same = slices.Equal
			}
			if !slices.EqualFunc(got, want, same) {
				t.Fatalf("seed %d: after %d lists, %d are kept, want %d", seed, i+1, len(got), len(want))
			}
			if len(p.arena) > 2*PastElements || len(p.lists) > 2*PastLists {
				t.Fatalf("seed %d: %d elements, %d lists are stored", seed, len(p.arena), len(p.lists))
			}
		}
	}
}
