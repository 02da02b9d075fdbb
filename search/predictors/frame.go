package predictors

import "github.com/ktzip/ktzip/dsl"

// maxParts is how many parts a plan of a Mixer has at most. Arbitrary.
const maxParts = 12

// minPart is the length of the shortest part, in bytes, that is not joined to its neighbour. Arbitrary.
const minPart = 512

// A part is one of those that a plan concatenates: its bytes, and the node that makes it.
type part struct{ size, node int }

// parts returns the parts that the plan p concatenates to make size bytes.
func parts(p *dsl.Program, size int) (list []part) {
	var visit func(i, n int)
	visit = func(i, n int) {
		node := &p.Nodes[i]
		if node.Op == dsl.Between && node.Nums[0] == 0 && p.Nodes[node.Refs[0]].Op == dsl.Concatenate {
			visit(node.Refs[0], n)
			return
		}
		if node.Op != dsl.Concatenate {
			list = append(list, part{n, i})
			return
		}
		left, right := node.Refs[0], node.Refs[1]
		if k := stated(p, left); 0 < k && k < n {
			visit(left, k)
			visit(right, n-k)
		} else if k := stated(p, right); 0 < k && k < n {
			visit(left, n-k)
			visit(right, k)
		} else {
			list = append(list, part{n, i})
		}
	}
	visit(p.Out, size)
	return list
}

// bare returns the plan p without what predictors do better: predictions from near, and the parting of
// bytes and channels. It keeps the order of the rest, other notations of numbers, and differences from far
// away, as from an image before.
func bare(p *dsl.Program) *dsl.Program {
	q := new(dsl.Program)
	streams := int32(0)
	add := func(n dsl.Node) int {
		q.Nodes = append(q.Nodes, n)
		return len(q.Nodes) - 1
	}
	var visit func(i int) int
	visit = func(i int) int {
		n := p.Nodes[i]
		switch {
		case n.Op == dsl.Payload || parting(&n):
			streams++
			return add(dsl.Node{Op: dsl.Payload, Nums: [3]int32{streams - 1}})
		case near(&n):
			return visit(n.Refs[0])
		}
		for k := range n.Op.Lists() {
			n.Refs[k] = visit(n.Refs[k])
		}
		return add(n)
	}
	q.Out = visit(p.Out)
	return q.Canonical()
}

// parting reports whether n does no more than part the bytes of numbers, or channels.
func parting(n *dsl.Node) bool {
	sum := int32(0)
	switch n.Op {
	case dsl.Transpose:
		return n.Nums[1] <= nearLags
	case dsl.Fields:
		for _, w := range n.List {
			sum += w
		}
		return sum <= 8
	case dsl.Columns:
		for k := 0; k < len(n.List); k += 3 {
			sum += n.List[k]
		}
		return sum <= 8
	}
	return false
}

// near reports whether n does no more than predict numbers from others that are near.
func near(n *dsl.Node) bool {
	switch n.Op {
	case dsl.Zigzag, dsl.ScanAdd, dsl.ScanXor, dsl.Paeth, dsl.Median, dsl.LMS, dsl.Mix, dsl.Floats:
		return true
	case dsl.Predict:
		for k := 0; k < len(n.List); k += 2 {
			if n.List[k] > farPredicted {
				return false
			}
		}
		return true
	}
	return false
}

// farPredicted is the distance in numbers beyond which a plan's predictions are kept. Arbitrary.
const farPredicted = 1024

// ofNumbers reports whether the plan p has nothing that bare would keep but differences from far away.
func ofNumbers(p *dsl.Program) bool {
	for i := range p.Nodes {
		switch n := &p.Nodes[i]; n.Op {
		case dsl.Payload, dsl.Between, dsl.Concatenate, dsl.Predict, dsl.Scaled, dsl.Multiples:
		default:
			if !near(n) && !parting(n) {
				return false
			}
		}
	}
	return true
}

// stated returns the length of list i of p, if it is cut to one; else 0.
func stated(p *dsl.Program, i int) int {
	if n := &p.Nodes[i]; n.Op == dsl.Between && n.Nums[0] == 0 {
		return int(n.Nums[1])
	}
	return 0
}

// joined returns the lengths of parts of which none is below minPart, but the last, and that are at most maxParts.
func joined(parts []part) (list []int) {
	sum := 0
	for _, p := range parts {
		if sum += p.size; sum >= minPart && len(list) < maxParts-1 {
			list = append(list, sum)
			sum = 0
		}
	}
	if sum > 0 {
		list = append(list, sum)
	}
	return list
}

// frame returns the plan of streams of these lengths, one after the other.
func frame(lengths []int) *dsl.Program {
	p := new(dsl.Program)
	add := func(n dsl.Node) int {
		p.Nodes = append(p.Nodes, n)
		return len(p.Nodes) - 1
	}
	var rest func(k int) int
	rest = func(k int) int {
		i := add(dsl.Node{Op: dsl.Payload, Nums: [3]int32{int32(k)}})
		if k == len(lengths)-1 {
			return i
		}
		i = add(dsl.Node{Op: dsl.Between, Refs: [2]int{i}, Nums: [3]int32{0, int32(lengths[k])}})
		return add(dsl.Node{Op: dsl.Concatenate, Refs: [2]int{i, rest(k + 1)}})
	}
	p.Out = rest(0)
	return p.Canonical()
}
