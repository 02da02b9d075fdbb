package plan

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// An oracle executes a plan slowly, element by element, by the definitions in
// container/FORMAT.md.
type oracle struct {
	p       *dsl.Program
	streams [][]byte
}

// list returns the list of node i. It is one function because it is one list of cases:
// each operation as FORMAT.md defines it.
func (o *oracle) list(i int) []byte {
	n := &o.p.Nodes[i]
	var s, t []byte
	if n.Op.Lists() > 0 {
		s = o.list(n.Refs[0])
	}
	if n.Op.Lists() > 1 {
		t = o.list(n.Refs[1])
	}
	switch a := n.Nums; n.Op {
	case dsl.Payload:
		return o.streams[a[0]]
	case dsl.Between:
		return s[a[0]:a[1]]
	case dsl.Concatenate:
		return append(bytes.Clone(s), t...)
	case dsl.Interleave:
		out := []byte{}
		for i := range s {
			if out = append(out, s[i]); i < len(t) {
				out = append(out, t[i])
			}
		}
		return out
	case dsl.ReverseList:
		s = bytes.Clone(s)
		slices.Reverse(s)
		return s
	case dsl.ScanAdd, dsl.AddItem:
		sum, out := byte(0), []byte{}
		for _, x := range s {
			if sum += x; n.Op == dsl.AddItem {
				sum = x + byte(a[0])
			}
			out = append(out, sum)
		}
		return out
	case dsl.Transpose:
		w, cols := int(a[0]), int(a[1])
		out := bytes.Clone(s)
		at := 0
		for k := range cols {
			for r := 0; (r*cols+k+1)*w <= len(s); r++ {
				copy(out[(r*cols+k)*w:], s[at:at+w])
				at += w
			}
		}
		return out
	case dsl.Fields:
		var columns [][]byte
		size := 0
		for _, w := range n.List {
			size += int(w)
		}
		count := len(s) / size
		for _, w := range n.List {
			columns = append(columns, s[:count*int(w)])
			s = s[count*int(w):]
		}
		out := []byte{}
		for i := range count {
			for k, w := range n.List {
				out = append(out, columns[k][i*int(w):(i+1)*int(w)]...)
			}
		}
		return append(out, s...)
	case dsl.Records:
		return o.group(n, s, t)
	case dsl.Pack:
		return o.pack(n, s)
	case dsl.LMS:
		return o.lms(n, s)
	case dsl.Expand:
		return o.expand(n, s, t)
	case dsl.Columns:
		return o.columns(n, s)
	case dsl.Kinds:
		return o.kinds(n, s, t)
	case dsl.Lines:
		return o.lines(n, s, t)
	case dsl.Branches:
		return o.branches(n, s)
	case dsl.Letters:
		return slowLetters(s, t, lettersOf(n))
	case dsl.Normals:
		return slowNormals(s)
	}
	return o.elements(n, s)
}

// mixPairs returns the pairs of a distance and a coefficient for each channel of a Mix; nil of
// another operation.
func mixPairs(n *dsl.Node) (channels [][]int32) {
	if n.Op != dsl.Mix {
		return nil
	}
	for list := n.List; len(list) > 0; {
		end := 1 + 2*int(list[0])
		channels = append(channels, list[1:end])
		list = list[end:]
	}
	return channels
}

// elements returns the result of an operation on elements. It is one function because the
// cases share the element and those before it.
func (o *oracle) elements(n *dsl.Node, s []byte) []byte {
	w := int(max(n.Nums[0], -n.Nums[0]))
	mask := uint64(1)<<(8*w-1)<<1 - 1
	x := make([]uint64, len(s)/w)
	for i := range x {
		for k := range w {
			at := i*w + k
			if n.Nums[0] < 0 {
				at = i*w + w - 1 - k
			}
			x[i] |= uint64(s[at]) << (8 * k)
		}
	}
	at := func(i int) uint64 {
		if i < 0 {
			return 0
		}
		return x[i]
	}
	sign := func(v uint64) int64 { return int64(v<<(64-8*w)) >> (64 - 8*w) }
	lag, line := int(n.Nums[1]), int(n.Nums[2])
	if n.Op == dsl.Scaled || n.Op == dsl.Multiples || n.Op == dsl.Converted {
		lag, line = 0, 0
	}
	channels := mixPairs(n)
	for i, r := range x {
		left, up, corner := at(i-lag), at(i-line), at(i-line-lag)
		a, b, c := wide(left), wide(up), wide(corner)
		switch n.Op {
		case dsl.Predict:
			sum := int64(0)
			for k := 0; k < len(n.List); k += 2 {
				sum += int64(n.List[k+1]) * sign(at(i-int(n.List[k])))
			}
			r += uint64(sum >> n.Nums[1])
		case dsl.Mix:
			sum := int64(0)
			for pairs := channels[i%len(channels)]; len(pairs) > 0; pairs = pairs[2:] {
				sum += int64(pairs[1]) * sign(at(i-int(pairs[0])))
			}
			r += uint64(sum >> n.Nums[1])
		case dsl.Paeth:
			p := a + b - c
			da, db, dc := max(p-a, a-p), max(p-b, b-p), max(p-c, c-p)
			switch {
			case da <= db && da <= dc:
				r += left
			case db <= dc:
				r += up
			default:
				r += corner
			}
		case dsl.Median:
			three := []float64{a, b, a + b - c}
			slices.Sort(three)
			switch three[1] {
			case a:
				r += left
			case b:
				r += up
			default:
				r += left + up - corner
			}
		case dsl.Zigzag:
			if r&1 == 0 {
				r >>= 1
			} else {
				r = mask - r>>1
			}
		case dsl.ScanXor:
			r ^= left
		case dsl.Scaled:
			r = swapped(w, r, n.Nums[1], n.Nums[2])
		case dsl.Converted:
			r = slowEncoded(w, int(n.Nums[1]), r)
		case dsl.Multiples:
			r = multipleFor(w, n.Nums[1], n.Nums[2], r)
		case dsl.Floats:
			if sign(r) < 0 {
				r ^= mask >> 1
			}
		}
		x[i] = r & mask
	}
	out := bytes.Clone(s)
	for i := range x {
		for k := range w {
			at := i*w + k
			if n.Nums[0] < 0 {
				at = i*w + w - 1 - k
			}
			out[at] = byte(x[i] >> (8 * k))
		}
	}
	return out
}

