package plans

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// The operations that recipes are made of.

func predict(w, shift int, list ...int32) dsl.Node {
	return dsl.Node{Op: dsl.Predict, Nums: [3]int32{int32(w), int32(shift)}, List: list}
}

func element(op dsl.Op, w int, more ...int32) dsl.Node {
	n := dsl.Node{Op: op, Nums: [3]int32{int32(w)}}
	copy(n.Nums[1:], more)
	return n
}

// widths are the elements that are tried: little endian, then big endian.
var widths = [...]int{1, 2, 4, 8, -2, -4, -8}

// predictions are the ways to foresee elements from those that the evidence says
// are like them.
func predictions(ev *evidence) (list []recipe) {
	for _, w := range widths {
		size := max(w, -w)
		for _, near := range ev.near {
			if near%size != 0 {
				continue
			}
			l := int32(near / size)
			list = append(list, recipe{ops: []dsl.Node{predict(w, 0, l, 1)}})
			if size > 1 || near == ev.near[0] {
				list = append(list,
					recipe{ops: []dsl.Node{predict(w, 0, l, 2, 2*l, -1)}},
					recipe{ops: []dsl.Node{element(dsl.ScanXor, w, l)}})
			}
			if size >= 4 {
				list = append(list, recipe{ops: []dsl.Node{element(dsl.Floats, w), predict(w, 0, l, 1)}})
			}
			if size > 2 {
				continue
			}
			for _, line := range ev.far {
				if line%size != 0 || line <= 2*near {
					continue
				}
				r := int32(line / size)
				list = append(list,
					recipe{ops: []dsl.Node{element(dsl.Paeth, w, l, r)}},
					recipe{ops: []dsl.Node{element(dsl.Median, w, l, r)}},
					recipe{ops: []dsl.Node{predict(w, 0, l, 1, r, 1, l+r, -1)}})
			}
		}
		for _, line := range ev.far {
			if line%size == 0 {
				list = append(list, recipe{ops: []dsl.Node{predict(w, 0, int32(line/size), 1)}})
			}
		}
	}
	return list
}

// planes is r with what it leaves of its elements cut into bytes: all lowest ones,
// then all others, for small numbers of either sign.
func planes(r recipe) recipe {
	w := int(r.ops[len(r.ops)-1].Nums[0])
	if w == 1 {
		return r.with(element(dsl.Zigzag, 1))
	}
	return r.with(element(dsl.Zigzag, w), element(dsl.Transpose, 1, int32(max(w, -w))))
}

// layouts are other orders of what r leaves, and orders without r.
func layouts(ev *evidence, r recipe) (list []recipe) {
	if len(r.fields) > 0 {
		return nil
	}
	bare := r.bare()
	w := 1
	if len(bare.ops) > 0 {
		w = int(bare.ops[len(bare.ops)-1].Nums[0])
	}
	size := max(w, -w)
	starts := []recipe{bare}
	if size > 1 {
		starts = append(starts, bare.with(element(dsl.Zigzag, w)))
		list = append(list, bare.with(element(dsl.Zigzag, w)), bare.with(element(dsl.Transpose, 1, int32(size))))
	}
	for _, s := range starts {
		for _, n := range append(ev.near, ev.far...) {
			if n > 1 && n != size {
				list = append(list, s.with(element(dsl.Transpose, 1, int32(n))))
			}
			if size > 1 && n > size && n%size == 0 {
				list = append(list, s.with(element(dsl.Transpose, size, int32(n/size))))
			}
		}
	}
	return list
}

// phases returns, for elements of each width, how many bytes come before the first:
// what the simplest prediction is best with.
func (t *trial) phases(ev *evidence) (head [9]int) {
	for _, w := range widths {
		size := max(w, -w)
		at := slices.IndexFunc(ev.near, func(l int) bool { return l%size == 0 })
		if size == 1 || at < 0 {
			continue
		}
		r := planes(recipe{ops: []dsl.Node{predict(w, 0, int32(ev.near[at]/size), 1)}})
		least := int64(unreachable)
		if w < 0 { // the other order may have found it
			q := planes(recipe{head: head[size], ops: []dsl.Node{predict(-w, 0, int32(ev.near[at]/size), 1)}})
			t.price(&q)
			least = q.cost
		}
		for r.head = range size {
			if t.price(&r); r.cost*100 < least*99 {
				head[size], least = r.head, r.cost
			}
		}
	}
	return head
}

// rows are r with rows some elements longer or shorter: a row is very much like the one
// before even when it is a little beside it.
func (t *trial) rows(_ *evidence, r recipe) (list []recipe) {
	if len(r.ops) == 0 {
		return nil
	}
	for _, by := range [...]int32{-3, -2, -1, 1, 2, 3} {
		n := r.ops[0]
		switch {
		case n.Op == dsl.Paeth || n.Op == dsl.Median:
			n.Nums[2] += by
		case n.Op == dsl.Predict && n.Nums[1] == 0 && len(n.List) == 6:
			n.List = slices.Clone(n.List)
			n.List[2] += by
			n.List[4] += by
		default:
			continue
		}
		if n.Nums[2] < 0 || len(n.List) == 6 && n.List[2] < 1 {
			continue
		}
		q := r
		q.ops = slices.Clone(r.ops)
		q.ops[0] = n
		list = append(list, q)
	}
	return list
}
