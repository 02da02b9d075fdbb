package cli

import "bytes"

const (
	leastHole  = 32 << 10 // bytes: as in zstd
	sparseUnit = 4 << 10  // bytes that are looked at together: most file systems' block
)

var nulls [leastHole]byte

// writeSparse writes b at the end of the output, and leaves holes for long runs
// of NULs. A hole at the very end takes a Truncate to o.size.
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

// run returns the length of the first run of b, which is written at o.size, and
// whether it is one of NULs.
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

// fillNulls writes the NULs at the end of the output, if they are too few for a
// hole.
func (o *output) fillNulls() error {
	n := o.nulls
	o.nulls = 0
	if n == 0 || n >= leastHole {
		return nil
	}
	_, err := o.file.WriteAt(nulls[:n], o.size-n)
	return err
}
