package programs

import (
	"encoding/binary"
	"math/bits"

	"github.com/ktzip/ktzip/dsl"
)

// copyLeaf is copy of bytes of the stream before the window, for lines that stand
// in the stream as they are. What it proposes is right only in the program of the
// block in which the piece starts.
type copyLeaf struct{}

const (
	minCopy   = 6  // bytes (arbitrary)
	copyTries = 16 // positions compared for one copy (arbitrary)
)

func (copyLeaf) propose(m *meter, l *line, i int) {
	if l.source == nil || len(l.v)-i < minCopy {
		return
	}
	r := l.source
	pos := l.origin + i
	block := r.start + (pos-r.start)/r.size*r.size
	longest, from := 0, 0
	p := r.index.prev(pos)
	for range copyTries {
		if p < 0 || block-p > dsl.MaxDistance {
			break
		}
		m.steps--
		most := min(len(l.v)-i, min(block, r.window)-p)
		n := 0
		for n < most && int32(r.src[p+n]) == l.v[i+n] {
			n++
		}
		m.steps -= int64(n) / 8 // a comparison is cheap, an eighth of a step
		if n > longest {
			longest, from = n, p
		}
		p = r.index.prev(p)
	}
	if longest < minCopy {
		return
	}
	d := block - from
	l.offer(piece{
		op: dsl.Copy, end: int32(i + longest), x: int32(d), y: int32(longest),
		body: m.price.distance[bits.Len(uint(d))] + m.price.bytes[longest],
	})
}

// build: p.y bytes are copied from p.x before the block. The same numbers mean
// other bytes in another block, so no two copies are one node.
func (copyLeaf) build(b *builder, _ *line, _ int, p *piece) int {
	b.nodes = append(b.nodes, dsl.Node{Op: dsl.Copy, Nums: [3]int32{p.x, p.y}})
	return len(b.nodes) - 1
}

// A source is the stream that copies take bytes from.
type source struct {
	src    []byte // from the first byte that may be copied to the end of the last block
	start  int    // of the first block
	size   int    // of a block
	window int    // where the window being searched starts
	index  copyIndex
}

// A copyIndex finds positions in a stream that begin alike.
type copyIndex struct {
	head [1 << copyHashBits]int32 // last position with a hash; -1 if there is none
	back []int32                  // back[i]: last position before i with its hash; -1 if there is none
}

// copyHashBits is the binary logarithm of the number of hashes (arbitrary: 32 KiB,
// a first-level cache).
const copyHashBits = 13

// set makes x the index of src, by the hash of 4 bytes (Knuth's multiplicative one).
func (x *copyIndex) set(src []byte) {
	for k := range x.head {
		x.head[k] = -1
	}
	x.back = grow(x.back, len(src))
	for i := range src {
		x.back[i] = -1
		if i+4 <= len(src) {
			h := binary.LittleEndian.Uint32(src[i:]) * 2654435761 >> (32 - copyHashBits)
			x.back[i] = x.head[h]
			x.head[h] = int32(i)
		}
	}
}

// prev returns the last position before i that may begin as i does, or -1.
func (x *copyIndex) prev(i int) int { return int(x.back[i]) }
