package wasm

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// pcHeader is how the tables of functions begin that Go 1.20 and later write for machines with 8 bytes a
// pointer (as wasm is to Go's linker) and instructions of 1 byte. See pcHeader in Go's runtime/symtab.go.
const pcHeader = "\xf1\xff\xff\xff\x00\x00\x01\x08"

// Words of 8 bytes in what follows pcHeader. Offsets are from pcHeader on.
const (
	wordFunctions = 0 // how many there are
	wordNames     = 3 // offset of their names, each of which ends in a NUL
	wordUnits     = 4 // of compilation units
	wordFiles     = 5 // of the names of files
	wordValues    = 6 // of the tables of values by addresses
	wordDescribed = 7 // of where each function's description is, and of these
	words         = 8
	headerSize    = len(pcHeader) + 8*words
	maxFunctions  = 1 << 20 // arbitrary
)

// Offsets in the description of a function, in bytes. See _func in Go's runtime/runtime2.go.
const (
	offEntry        = 0  // where its code starts
	offName         = 4  // offset of its name
	offStack        = 16 // of the table of the stack's size
	offFile         = 20 // of files
	offLine         = 24 // of lines
	offTables       = 28 // how many offsets of other tables follow the description
	offUnit         = 32 // offset of its compilation unit
	offStart        = 36 // line where it starts
	offFacts        = 43 // how many offsets of facts follow those, in one byte
	descriptionSize = 44

	noFacts = 1<<32 - 1 // an offset of facts that are not there
	align   = 8         // of descriptions, which follow each other in the order of functions
)

// Of what follows descriptions, what only tracebacks use, or a signal that stops a thread, which wasm has not.
// See PCDATA and FUNCDATA in Go's internal/abi/symtab.go.
var (
	traceTables = []int{0, 2, 3} // UnsafePoint, InlTreeIndex, ArgLiveIndex
	traceFacts  = []int{3, 5, 6} // InlTree, ArgInfo, ArgLiveInfo
)

// A trace is what Go's linker writes for the runtime about functions.
type trace struct {
	memory    []byte
	names     []byte
	units     []byte // and names of files
	values    []byte // tables of values by addresses; offset 0 stands for no table
	functions []byte // where descriptions are, and these
	n         int    // functions
	end       int    // where the last description ends in functions
	facts     int    // offset of facts in memory; 0 if it is not known
}

// dropTraces zeros what only tracebacks use: the names of functions, but for the runtime's, of which file and
// line an instruction is, what was inlined, and where arguments are. It changes nothing if memory has no such
// tables, or has them in a way it does not know.
func dropTraces(memory []byte) {
	t := newTrace(memory)
	if t == nil {
		return
	}
	keptNames, keptValues, keptFacts := make([]bool, len(t.names)), make([]bool, len(t.values)), map[uint32]bool{}
	var facts []uint32 // offsets
	for k := range t.n {
		f := t.function(k)
		if f == nil || f.at(offEntry) != t.entry(k) || t.offset(k) < t.end || k > 0 && t.offset(k)-t.end >= align || int(f.at(offName)) > len(t.names) {
			return
		}
		if t.ofRuntime(f) {
			markName(t.names, keptNames, f.at(offName))
		}
		t.end = max(t.end, t.offset(k)+len(f))
		for i, off := range f.tables() {
			if !slices.Contains(traceTables, i) && !markTable(t.values, keptValues, off) {
				return
			}
		}
		if !markTable(t.values, keptValues, f.at(offStack)) {
			return
		}
		for i, off := range f.facts() {
			if off != noFacts {
				facts = append(facts, off)
				keptFacts[off] = keptFacts[off] || !slices.Contains(traceFacts, i)
			}
		}
	}
	t.pack()
	clear(t.units)
	keep(t.names, keptNames)
	keep(t.values, keptValues)
	t.dropFacts(facts, keptFacts)
}

// newTrace returns nil if memory has no such tables.
func newTrace(memory []byte) *trace {
	off := bytes.Index(memory, []byte(pcHeader))
	if off < 0 || len(memory)-off < headerSize {
		return nil
	}
	all := memory[off:]
	word := func(k int) int {
		return int(min(binary.LittleEndian.Uint64(all[len(pcHeader)+8*k:]), uint64(len(all))))
	}
	names, units, values, described := word(wordNames), word(wordUnits), word(wordValues), word(wordDescribed)
	t := &trace{memory: memory, n: word(wordFunctions)}
	if !slices.IsSorted([]int{headerSize, names, units, word(wordFiles), values, described}) || t.n == 0 || t.n > maxFunctions || len(all)-described < 8*t.n {
		return nil
	}
	t.names, t.units, t.values, t.functions = all[names:units], all[units:values], all[values:described], all[described:]

	// The runtime's moduledata begins with the addresses of the header and of the names.
	const wordFacts = 40
	module := binary.LittleEndian.AppendUint64(nil, uint64(off))
	module = binary.LittleEndian.AppendUint64(module, uint64(off+names))
	if at := bytes.Index(memory, module); at >= 0 && len(memory)-at >= 8*(wordFacts+1) {
		t.facts = int(min(binary.LittleEndian.Uint64(memory[at+8*wordFacts:]), uint64(len(memory))))
	}
	return t
}