// pack is the result of a pack, bit by bit.
func (o *oracle) pack(n *dsl.Node, s []byte) []byte {
	bits := int(max(n.Nums[0], -n.Nums[0]))
	group := bits
	for group%2 == 0 && group > bits/8 {
		group /= 2
	}
	samples := 8 * group / bits
	var out []byte
	width := 2
	if bits == 24 {
		width = 4
	}
	for len(s) >= width*samples {
		b := make([]byte, group)
		for k := range samples {
			x := int(s[width*k]) | int(s[width*k+1])<<8 | int(s[width*k+width-2])<<(8*width-16)
			for j := range bits {
				at := k*bits + j
				switch n.Nums[1] {
				case PackHigh:
					at = (k+1)*bits - 1 - j
					at = at&^7 | 7 - at&7
				case Pack212:
					at = [2][3]int{{0, 8, 99}, {16, 12, 99}}[k][j/8] + j%8
				}
				b[at/8] |= byte(x>>j&1) << (at % 8)
			}
		}
		out, s = append(out, b...), s[width*samples:]
	}
	return append(out, s...)
}

// lms is the result of an lms, weight by weight.
func (o *oracle) lms(n *dsl.Node, s []byte) []byte {
	w := int(max(n.Nums[0], -n.Nums[0]))
	weights := map[[2]int]int64{}
	var x []int64
	number := func(b []byte) (v int64) {
		for k := range w {
			c := b[k]
			if n.Nums[0] < 0 {
				c = b[w-1-k]
			}
			v |= int64(c) << (8 * k)
		}
		return v << (64 - 8*w) >> (64 - 8*w)
	}
	out := bytes.Clone(s)
	for i := range len(s) / w {
		sum := int64(0)
		for k, d := range n.List {
			if i >= int(d) {
				sum += weights[[2]int{i % int(n.Nums[1]), k}] * x[i-int(d)]
			}
		}
		rest := number(s[i*w:])
		v := rest + sum>>n.Nums[2]
		v = v << (64 - 8*w) >> (64 - 8*w)
		for k, d := range n.List {
			if i >= int(d) {
				weights[[2]int{i % int(n.Nums[1]), k}] += int64(cmp.Compare(rest, 0) * cmp.Compare(x[i-int(d)], 0))
			}
		}
		x = append(x, v)
		for k := range w {
			at := k
			if n.Nums[0] < 0 {
				at = w - 1 - k
			}
			out[i*w+at] = byte(v >> (8 * k))
		}
	}
	return out
}

// expand is the result of an expand, byte by byte.
func (o *oracle) expand(n *dsl.Node, s, t []byte) []byte {
	var columns [][]int
	count := len(t) / sum(n.List)
	for _, w := range n.List {
		column := make([]int, count)
		for k := range int(w) {
			for i := range column {
				column[i] += int(t[i]) << (8 * k)
			}
			t = t[count:]
		}
		columns = append(columns, column)
	}
	out := []byte{}
	last := []int{1, 2, 4, 8}
	for i := range count {
		out, s = append(out, s[:columns[0][i]]...), s[columns[0][i]:]
		d, at := columns[2][i]-3, 3
		if d <= 0 {
			at = columns[2][i]
			d = last[at]
		}
		last = slices.Insert(slices.Delete(last, at, at+1), 0, d)
		for range columns[1][i] + int(n.Nums[0]) {
			out = append(out, out[len(out)-d])
		}
	}
	return append(out, s...)
}

// wide returns v as a number in which sums of three elements of at most 4 bytes are exact.
func wide(v uint64) float64 { return float64(v) }

// group is the result of records, kind by kind.
func (o *oracle) group(n *dsl.Node, heads, body []byte) []byte {
	f, _ := frameOf(n)
	size := map[string]int{}
	count := map[string]int{}
	var kinds []string
	for h := range slices.Chunk(heads, f.headBytes) {
		if count[string(h)]++; count[string(h)] == 1 {
			kinds = append(kinds, string(h))
		}
		_, size[string(h)] = f.of(h)
	}
	columns := map[string][]byte{}
	for _, k := range kinds {
		all := count[k] * (size[k] - f.headBytes)
		columns[k], body = body[:all], body[all:]
	}
	out := []byte{}
	seen := map[string]int{}
	for h := range slices.Chunk(heads, f.headBytes) {
		k := string(h)
		out = append(out, h...)
		for j := range size[k] - f.headBytes {
			out = append(out, columns[k][j*count[k]+seen[k]])
		}
		seen[k]++
	}
	return out
}
