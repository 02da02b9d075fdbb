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
	d, rows, columns := m.direction, l.result, l.args[0]
	w, n := int(node.Nums[0]), int(node.Nums[1])
	count := len(rows) / w
	n = min(n, max(count, 1)) // further columns are empty; sums with n fit into 32 bits
	if w == 1 {
		transposeBytes(d, rows, columns, n)
		return nil
	}
	pos := 0 // in columns
	for k := 0; k < min(n, count); k++ {
		for i := k; i < count; i += n {
			d.move(rows[i*w:i*w+w], columns[pos:pos+w])
			pos += w
		}
	}
	d.move(rows[pos:], columns[pos:])
	return nil
}

// transposeBytes is transpose for elements of a byte.
func transposeBytes(d direction, rows, columns []byte, n int) {
	for k := 0; k < min(n, len(rows)); k++ {
		column := columns[:(len(rows)-k+n-1)/n]
		columns = columns[len(column):]
		if d == joining {
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
