package plan

import "github.com/ktzip/ktzip/dsl"

// The operations of plans that put the bytes of rows and records of one length into
// another order.

func checkTranspose(n *dsl.Node) error {
	if n.Nums[0] < 1 || n.Nums[1] < 1 {
		return invalid("%d columns of elements of %d bytes, want at least 1 of both", n.Nums[1], n.Nums[0])
	}
	return nil
}

// transpose is row.run of Transpose: it copies between rows, n elements of w bytes each,
// and columns, one after the other. The last row may be shorter; bytes after the last
// whole element stay at the end.
func transpose(m *Machine, node *dsl.Node, l lists) error {
	rows, columns := l.result, l.args[0]
	w := int(node.Nums[0])
	count := len(rows) / w
	n := min(int(node.Nums[1]), max(count, 1)) // further columns are empty; sums with n fit into 32 bits
	switch w {
	case 1:
		transposeBytes(m.direction, rows[:count], columns[:count], n)
	case 2:
		transposeElements[uint16](m.direction, rows, columns, n)
	case 4:
		transposeElements[uint32](m.direction, rows, columns, n)
	case 8:
		transposeElements[uint64](m.direction, rows, columns, n)
	default:
		pos := 0 // in columns
		for k := range n {
			for i := k; i < count; i += n {
				m.direction.move(rows[i*w:i*w+w], columns[pos:pos+w])
				pos += w
			}
		}
	}
	m.direction.move(rows[count*w:], columns[count*w:])
	return nil
}

// transposeBytes is transpose for elements of a byte.
func transposeBytes(d direction, rows, columns []byte, n int) {
	for k := 0; k < min(n, len(rows)); k++ {
		column := columns[:(len(rows)-k+n-1)/n]
		columns = columns[len(column):]
		if d.joins() {
			for i, pos := 0, k; i < len(column) && pos < len(rows); i, pos = i+1, pos+n {
				rows[pos] = column[i]
			}
		} else {
			for i, pos := 0, k; i < len(column) && pos < len(rows); i, pos = i+1, pos+n {
				column[i] = rows[pos]
			}
		}
	}
}

// transposeElements is transpose for the elements of type T.
func transposeElements[T element](d direction, rows, columns []byte, n int) {
	count, at := len(rows)/width[T](), 0 // in columns
	for k := range min(n, count) {
		if d.joins() {
			for i := k; i < count; i += n {
				store(rows, i, load[T](columns, at))
				at++
			}
		} else {
			for i := k; i < count; i += n {
				store(columns, at, load[T](rows, i))
				at++
			}
		}
	}
}

func checkFields(n *dsl.Node) error {
	sum := int64(0)
	for _, w := range n.List {
		if w < 1 {
			return invalid("a field of %d bytes, want at least 1", w)
		}
		sum += int64(w)
	}
	if sum == 0 || sum > dsl.FullPlanned {
		return invalid("records of %d bytes, want 1 to %d", sum, dsl.FullPlanned)
	}
	return nil
}

// fields is row.run of Fields: it copies between records and their fields, all first
// ones, all second ones, …. Bytes after the last whole record stay at the end.
func fields(m *Machine, n *dsl.Node, l lists) error {
	d, records, columns := m.direction, l.result, l.args[0]
	size := sum(n.List)
	count := len(records) / size
	pos, offset := 0, 0 // in columns; of the field in a record
	for _, width := range n.List {
		w := int(width)
		for i := range count {
			d.move(records[i*size+offset:i*size+offset+w], columns[pos:pos+w])
			pos += w
		}
		offset += w
	}
	d.move(records[pos:], columns[pos:])
	return nil
}
