package wasm

import (
	"bytes"
	"encoding/binary"
)

// pcHeader is how the tables of functions begin that Go 1.20 and later write for machines with 8 bytes a
// pointer (as wasm is to Go's linker) and instructions of 1 byte. See pcHeader in Go's runtime/symtab.go.
const pcHeader = "\xf1\xff\xff\xff\x00\x00\x01\x08"

// Offsets of fields in what follows pcHeader, in words of 8 bytes.
const (
	wordFunctions   = 0 // how many there are
	wordUnits       = 4 // where the table of compilation units begins, from the header on
	wordFiles       = 5 // of the names of files
	wordValues      = 6 // of the tables of values by addresses
	wordDescribed   = 7 // of the functions
	words           = 8
	headerSize      = len(pcHeader) + 8*words
	maxFunctions    = 1 << 20 // arbitrary
	descriptionSize = 44      // bytes of a function's description before the offsets of its tables
)

// Offsets of fields in the description of a function, in bytes. See _func in Go's runtime/runtime2.go.
const (
	offStack  = 16 // offset of the table of the stack's size
	offFile   = 20 // of files
	offLine   = 24 // of lines
	offTables = 28 // how many other tables there are
)

// dropLines zeros the tables that say of which file and line an instruction is, where a traceback then
// prints "?". It changes nothing if memory has no such tables, or has them in a way it does not know.
func dropLines(memory []byte) {
	at := bytes.Index(memory, []byte(pcHeader))
	if at < 0 || len(memory)-at < headerSize {
		return
	}
	tables := memory[at:]
	word := func(k int) int {
		return int(min(binary.LittleEndian.Uint64(tables[len(pcHeader)+8*k:]), uint64(len(tables))))
	}
	n, units, files, values, described := word(wordFunctions), word(wordUnits), word(wordFiles), word(wordValues), word(wordDescribed)
	if !(units <= files && files <= values && values <= described) || n > maxFunctions || len(tables)-described < 8*n {
		return
	}
	l := lineTables{functions: tables[described:], values: tables[values:described]}
	l.used = make([]bool, len(l.values))
	for k := range n {
		if !l.keep(int(binary.LittleEndian.Uint32(l.functions[8*k+4:]))) {
			return
		}
	}
	for k := range n {
		clear(l.functions[binary.LittleEndian.Uint32(l.functions[8*k+4:])+offFile:][:8])
	}
	for k, used := range l.used {
		if !used {
			l.values[k] = 0
		}
	}
	clear(tables[units:values])
}

// lineTables are those of the functions of a module.
type lineTables struct {
	functions []byte // descriptions, and where each is
	values    []byte // tables of values by addresses; offset 0 stands for no table
	used      []bool // of each byte of values: a table that stays has it
}

// keep marks the tables of the function described at off that stay. It reports whether they are there.
func (l *lineTables) keep(off int) bool {
	if off > len(l.functions)-descriptionSize {
		return false
	}
	f := l.functions[off:]
	n := int(binary.LittleEndian.Uint32(f[offTables:]))
	if n > (len(f)-descriptionSize)/4 || !l.mark(f[offStack:]) {
		return false
	}
	for k := range n {
		if !l.mark(f[descriptionSize+4*k:]) {
			return false
		}
	}
	return true
}

// mark marks the table whose offset is at the start of b: pairs of varints, up to a 0 that is not the
// first.
func (l *lineTables) mark(b []byte) bool {
	off := int(binary.LittleEndian.Uint32(b))
	if off == 0 {
		return true
	}
	for k := 0; off < len(l.values); k++ {
		v, n := binary.Uvarint(l.values[off:])
		if n <= 0 {
			return false
		}
		for i := range n {
			l.used[off+i] = true
		}
		off += n
		if k%2 == 0 && k > 0 && v == 0 {
			return true
		}
	}
	return false
}
