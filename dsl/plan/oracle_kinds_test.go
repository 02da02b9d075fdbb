package plan

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// An oracleField is a field of columns or kinds.
type oracleField struct {
	dsl.Node  // Nums are the numbers that state it, List is its factor
	at, width int
	other     *oracleField
}

// fieldsFrom returns the fields that list states, of records whose fields start at byte at.
func fieldsFrom(list []int32, at int) (fields []*oracleField) {
	var factor []int32
	for c := range slices.Chunk(list, 3) {
		if c[0] == 0 {
			factor = c[1:]
			continue
		}
		f := &oracleField{Node: dsl.Node{Nums: [3]int32(c), List: factor}, at: at, width: int(max(c[0], -c[0]))}
		factor = nil
		if c[2] > 0 {
			f.other = fields[len(fields)-int(c[2])]
		}
		at += f.width
		fields = append(fields, f)
	}
	return fields
}

// bigEndian returns the bytes of field f of record, the most significant first.
func (f *oracleField) bigEndian(record []byte) []byte {
	b := slices.Clone(record[f.at : f.at+f.width])
	if f.Nums[0] > 0 {
		slices.Reverse(b)
	}
	return b
}

// flipped returns the number that b is, the most significant byte first, as field f sees it, or the
// other way round.
func (f *oracleField) flipped(b []byte) (x uint64) {
	float := f.Nums[1]/16 == 1
	for k, c := range b {
		if k == 0 && c >= 128 && float {
			c = c ^ 127
		} else if b[0] >= 128 && float {
			c = ^c
		}
		x = x<<8 | uint64(c)
	}
	switch k := f.Nums[1]/16 - 2; {
	case f.List != nil && k == 15:
		return swapped(f.width, x, f.List[0], f.List[1])
	case k >= 0 && k < 10:
		return swapped(f.width, x, 1, []int32{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9}[k])
	}
	return x
}

// number returns what b, the most significant byte first, stands for. Other tests compare these
// mappings with pattern.
func (f *oracleField) number(b []byte) uint64 {
	x := f.flipped(b)
	if k := int(f.Nums[1]) / 16; k == 18 {
		m, _ := newMultiple(f.width, f.List[0], f.List[1])
		return m.split(x)
	} else if k >= 12 && k < 17 {
		c, _ := newConversion(f.width, k-12)
		return c.split(x)
	}
	return x
}

// pattern undoes number.
func (f *oracleField) pattern(b []byte) uint64 {
	x := f.flipped(b)
	if k := int(f.Nums[1]) / 16; k == 18 {
		return multipleFor(f.width, f.List[0], f.List[1], x)
	} else if k >= 12 && k < 17 {
		return slowEncoded(f.width, k-12, x)
	}
	return x
}

// join sets f in the records that are long enough for it. It returns what remains of columns.
func (f *oracleField) join(records [][]byte, columns []byte) []byte {
	predictor := f.Nums[1] % 16
	if predictor == 0 {
		for k := range f.width {
			for _, r := range records {
				if len(r) > f.at+k {
					r[f.at+k], columns = columns[0], columns[1:]
				}
			}
		}
		return columns
	}
	records = slices.DeleteFunc(slices.Clone(records), func(r []byte) bool { return len(r) < f.at+f.width })
	count := len(records)
	alike := map[byte]uint64{}
	var x, others []uint64
	back := func(list []uint64, i, d int) uint64 {
		if i < d {
			return 0
		}
		return list[i-d]
	}
	for i, r := range records {
		if predictor == 7 {
			copy(r[f.at:f.at+f.width], columns[i*f.width:])
			continue
		}
		var other uint64
		var low byte
		if f.other != nil {
			b := f.other.bigEndian(r)
			other, low = f.number(b), b[len(b)-1]
		}
		others = append(others, other)
		expected := []uint64{1: back(x, i, 1), 2: 2*back(x, i, 1) - back(x, i, 2), 3: back(x, i, 1), 4: other,
			5: back(x, i, 1) + other - back(others, i, 1), 6: alike[low]}[predictor]
		var residual uint64
		for k := range f.width {
			residual += uint64(columns[k*count+i]) << (8 * k)
		}
		v := expected ^ residual
		if predictor != 3 {
			if v = expected + residual/2; residual%2 == 1 {
				v = expected - residual/2 - 1
			}
		}
		b := make([]byte, f.width)
		for k := range b {
			b[f.width-1-k] = byte(v >> (8 * k))
		}
		mask := uint64(1)<<(8*f.width-1)<<1 - 1
		x = append(x, v&mask)
		alike[low] = v & mask
		v = f.pattern(b)
		for k := range b {
			b[f.width-1-k] = byte(v >> (8 * k))
		}
		if f.Nums[0] > 0 {
			slices.Reverse(b)
		}
		copy(r[f.at:], b)
	}
	return columns[count*f.width:]
}

