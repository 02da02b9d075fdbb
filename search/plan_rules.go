package search

import "github.com/ktzip/ktzip/dsl"

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
	bare := recipe{head: r.head}
	for _, n := range r.ops {
		if n.Op != dsl.Zigzag && n.Op != dsl.Transpose {
			bare.ops = append(bare.ops, n)
		}
	}
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

// phases are r with the first bytes, fewer than an element, apart.
func (t *trial) phases(_ *evidence, r recipe) (list []recipe) {
	size := 1
	for _, n := range r.ops {
		if n.Op != dsl.Transpose {
			size = max(size, int(n.Nums[0]), -int(n.Nums[0]))
		}
	}
	for head := 1; head < size; head++ {
		q := r
		q.head = head
		list = append(list, q)
	}
	return list
}
