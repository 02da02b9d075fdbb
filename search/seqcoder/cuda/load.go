package cuda

import (
	"fmt"
	"math"
)

// A loader puts weights on the device until something fails.
type loader struct {
	t   *Transformer
	err error
}

func (l *loader) room(n int) Memory {
	if l.err != nil {
		return Memory{}
	}
	m, err := l.t.dev.take(int64(n))
	if err != nil {
		l.err = err
		return Memory{}
	}
	l.t.all = append(l.t.all, m)
	return m
}

// floats are list, of n numbers; -1: any.
func (l *loader) floats(list []float32, n int) address {
	if l.err == nil && n >= 0 && len(list) != n {
		l.err = fmt.Errorf("cuda: %d weights, not %d", len(list), n)
	}
	m := l.room(4 * len(list))
	if l.err == nil {
		l.err = l.t.dev.Write(m, bytesOf(list))
	}
	return m.at
}

// matrix is list (n, k) in bf16, with rows of zeros up to the next 128.
func (l *loader) matrix(list []float32, n, k int) address {
	if l.err == nil && len(list) != n*k {
		l.err = fmt.Errorf("cuda: %d weights of a matrix, not %d", len(list), n*k)
	}
	if l.err != nil {
		return 0
	}
	halves := make([]uint32, up(n, 128)*k/2)
	for i := range len(list) / 2 {
		halves[i] = bf16(list[2*i]) | bf16(list[2*i+1])<<16
	}
	m := l.room(4 * len(halves))
	if l.err == nil {
		l.err = l.t.dev.Write(m, bytesOf(halves))
	}
	return m.at
}

// bf16 is the nearest number of 16 bits.
func bf16(x float32) uint32 {
	u := math.Float32bits(x)
	return (u + 0x7fff + u>>16&1) >> 16
}
