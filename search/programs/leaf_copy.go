package programs

import (
	"math/bits"

	"github.com/ktzip/ktzip/dsl"
)

// copied is copy of bytes of the stream before the window, for lines that stand in
// the stream as they are. What it proposes is for the program of the block that
// the piece starts in.
type copied struct{}

const (
	copyLeast = 6  // bytes worth a copy
	copyTries = 16 // places looked at
)

func (copied) propose(s *scratch, l *line, i int) {
	if l.origin < 0 || len(l.v)-i < copyLeast {
		return
	}
	r := &s.blocks
	at := l.origin + i
	block := r.start + (at-r.start)/r.size*r.size
	best, from := 0, 0
	p := r.index.prev(at)
	for range copyTries {
		if p < 0 || block-p > dsl.MaxDistance {
			break
		}
		s.steps--
		most := min(len(l.v)-i, min(block, r.from)-p)
		n := 0
		for n < most && int32(r.src[p+n]) == l.v[i+n] {
			n++
		}
		s.steps -= int64(n) / 8
		if n > best {
			best, from = n, p
		}
		p = r.index.prev(p)
	}
	if best < copyLeast {
		return
	}
	d := block - from
	l.offer(piece{
		op: dsl.Copy, end: int32(i + best), a: int32(d), b: int32(best),
		body: s.price.distance[bits.Len(uint(d))] + s.price.bytes[best],
	})
}

func (copied) build(b *builder, _ *line, _ int, p *piece) int {
	// Elsewhere the same numbers mean other bytes: never one node with another.
	b.nodes = append(b.nodes, dsl.Node{Op: dsl.Copy, Nums: [3]int32{p.a, p.b}})
	return len(b.nodes) - 1
}

// A copyIndex finds places in a stream that begin alike.
type copyIndex struct {
	head [1 << 13]int32
	back []int32 // the place before with the same hash, -1: none
}

// set makes x the index of src.
func (x *copyIndex) set(src []byte) {
	for k := range x.head {
		x.head[k] = -1
	}
	x.back = grow(x.back, len(src))
	for i := range src {
		x.back[i] = -1
		if i+4 <= len(src) {
			key := uint32(src[i]) | uint32(src[i+1])<<8 | uint32(src[i+2])<<16 | uint32(src[i+3])<<24
			h := key * 2654435761 >> 19
			x.back[i] = x.head[h]
			x.head[h] = int32(i)
		}
	}
}

// prev is the last place before i that may begin as i does, or -1.
func (x *copyIndex) prev(i int) int { return int(x.back[i]) }
