package pairs

import (
	"bytes"
	"fmt"
	"io"
	"os"
)

// maxRealBytes is the most that the files of --real may have together, since a Drawer has them
// in memory. It is arbitrary.
const maxRealBytes = 256 << 20

// readReal returns the contents of files, each of at least windowBytes.
func readReal(names []string) (contents [][]byte, err error) {
	left := int64(maxRealBytes)
	for _, name := range names {
		data, err := readAtMost(name, left)
		switch {
		case err != nil:
			return nil, fmt.Errorf("--real: %w", err)
		case int64(len(data)) > left:
			return nil, fmt.Errorf("--real %s: the files have more than %d MiB together", name, maxRealBytes>>20)
		case len(data) < windowBytes:
			return nil, fmt.Errorf("--real %s: %d bytes, must have at least %d", name, len(data), windowBytes)
		}
		left -= int64(len(data))
		contents = append(contents, data)
	}
	return contents, nil
}

// readAtMost returns the bytes of a file; the first n + 1 if it has more than n.
func readAtMost(name string, n int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, n+1))
}

// real draws windowBytes bytes from a random place of a random file, with the program that the
// search finds, if there is one.
func (b *batch) real() Pair {
	data := b.files[b.rand.IntN(len(b.files))]
	off := b.rand.IntN(len(data) - windowBytes + 1)
	return b.found(bytes.Clone(data[off : off+windowBytes]))
}
