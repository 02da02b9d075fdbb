package cli

import "bytes"

// holeUnit is the least run of NULs, in bytes and at a multiple of that, that
// becomes a hole: as in zstd.
const holeUnit = 32 << 10

var hole [holeUnit]byte

// writeSparse writes b at the end of the output, and leaves holes for NULs. A
// hole at the very end takes a Truncate to o.size.
func (o *output) writeSparse(b []byte) (n int, err error) {
	for n < len(b) {
		size, isHole := o.run(b[n:])
		if !isHole {
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
// whether it can be a hole.
func (o *output) run(b []byte) (size int, isHole bool) {
	for size < len(b) {
		k := min(len(b)-size, holeUnit-int((o.size+int64(size))%holeUnit))
		nuls := k == holeUnit && bytes.Equal(b[size:size+k], hole[:])
		if size > 0 && nuls != isHole {
			break
		}
		size, isHole = size+k, nuls
	}
	return size, isHole
}
