package plan

import (
	"encoding/binary"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// Elements of few values: a table of these, in ascending order so that near values have near
// indices, and for each element the index of 1 or 2 bytes. What scales samples of a converter to
// physical units, by whatever factor and rounding, leaves such elements.

// checkLookup is row.check of Lookup.
func checkLookup(n *dsl.Node) error {
	if i := n.Nums[1]; i != 1 && i != 2 {
		return invalid("indices of %d bytes, want 1 or 2", i)
	}
	return checkElement(n)
}

// lookupLengths is row.lengths of Lookup: an index for each whole element, then the remaining bytes.
func lookupLengths(n *dsl.Node, size int, stated [2]int) (wanted [2]int, err error) {
	w, i := int(max(n.Nums[0], -n.Nums[0])), int(n.Nums[1])
	switch t := stated[1]; {
	case t < 0:
		return wanted, invalid("the plan states no length of the table of a lookup")
	case t%w != 0 || t/w > 1<<(8*i):
		return wanted, invalid("a table of %d bytes, want at most %d elements of %d bytes", t, 1<<(8*i), w)
	}
	return [2]int{size/w*i + size%w, stated[1]}, nil
}

// lookup is row.run of Lookup.
func lookup(m *Machine, n *dsl.Node, l lists) error {
	w, i := int(max(n.Nums[0], -n.Nums[0])), int(n.Nums[1])
	indices, table := l.args[0], l.args[1]
	m.direction.move(l.result[len(l.result)/w*w:], indices[len(l.result)/w*i:])
	indices = indices[:len(l.result)/w*i]
	if m.direction == splitting {
		return splitLookup(l.result, indices, table, int(n.Nums[0]))
	}
	if i == 1 {
		return joinLookup[uint8](l.result, indices, table, w)
	}
	return joinLookup[uint16](l.result, indices, table, w)
}

// joinLookup sets the elements of result, of w bytes, to those of the table at the indices, of type I.
func joinLookup[I element](result, indices, table []byte, w int) error {
	count := len(table) / w
	for i := range len(indices) / width[I]() {
		at := int(load[I](indices, i))
		if at >= count {
			return invalid("index %d of a table of %d elements", at, count)
		}
		copy(result[i*w:(i+1)*w], table[at*w:])
	}
	return nil
}

// splitLookup undoes joinLookup for elements of type w.
func splitLookup(result, indices, table []byte, w int) error {
	size := max(w, -w)
	count, most := len(result)/size, len(table)/size
	values, places := Values(result, w, most)
	if len(values) > most {
		return invalid("more values than the %d of a table", most)
	}
	for k := range most {
		if len(values) > 0 {
			storeNumber(table[k*size:], w, values[min(k, len(values)-1)])
		}
	}
	for i := range count {
		at := places[loadNumber(result[i*size:], w)]
		if len(indices) == count {
			indices[i] = byte(at)
		} else {
			binary.LittleEndian.PutUint16(indices[2*i:], at)
		}
	}
	return nil
}

// Values returns the values of the elements of type w of b in ascending order, and the place of each;
// or most + 1 of them, without places, if there are more than most, which is at most 2^16.
func Values(b []byte, w, most int) (values []int64, places map[int64]uint16) {
	places = map[int64]uint16{}
	for size := max(w, -w); len(b) >= size && len(values) <= most; b = b[size:] {
		x := loadNumber(b, w)
		if _, ok := places[x]; !ok {
			places[x] = 0
			values = append(values, x)
		}
	}
	slices.Sort(values)
	if len(values) > most {
		return values, nil
	}
	for k, x := range values {
		places[x] = uint16(k)
	}
	return values, places
}

// loadNumber returns the number of type w that b starts with, with its sign.
func loadNumber(b []byte, w int) int64 {
	switch w {
	case 1:
		return int64(int8(b[0]))
	case 2:
		return int64(int16(binary.LittleEndian.Uint16(b)))
	case 4:
		return int64(int32(binary.LittleEndian.Uint32(b)))
	case 8:
		return int64(binary.LittleEndian.Uint64(b))
	case -2:
		return int64(int16(binary.BigEndian.Uint16(b)))
	case -4:
		return int64(int32(binary.BigEndian.Uint32(b)))
	}
	return int64(binary.BigEndian.Uint64(b))
}

// storeNumber sets the number of type w that b starts with to x.
func storeNumber(b []byte, w int, x int64) {
	for k := range max(w, -w) {
		at := k
		if w < 0 {
			at = -w - 1 - k
		}
		b[at] = byte(x >> (8 * k))
	}
}
