package programs

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A refiner makes programs cheaper. It sees what a search of states cannot: the lists
// that a program makes on the way, such as a progression of which only the remainders
// are in the sequence. Any of them may be the source of any other.
type refiner struct {
	price   func(p *dsl.Program) float64 // bits
	machine dsl.Machine
	program *dsl.Program
	lists   [][]int32 // lists[k]: what node k makes
	sorted  [][]int32 // the same in ascending order; nil if not needed yet
	needs   []uint64  // bit s of needs[k]: node k needs node s
	own     []float64 // own[k]: bits of node k and of those that nothing else needs
	store   []int32   // of lists
	trials  []trial
}

// A trial is a node to put in place of node k.
type trial struct {
	k      int
	node   dsl.Node // with the operation Ref, the list itself
	saving float64  // estimate, bits
}

const (
	// maxRefined is the number of nodes of the largest program that is refined, that of
	// the bits of a word.
	maxRefined = 64
	// maxTrials is how many of the trials of a program are priced (arbitrary).
	maxTrials = 8
	// priceSteps is what pricing a program takes, in steps per node (measured: 0.2 µs).
	priceSteps = 40
)

// refine returns a program that costs less than p, or p.
func (r *refiner) refine(m *meter, p *dsl.Program) *dsl.Program {
	cost := r.price(p)
	for len(p.Nodes) <= maxRefined && m.steps > 0 && r.set(m, p) {
		r.find(m)
		better := false
		for _, t := range r.trials[:min(len(r.trials), maxTrials)] {
			q := r.put(t)
			m.steps -= int64(priceSteps * len(q.Nodes))
			if c := r.price(q); c < cost {
				p, cost, better = q, c, true
				break
			}
		}
		if !better {
			break
		}
	}
	return p
}

// set executes p, and reports whether that is possible.
func (r *refiner) set(m *meter, p *dsl.Program) bool {
	n := len(p.Nodes)
	r.program = p
	r.lists, r.sorted = r.lists[:0], grow(r.sorted, n)
	r.needs, r.own = grow(r.needs, n), grow(r.own, n)
	r.store = r.store[:0]
	uses := make([]int, n)
	for k := range p.Nodes {
		x := &p.Nodes[k]
		var args [2][]int32
		r.needs[k], r.sorted[k], r.own[k] = 0, nil, nodeBits(x, n)
		for a := range x.Op.Lists() {
			s := x.Refs[a]
			args[a] = r.lists[s]
			r.needs[k] |= r.needs[s] | 1<<s
			uses[s]++
		}
		list, err := r.machine.Apply(x, args[0], args[1], executable)
		if err != nil {
			return false
		}
		first := len(r.store)
		r.store = append(r.store, list...)
		r.lists = append(r.lists, r.store[first:len(r.store):len(r.store)])
	}
	for k := range p.Nodes {
		x := &p.Nodes[k]
		for a := range x.Op.Lists() {
			if s := x.Refs[a]; uses[s] == 1 {
				r.own[k] += r.own[s]
			}
		}
	}
	m.steps -= int64(len(r.store))
	return true
}

// nodeBits returns about what x costs in a program of n nodes.
func nodeBits(x *dsl.Node, n int) float64 {
	one := dsl.Program{Nodes: []dsl.Node{*x}}
	return one.UniformBits() - dsl.Log2(uniformOps) + float64(x.Op.Lists())*dsl.Log2(float64(n/2+1))
}

// find sets trials to what saves something, most first.
func (r *refiner) find(m *meter) {
	n := len(r.lists)
	r.trials = r.trials[:0]
	for k := range n {
		for s := range n {
			if s == k || r.needs[s]>>k&1 != 0 {
				continue
			}
			r.derive(k, s, func(x dsl.Node) {
				x.Refs[0] = s
				t := trial{k: k, node: x, saving: r.own[k]}
				if x.Op != dsl.Ref {
					t.saving -= nodeBits(&x, n)
				}
				if t.saving > 0 {
					r.trials = append(r.trials, t)
				}
			})
		}
		m.steps -= int64(4 * n)
	}
	slices.SortStableFunc(r.trials, func(a, b trial) int {
		switch {
		case a.saving > b.saving:
			return -1
		case a.saving < b.saving:
			return 1
		}
		return 0
	})
}

// put returns the program with t.
func (r *refiner) put(t trial) *dsl.Program {
	q := &dsl.Program{Nodes: slices.Clone(r.program.Nodes), Out: r.program.Out}
	if t.node.Op != dsl.Ref {
		q.Nodes[t.k] = t.node
		return q.Canonical()
	}
	for k := range q.Nodes {
		for a := range q.Nodes[k].Op.Lists() {
			if q.Nodes[k].Refs[a] == t.k {
				q.Nodes[k].Refs[a] = t.node.Refs[0]
			}
		}
	}
	if q.Out == t.k {
		q.Out = t.node.Refs[0]
	}
	return q.Canonical()
}

