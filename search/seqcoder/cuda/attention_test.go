//go:build (linux || darwin) && (386 || amd64 || arm || arm64)

package cuda

import (
	"math"

	"github.com/ktzip/ktzip/search/seqcoder/model"
)

// testAttend stores the keys and values of texts in pages that are out of order, copies the
// pages, and computes attention to the copies, row by row and text by text.
func testAttend(b *rig) {
	for size := range attentionKernels {
		testHeads(b, size, []int{70, 1, 150, 33})
	}
}

func testHeads(b *rig, size int, lengths []int) {
	const heads, wide, page = 2, 10, 16
	c := heads * size
	var text, seen, place, last, tables, from, to []int32
	number := b.r.Perm(100)
	for k, n := range lengths {
		for i := range wide {
			id := int32(-1)
			if i < model.PagesFor(n) {
				id = int32(number[len(from)])
				from, to = append(from, id), append(to, 100+id)
			}
			tables = append(tables, id)
		}
		for i := range n {
			text, seen = append(text, int32(k)), append(seen, int32(i+1))
			place = append(place, tables[k*wide+i/page]*page+int32(i%page))
		}
		last = append(last, int32(len(text)-1))
	}
	rows := len(text)
	qkv := rounded(b.numbers(rows * 3 * c))
	const pages = 200
	held := b.memory(2 * pages * page * c) // two layers
	layer := held.addr + address(pages*2*page*c*2)
	at := put(b, pairs(qkv)).addr
	batch := &model.Batch{Place: place, Text: text, Seen: seen, Last: last, Tables: tables, Wide: wide}
	const moreRows, moreTexts = 300, 8 // than there are
	b.launch("remember", [2]int{blocksOfWarps(moreRows), 1}, 128, at, b.batch(batch), layer, int32(c))
	b.launch("copyPages", [2]int{len(from), 2}, 128, held.addr, put(b, from).addr, put(b, to).addr, int32(pages), int32(c))
	for i := range tables {
		if tables[i] >= 0 {
			tables[i] += 100 // the copy
		}
	}
	scale := float32(1 / math.Sqrt(float64(size)))
	want := attended(qkv, seen, size, heads)
	copied := b.batch(batch)
	y := b.memory(rows * c / 2)
	b.launch(attentionKernels[size].write, [2]int{moreRows / 8, heads}, 256, at, copied, layer, y.addr, int32(c), scale)
	b.close("write", unpaired(get[uint32](b, y, rows*c/2)), want, 1e-2)
	const tiles = 2
	y = b.memory(rows * c / 2)
	b.launch(attentionKernels[size].read, [2]int{tiles * moreTexts, heads}, 128, at, copied, layer, y.addr, int32(tiles), int32(c), scale)
	b.close("read", unpaired(get[uint32](b, y, rows*c/2)), want, 1e-2)
}

// attended returns the attention of rows (…, 3 * heads * size) to the first seen rows of their
// texts, by its definition.
func attended(qkv []float32, seen []int32, size, heads int) []float64 {
	c := heads * size
	want := make([]float64, len(qkv)/3)
	for r, n := range seen {
		first := r - int(n) + 1
		for h := 0; h < c; h += size {
			var scores []float64
			sum := 0.0
			for j := first; j <= r; j++ {
				s := 0.0
				for k := range size {
					s += float64(qkv[r*3*c+h+k]) * float64(qkv[j*3*c+c+h+k])
				}
				scores = append(scores, math.Exp(s/math.Sqrt(float64(size))))
				sum += scores[len(scores)-1]
			}
			for j, s := range scores {
				for k := range size {
					want[r*c+h+k] += s / sum * float64(qkv[(first+j)*3*c+2*c+h+k])
				}
			}
		}
	}
	return want
}
