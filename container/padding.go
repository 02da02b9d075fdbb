package container

import "io"

// skipPadding reads the NULs after an end mark (FORMAT.md, section 2), and reports whether
// another file follows.
func (r *Reader) skipPadding() (more bool, err error) {
	start := r.off
	for {
		b, err := r.buffer.Peek(1)
		if err == io.EOF {
			return false, nil
		}
		if err != nil {
			return false, wrap(r.off, "padding", err)
		}
		if b[0] != 0 {
			break
		}
		b, _ = r.buffer.Peek(r.buffer.Buffered())
		n := leadingZeros(b)
		r.buffer.Discard(n)
		r.off += int64(n)
	}
	if r.off > start {
		return false, &Error{r.off, "bytes after the padding", ErrCorrupt}
	}
	return true, nil
}

// leadingZeros returns how many zeros b begins with.
func leadingZeros(b []byte) int {
	for i, c := range b {
		if c != 0 {
			return i
		}
	}
	return len(b)
}

// PaddingStart returns the offset of the padding that ends the size bytes of r; size if there is
// none.
func PaddingStart(r io.ReaderAt, size int64) (int64, error) {
	const chunk = 4 << 10 // one page: most files have no padding
	b := make([]byte, max(0, min(size, chunk)))
	for end := size; end > 0; {
		b = b[:min(end, chunk)]
		if _, err := r.ReadAt(b, end-int64(len(b))); err != nil && err != io.EOF {
			return 0, wrap(end, "padding", err)
		}
		for k := len(b); k > 0; k-- {
			if b[k-1] != 0 {
				return end - int64(len(b)-k), nil
			}
		}
		end -= int64(len(b))
	}
	return 0, nil
}
