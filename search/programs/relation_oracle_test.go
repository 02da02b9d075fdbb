package programs

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/kolmogorov"
)

// TestFastRulesFindTheSame: what the indexes of a text leave out holds no relation.
func TestFastRulesFindTheSame(t *testing.T) {
	g := kolmogorov.NewGenerator(1812)
	s := new(scratch)
	found := 0
	for range sample(40, 100) {
		_, seq := g.Next()
		if len(seq) > 128 {
			continue
		}
		s.begin(New(&Config{Prior: Uniform}), seq, 1<<40, window{})
		s.solve(s.roots[0])
		lines := &s.solution.text
		for _, c := range []struct {
			name       string
			fast, slow func(*text)
		}{
			{"add", addRelation{}.propose, slowAdd},
			{"modulo", moduloRelation{}.propose, slowModulo},
			{"sort", sortRelation{}.propose, slowSort},
		} {
			got, want := proposals(lines, c.fast), proposals(lines, c.slow)
			if !slices.Equal(got, want) {
				t.Fatalf("%s finds %d relations of %v, want %d", c.name, len(got), seq, len(want))
			}
			found += len(got)
		}
	}
	if found < 100 {
		t.Errorf("%d relations, want many", found)
	}
}

// proposals returns what propose finds in t, each once.
func proposals(t *text, propose func(*text)) []relation {
	t.found, t.group, t.effort = nil, 0, effort{relations: 1 << 30}
	propose(t)
	var all []relation
	for _, r := range t.found {
		r.group = 0
		if !slices.Contains(all, r) {
			all = append(all, r)
		}
	}
	return all
}

// slowAdd compares all positions.
func slowAdd(t *text) {
	v := t.v
	for i := range t.starts() {
		for a := 0; a+2 < len(v); a++ {
			c := v[i] - v[a]
			if c == 0 || min(v[a], v[a+1]) < 0 || v[i+1]-v[a+1] != c || v[i+2]-v[a+2] != c {
				continue
			}
			if i > 0 && a > 0 && v[i-1]-v[a-1] == c && v[a-1] >= 0 {
				continue
			}
			t.shift(i, a, c)
		}
	}
}

// slowModulo compares all positions, but those of three equal elements: remainders that
// begin with what they are of are found only from where they differ.
func slowModulo(t *text) {
	v := t.v
	for i := range t.starts() {
		top := max(v[i], v[i+1], v[i+2])
		if top >= maxModulus-1 || min(v[i], v[i+1], v[i+2]) < 0 {
			continue
		}
		for a := 0; a+4 < len(v); a++ {
			if !slices.Equal(v[a:a+3], v[i:i+3]) {
				t.remainders(i, a)
			}
		}
	}
}

// slowSort tries every number of elements.
func slowSort(t *text) {
	for i := range t.starts() {
		for _, up := range []bool{true, false} {
			n := 1
			for t.v[i+n] >= 0 && !before(t.v[i+n], t.v[i+n-1], up) {
				n++
			}
			if n < least || i > 0 && t.v[i-1] >= 0 && !before(t.v[i], t.v[i-1], up) && t.linkAt[i-1] == t.linkAt[i] {
				continue
			}
			for a := range t.holding(t.v[i]) {
				if a >= i && a < i+n {
					continue
				}
				for m := min(n, maxSorted); m >= least; m-- {
					if _, _, most := t.sourceSpans(i, m, a, up); most == m {
						t.addSorted(i, m, a, up)
						break
					}
				}
			}
		}
	}
}

// TestKeptSkipsWhatFiltersDrop: kept leads from each position to the next that the
// filter keeps, or to the end of the line.
func TestKeptSkipsWhatFiltersDrop(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	x := text{meter: &meter{steps: 1 << 40}}
	for k := range 300 {
		x.v = append(x.v, int32(r.IntN(3)))
		if k%37 == 36 {
			x.v = append(x.v, lineEnd(k))
		}
	}
	x.v = append(x.v, lineEnd(0))
	for k := range x.kept {
		x.setKept(k)
		for a := 0; a+1 < len(x.v); a++ {
			want := a + 1
			for x.v[want] >= 0 && !keeps(dsl.FilterEven+dsl.Op(k), x.v[want]) {
				want++
			}
			if got := int(x.kept[k][a]); got != want {
				t.Fatalf("filter %d leads from %d to %d, want %d", k, a, got, want)
			}
		}
	}
}

// TestBoundsTurnAwayWhatLoses: of trials that would win, the bound of a single relation
// turns away hardly any.
func TestBoundsTurnAwayWhatLoses(t *testing.T) {
	g := kolmogorov.NewGenerator(77)
	s := new(scratch)
	won, turnedAway := 0, 0
	for range sample(20, 100) {
		_, seq := g.Next()
		if len(seq) > 200 {
			continue
		}
		s.begin(New(&Config{Prior: Uniform}), seq, 1<<40, window{})
		sol := s.solve(s.roots[0])
		found := slices.Clone(sol.text.found)
		sol.begin(&s.meter, s.roots[0], nil)
		for k := range found {
			one := []*relation{&found[k]}
			rise := sol.leastRise(0, one)
			if sol.try(append(slices.Clone(sol.active), one...), one) {
				won++
				if rise >= 0 {
					turnedAway++
				}
			}
		}
	}
	t.Logf("%d won, %d of them turned away", won, turnedAway)
	if won == 0 || turnedAway > won/10 {
		t.Errorf("%d of %d that win are turned away", turnedAway, won)
	}
}
