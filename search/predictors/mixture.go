package predictors

import (
	"math/bits"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A mixture is a predictor of any bytes under trial: contexts and matches whose predictions are mixed.
type mixture struct {
	components []dsl.Node // without references
	log        int        // of the bytes of the table of contexts
	shaped     bool       // decisions follow a Huffman code
	sets       int        // mask of the mixer's sets of weights
}

// program returns the canonical program of m.
func (m *mixture) program() *dsl.Program {
	p := &dsl.Program{Nodes: make([]dsl.Node, 1, len(m.components)+2)}
	p.Nodes[0] = dsl.Node{Op: dsl.Bytes}
	add := func(n dsl.Node) {
		n.Refs[0] = len(p.Nodes) - 1
		p.Nodes = append(p.Nodes, n)
	}
	for _, n := range m.components {
		add(n)
	}
	end := dsl.Node{Op: dsl.Mixed, Nums: [3]int32{int32(m.log)}, List: []int32{int32(m.sets)}}
	if m.shaped {
		end.Nums[1] = 1
	}
	add(end)
	p.Out = len(p.Nodes) - 1
	return p
}

// with returns m with the component n, without m's k-th one; k is -1 if that keeps all.
func (m mixture) with(n dsl.Node, k int) mixture {
	m = m.without(k)
	m.components = append(m.components, n)
	return m
}

// without returns m without its k-th component, if it has one.
func (m mixture) without(k int) mixture {
	m.components = slices.Clone(m.components)
	if k >= 0 && k < len(m.components) {
		m.components = slices.Delete(m.components, k, k+1)
	}
	return m
}

// has reports whether n is a component of m.
func (m *mixture) has(n dsl.Node) bool {
	return slices.ContainsFunc(m.components, func(c dsl.Node) bool { return same(c, n) })
}

// same reports whether two components are.
func same(a, b dsl.Node) bool {
	return a.Op == b.Op && a.Nums == b.Nums && slices.Equal(a.List, b.List)
}

// Components of mixtures.
func order(n int) dsl.Node      { return dsl.Node{Op: dsl.Order, Nums: [3]int32{int32(n)}} }
func word(n int) dsl.Node       { return dsl.Node{Op: dsl.Word, Nums: [3]int32{int32(n)}} }
func followed(n int) dsl.Node   { return dsl.Node{Op: dsl.Followed, Nums: [3]int32{int32(n)}} }
func match(n int) dsl.Node      { return dsl.Node{Op: dsl.Match, Nums: [3]int32{int32(n)}} }
func nucleotide(n int) dsl.Node { return dsl.Node{Op: dsl.Nucleotide, Nums: [3]int32{int32(n)}} }
func opcode(n int) dsl.Node     { return dsl.Node{Op: dsl.Opcode, Nums: [3]int32{int32(n)}} }
func foretold(n int) dsl.Node   { return dsl.Node{Op: dsl.Foretold, Nums: [3]int32{int32(n)}} }
func repeated(n int) dsl.Node   { return dsl.Node{Op: dsl.Repeated, Nums: [3]int32{int32(n)}} }
func column(width, n int) dsl.Node {
	return dsl.Node{Op: dsl.Column, Nums: [3]int32{int32(width), int32(n)}}
}
func above(width, neighbors int) dsl.Node {
	return dsl.Node{Op: dsl.Above, Nums: [3]int32{int32(width), int32(neighbors)}}
}
func masked(masks ...int32) dsl.Node { return dsl.Node{Op: dsl.Masked, List: masks} }

// Widths of rows that bytes end: lines, and their fields. Neighbors of a byte in rows, whose sums are.
const (
	lines, fields = 0, 1

	west, westWest, north, northWest, northEast, north2, north3, place = 1, 2, 4, 8, 16, 32, 64, 128
)

// tableLog returns log2 of the bytes of a table for n bytes: of short streams nearly every byte makes slots of
// each context, of long ones ever fewer.
func tableLog(n int) int {
	log := bits.Len(uint(n))
	return min(max(log+growingTable, min(log+freshTable, usualTable), minTable), maxTable)
}

const (
	// Tables have 2^minTable bytes at least; beyond 2^maxTable little is gained: of 8 MiB of Go's sources twice
	// as much saves 0.4 %, half as much takes 1 % more.
	minTable, maxTable = 16, 25

	// A table has 2^freshTable to twice as many bytes for each byte up to 2^usualTable, and beyond that
	// 2^growingTable. With a quarter of it 11 KB of C take 3 % more, 38 KB of machine code 0.3 %, 60 KB of
	// prose 1 %; with four times as much 0.2, 0, and 0.1 % less.
	freshTable, usualTable, growingTable = 6, 22, 4
)
