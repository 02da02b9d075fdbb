package cli

import "bytes"

const (
	minHole    = 32 << 10 // bytes, as in zstd
	sparseUnit = 4 << 10  // bytes, the block of most file systems: a unit is a hole or not
)

var nulls [minHole]byte

// writeSparse appends b to the output and leaves holes for long runs of NULs. If the output
// ends in a hole, the caller must truncate the file to o.size.
func (o *output) writeSparse(b []byte) (n int, err error) {
	for n < len(b) {
		size, isNull := o.run(b[n:])
		if isNull {
			o.nulls += int64(size)
		} else {
			if err := o.fillNulls(); err != nil {
				return n, err
			}
			if size, err = o.file.WriteAt(b[n:n+size], o.size); err != nil {
				o.size += int64(size)
				return n + size, err
			}
		}
		n += size
		o.size += int64(size)
	}
	return n, nil
}

// run returns the length of the first run of b, which belongs at o.size, and whether its
// units are all NULs; if not, none of them is.
func (o *output) run(b []byte) (size int, isNull bool) {
	for size < len(b) {
		k := min(len(b)-size, sparseUnit-int((o.size+int64(size))%sparseUnit))
		null := bytes.Equal(b[size:size+k], nulls[:k])
		if size > 0 && null != isNull {
			break
		}
		size, isNull = size+k, null
	}
	return size, isNull
}

// fillNulls writes the NULs at the end of the output if they are too few for a hole.
func (o *output) fillNulls() error {
	n := o.nulls
	o.nulls = 0
	if n == 0 || n >= minHole {
		return nil
	}
	_, err := o.file.WriteAt(nulls[:n], o.size-n)
	return err
}