// derive yields the operations that make list k of list s.
func (r *refiner) derive(k, s int, yield func(x dsl.Node)) {
	v, w := r.lists[k], r.lists[s]
	n, m := len(v), len(w)
	switch {
	case n == 0 || m == 0:
	case n == m:
		r.deriveSame(v, w, yield)
		r.deriveSorted(v, s, yield)
	case n < m:
		deriveFewer(v, w, yield)
		r.deriveSorted(v, s, yield)
	case n%m == 0 && n/m <= maxSmall && v[0] == w[0] && v[m] == w[0]:
		for i, x := range v {
			if x != w[i%m] {
				return
			}
		}
		yield(dsl.Node{Op: dsl.RepeatList, Nums: [3]int32{int32(n / m)}})
	}
}

// deriveSame yields the operations, element by element, that make v of w.
func (r *refiner) deriveSame(v, w []int32, yield func(x dsl.Node)) {
	n := len(v)
	if v[0] == w[0] && slices.Equal(v, w) {
		yield(dsl.Node{Op: dsl.Ref})
		return
	}
	if v[0] == w[n-1] && v[n-1] == w[0] && mirrored(v, w) {
		yield(dsl.Node{Op: dsl.ReverseList})
	}
	if c := v[0] - w[0]; c == v[n-1]-w[n-1] && c != 0 && -256 < c && c < 256 && offsetBy(v, w, c) {
		if c > 0 {
			yield(dsl.Node{Op: dsl.AddItem, Nums: [3]int32{c}})
		} else {
			yield(dsl.Node{Op: dsl.SubtractItem, Nums: [3]int32{-c}})
		}
	}
	if v[0] == w[0] && n > 1 && v[1] == v[0]+w[1] && summed(v, w) {
		yield(dsl.Node{Op: dsl.ScanAdd})
	}
	if v[0] <= w[0] && v[n-1] <= w[n-1] {
		if same, modulus := residues(w, v); same == n && modulus > 0 && modulus <= maxModulus {
			yield(dsl.Node{Op: dsl.ModuloItem, Nums: [3]int32{modulus}})
		}
	}
	if x, y, ok := replaced(v, w); ok {
		yield(dsl.Node{Op: dsl.Substitute, Nums: [3]int32{x, y}})
	}
}

func mirrored(v, w []int32) bool {
	for i, x := range v {
		if x != w[len(w)-1-i] {
			return false
		}
	}
	return true
}

func offsetBy(v, w []int32, c int32) bool {
	for i, x := range v {
		if x-w[i] != c {
			return false
		}
	}
	return true
}

func summed(v, w []int32) bool {
	for i := 1; i < len(v); i++ {
		if v[i]-v[i-1] != w[i] {
			return false
		}
	}
	return true
}

// replaced returns the numbers x and y of which v has y where w has x, and else is
// the same.
func replaced(v, w []int32) (x, y int32, ok bool) {
	for i := range v {
		switch {
		case ok && w[i] == x:
			if v[i] != y {
				return 0, 0, false
			}
		case v[i] == w[i]:
		case ok:
			return 0, 0, false
		default:
			x, y, ok = w[i], v[i], true
			if x&^255 != 0 || y&^255 != 0 || slices.Contains(w[:i], x) {
				return 0, 0, false
			}
		}
	}
	return x, y, ok
}

// deriveFewer yields the operations that make v of the longer w and leave out some of
// its elements.
func deriveFewer(v, w []int32, yield func(x dsl.Node)) {
	n, m := len(v), len(w)
	for jump := max(minSmall, m/n); jump <= maxSmall && (m+jump-1)/jump >= n; jump++ {
		if (m+jump-1)/jump != n || v[0] != w[0] {
			continue
		}
		i := 1
		for i < n && v[i] == w[i*jump] {
			i++
		}
		if i == n {
			yield(dsl.Node{Op: dsl.Jumps, Nums: [3]int32{int32(jump)}})
		}
	}
	for op := dsl.FilterEven; op <= dsl.FilterNotZero; op++ {
		i := 0
		for _, x := range w {
			if !keeps(op, x) {
				continue
			}
			if i == n || v[i] != x {
				i = -1
				break
			}
			i++
		}
		if i == n {
			yield(dsl.Node{Op: op})
		}
	}
	for i := 0; i+n <= m && i < 256 && n > 2; i++ {
		if v[0] == w[i] && slices.Equal(v, w[i:i+n]) && i+n < 256 {
			yield(dsl.Node{Op: dsl.Between, Nums: [3]int32{int32(i), int32(i + n)}})
			break
		}
	}
}

// deriveSorted yields min_n and max_n if they make v of list s.
func (r *refiner) deriveSorted(v []int32, s int, yield func(x dsl.Node)) {
	n := len(v)
	if n < 2 || n > maxSorted || v[0] == v[n-1] {
		return
	}
	up := v[0] < v[n-1]
	for i := 1; i < n; i++ {
		if before(v[i], v[i-1], up) {
			return
		}
	}
	if r.sorted[s] == nil {
		r.sorted[s] = slices.Clone(r.lists[s])
		slices.Sort(r.sorted[s])
	}
	w := r.sorted[s]
	if up && slices.Equal(v, w[:n]) {
		yield(dsl.Node{Op: dsl.MinN, Nums: [3]int32{int32(n)}})
	}
	if !up && v[0] == w[len(w)-1] && mirrored(v, w[len(w)-n:]) {
		yield(dsl.Node{Op: dsl.MaxN, Nums: [3]int32{int32(n)}})
	}
}