// A function is its description.
type function []byte

// entry returns where the code of function k starts.
func (t *trace) entry(k int) uint32 { return binary.LittleEndian.Uint32(t.functions[8*k:]) }

// offset returns where in t.functions the description of function k is.
func (t *trace) offset(k int) int { return int(binary.LittleEndian.Uint32(t.functions[8*k+4:])) }

// function returns function k; nil if it reaches beyond the end.
func (t *trace) function(k int) function {
	off := t.offset(k)
	if off > len(t.functions)-descriptionSize {
		return nil
	}
	f := function(t.functions[off:])
	n := descriptionSize + 4*(int(f.at(offTables))+int(f[offFacts]))
	if n > len(f) {
		return nil
	}
	return f[:n]
}

func (f function) at(off int) uint32 { return binary.LittleEndian.Uint32(f[off:]) }

func (f function) offsets(from, to int) (list []uint32) {
	for off := from; off < to; off += 4 {
		list = append(list, f.at(off))
	}
	return list
}

func (f function) factsAt() int     { return descriptionSize + 4*int(f.at(offTables)) }
func (f function) tables() []uint32 { return f.offsets(descriptionSize, f.factsAt()) }
func (f function) facts() []uint32  { return f.offsets(f.factsAt(), len(f)) }

// ofRuntime reports whether f is a function of the runtime, which tells its own goroutines by such names.
func (t *trace) ofRuntime(f function) bool {
	return bytes.HasPrefix(t.names[f.at(offName):], []byte("runtime."))
}

// pack writes the descriptions anew, without what tracebacks use, one after the other from the first on.
func (t *trace) pack() {
	from := t.offset(0)
	var all []byte
	for k := range t.n {
		f := t.function(k)
		binary.LittleEndian.PutUint32(t.functions[8*k+4:], uint32(from+len(all)))
		if !t.ofRuntime(f) {
			binary.LittleEndian.PutUint32(f[offName:], 0) // which stands for no name
		}
		all = f.appendTo(all)
	}
	clear(t.functions[from+copy(t.functions[from:], all) : t.end])
}

// appendTo appends a description that has none of what tracebacks use.
func (f function) appendTo(b []byte) []byte {
	head := slices.Clone(f[:descriptionSize])
	clear(head[offFile : offLine+4])
	clear(head[offUnit : offStart+4])
	tables, facts := f.tables(), f.facts()
	for _, k := range traceTables {
		if k < len(tables) {
			tables[k] = 0
		}
	}
	for _, k := range traceFacts {
		if k < len(facts) {
			facts[k] = noFacts
		}
	}
	for len(tables) > 0 && tables[len(tables)-1] == 0 {
		tables = tables[:len(tables)-1]
	}
	for len(facts) > 0 && facts[len(facts)-1] == noFacts {
		facts = facts[:len(facts)-1]
	}
	binary.LittleEndian.PutUint32(head[offTables:], uint32(len(tables)))
	head[offFacts] = byte(len(facts))
	b = append(b, head...)
	for _, off := range slices.Concat(tables, facts) {
		b = binary.LittleEndian.AppendUint32(b, off)
	}
	return b
}

// markName marks the name at off, with its NUL.
func markName(names []byte, kept []bool, off uint32) {
	for k := int(off); k < len(names); k++ {
		kept[k] = true
		if names[k] == 0 {
			return
		}
	}
}

// markTable marks the table at off: pairs of varints, up to a 0 that is not the first.
func markTable(values []byte, kept []bool, from uint32) bool {
	off := int(from)
	if off == 0 {
		return true
	}
	for k := 0; off < len(values); k++ {
		v, n := binary.Uvarint(values[off:])
		if n <= 0 {
			return false
		}
		for i := range n {
			kept[off+i] = true
		}
		off += n
		if k%2 == 0 && k > 0 && v == 0 {
			return true
		}
	}
	return false
}

// keep zeros what is not kept of b.
func keep(b []byte, kept []bool) {
	for k := range b {
		if !kept[k] {
			b[k] = 0
		}
	}
}

// dropFacts zeros the facts at offsets that are not kept, up to those that follow.
func (t *trace) dropFacts(offsets []uint32, kept map[uint32]bool) {
	slices.Sort(offsets)
	offsets = slices.Compact(offsets)
	for k := range len(offsets) - 1 { // how long the last are is not known
		from, to := t.facts+int(offsets[k]), t.facts+int(offsets[k+1])
		if t.facts > 0 && !kept[offsets[k]] && to <= len(t.memory) {
			clear(t.memory[from:to])
		}
	}
}