// columns is the result of a columns.
func (o *oracle) columns(n *dsl.Node, s []byte) []byte {
	fields := fieldsFrom(n.List, 0)
	last := fields[len(fields)-1]
	size := last.at + last.width
	out := make([]byte, len(s)/size*size)
	records := slices.Collect(slices.Chunk(out, size))
	for _, f := range fields {
		s = f.join(records, s)
	}
	return append(out, s...)
}

// An oracleFrame tells kinds and lengths of records.
type oracleFrame struct {
	h       int
	list    []int32
	keys    []int32
	types   [][]int32
	schemas map[uint32][]int32
	others  []int32
}

func frameFrom(n *dsl.Node) (f oracleFrame) {
	f = oracleFrame{h: int(n.Nums[0]), list: n.List[:5], schemas: map[uint32][]int32{}}
	list := n.List[6:]
	f.keys, list = list[:n.List[5]], list[n.List[5]:]
	types := int(list[0])
	f.types, list = slices.Collect(slices.Chunk(list[1:1+3*types], 3)), list[1+3*types:]
	for len(list) > 0 {
		key, size := list[0], 3*int(list[1])
		if key == -1 {
			f.others = list[2 : 2+size]
		} else {
			f.schemas[uint32(key)] = list[2 : 2+size]
		}
		list = list[2+size:]
	}
	return f
}

// of returns the key and the length of record i, whose head is head; -1 if it has none.
func (f *oracleFrame) of(i int, head []byte) (key uint32, length int) {
	p, w := int(f.list[0]), int(f.list[1])
	if w == 0 {
		length = -1
		for k, t := range f.types {
			if t[0] == int32(head[p]) && int(t[2]) <= i {
				key, length = uint32(k), int(t[1])
			}
		}
		return key, length
	}
	for _, k := range f.keys {
		key = key*256 + uint32(head[k])
	}
	switch {
	case w == 16 && head[p] < 128:
		length = int(head[p]) + 1
	case w == 16 && head[p+1] < 128:
		length = int(head[p])%128 + 128*int(head[p+1]) + 2
	case w == 16:
		return key, -1
	case w < 0:
		for _, c := range head[p : p-w] {
			length = 256*length + int(c)
		}
	default:
		for k := range w {
			length += int(head[p+k]) << (8 * k)
		}
	}
	length = length*int(f.list[2]) + int(f.list[3])
	for length%int(f.list[4]) != 0 {
		length++
	}
	return key, length
}

// kinds is the result of a kinds.
func (o *oracle) kinds(n *dsl.Node, heads, bodies []byte) []byte {
	f := frameFrom(n)
	var records [][]byte
	var order []uint32
	byKind := map[uint32][][]byte{}
	for head := range slices.Chunk(heads, f.h) {
		key, length := f.of(len(records), head)
		r := make([]byte, length)
		copy(r, head)
		records = append(records, r)
		if byKind[key] == nil {
			order = append(order, key)
		}
		byKind[key] = append(byKind[key], r)
	}
	for _, key := range order {
		list, ok := f.schemas[key]
		if !ok {
			list = f.others
		}
		fields := fieldsFrom(list, f.h)
		for _, field := range fields {
			bodies = field.join(byKind[key], bodies)
		}
		for _, r := range byKind[key] {
			end := f.h
			for _, field := range fields {
				if field.Nums[1] == 0 && field.at < len(r) {
					end = min(len(r), field.at+field.width)
				} else if field.at+field.width <= len(r) {
					end = field.at + field.width
				}
			}
			bodies = bodies[copy(r[end:], bodies):]
		}
	}
	return slices.Concat(records...)
}
