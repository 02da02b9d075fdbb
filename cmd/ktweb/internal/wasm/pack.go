// Package wasm makes WebAssembly modules that Go's linker wrote smaller.
//
// The linker writes a table for the runtime that leads from code to its function: for each function 16
// rows of 20 bytes, all zeros but for the number of the function. A module stores memory as segments,
// without long runs of zeros, so that each row is a segment of about 11 bytes: a tenth of a module that
// restores files. Pack replaces these segments by a function that counts, which runs before all others. It also
// drops what only tracebacks use: names of functions, files and lines.
package wasm

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
)

// The sections of a module that matter here, by their identifiers.
const (
	typeSection     = 1
	importSection   = 2
	functionSection = 3
	startSection    = 8
	elementSection  = 9
	codeSection     = 10
	dataSection     = 11
)

const (
	rowSize = 20 // bytes of a row of the table
	rows    = 16 // of each function
	minRun  = 64 // functions that a table has at least; arbitrary, and enough not to be taken for other data

	// maxMemory bounds the memory that a module sets, in bytes. Arbitrary; those of Go set a few MB.
	maxMemory = 1 << 28
)

var (
	errFormat = errors.New("wasm: not a module as Go's linker writes it")
	errTable  = errors.New("wasm: the module has no table of functions")
)

type section struct {
	id      byte
	content []byte
}

// Pack returns a module that does what module does, but for names and lines in the stacks of panics. Its memory is the
// same before any export is called, but for these. The error says that the module is not as Go's linker writes it.
func Pack(module []byte) (packed []byte, err error) {
	defer func() {
		if recover() != nil { // an offset or a length that is not what it is taken for
			packed, err = nil, errFormat
		}
	}()
	sections, err := split(module)
	if err != nil {
		return nil, err
	}
	memory, err := Memory(module)
	if err != nil {
		return nil, err
	}
	dropTraces(memory)
	base, n := table(memory)
	if n == 0 {
		return nil, errTable
	}
	for k := range n {
		clear(memory[base+k*rowSize:][:4])
	}
	content := func(id byte) *[]byte {
		k := slices.IndexFunc(sections, func(s section) bool { return s.id == id })
		if k < 0 {
			err = errFormat
			return new([]byte)
		}
		return &sections[k].content
	}
	types, imports := *content(typeSection), *content(importSection)
	functions, code, data := content(functionSection), content(codeSection), content(dataSection)
	if err != nil {
		return nil, err
	}
	kind, err := plainType(types)
	if err != nil {
		return nil, err
	}
	count, err := uvarint(functions)
	if err != nil {
		return nil, err
	}
	imported, err := uvarint(&imports) // all are functions, as Go's are
	if err != nil {
		return nil, err
	}
	if _, err := uvarint(code); err != nil {
		return nil, err
	}
	*functions = append(appendUvarint(nil, count+1), append(*functions, appendUvarint(nil, uint64(kind))...)...)
	*code = append(appendUvarint(nil, count+1), append(*code, fill(base, n)...)...)
	*data = segments(memory)
	start := section{startSection, appendUvarint(nil, imported+count)}
	k := slices.IndexFunc(sections, func(s section) bool { return s.id == startSection || s.id == elementSection })
	if k < 0 || sections[k].id == startSection {
		return nil, errFormat
	}
	return join(slices.Insert(sections, k, start)), nil
}

const preamble = "\x00asm\x01\x00\x00\x00"

func split(module []byte) (list []section, err error) {
	b, ok := bytes.CutPrefix(module, []byte(preamble))
	if !ok {
		return nil, errFormat
	}
	for len(b) > 0 {
		id := b[0]
		b = b[1:]
		n, err := uvarint(&b)
		if err != nil || n > uint64(len(b)) {
			return nil, errFormat
		}
		list = append(list, section{id, b[:n:n]})
		b = b[n:]
	}
	return list, nil
}

func join(list []section) []byte {
	b := []byte(preamble)
	for _, s := range list {
		b = append(appendUvarint(append(b, s.id), uint64(len(s.content))), s.content...)
	}
	return b
}

// Memory returns the memory that the data section of a module sets, up to its last byte.
func Memory(module []byte) (memory []byte, err error) {
	sections, err := split(module)
	if err != nil {
		return nil, err
	}
	for _, s := range sections {
		if s.id != dataSection {
			continue
		}
		b := s.content
		count, err := uvarint(&b)
		if err != nil {
			return nil, err
		}
		for range count {
			if b, err = segment(b, &memory); err != nil {
				return nil, err
			}
		}
	}
	return memory, nil
}

// segment stores the segment at the start of b in memory, which it enlarges, and returns what follows.
func segment(b []byte, memory *[]byte) ([]byte, error) {
	b, ok := bytes.CutPrefix(b, []byte{0, opConst}) // in the only memory, at a constant
	if !ok {
		return nil, errFormat
	}
	off, err := uvarint(&b) // signed, but positive
	if err != nil {
		return nil, err
	}
	b, ok = bytes.CutPrefix(b, []byte{opEnd})
	if !ok {
		return nil, errFormat
	}
	n, err := uvarint(&b)
	if err != nil || n > uint64(len(b)) || off > maxMemory {
		return nil, errFormat
	}
	if end := int(off + n); end > len(*memory) {
		*memory = append(*memory, make([]byte, end-len(*memory))...)
	}
	copy((*memory)[off:], b[:n])
	return b[n:], nil
}

// segments returns a data section that sets memory.
func segments(memory []byte) []byte {
	const gap = 12 // zeros that divide segments, each of which takes 8 bytes more; with 8, gzip makes 1 % more of all
	var list []byte
	count := uint64(0)
	for off := 0; off < len(memory); {
		if memory[off] == 0 {
			off++
			continue
		}
		end, zeros := off, 0
		for k := off; k < len(memory) && zeros < gap; k++ {
			if zeros++; memory[k] != 0 {
				end, zeros = k+1, 0
			}
		}
		list = appendSigned(append(list, 0, opConst), off)
		list = appendUvarint(append(list, opEnd), uint64(end-off))
		list = append(list, memory[off:end]...)
		count++
		off = end
	}
	return append(appendUvarint(nil, count), list...)
}

// table returns where the row of function 1 is, and how many rows from there on are as expected; 0 if
// that is none.
func table(memory []byte) (base, n int) {
	var one [rows * rowSize]byte
	for k := range rows {
		one[k*rowSize] = 1
	}
	for from := 0; ; from = base + 1 {
		k := bytes.Index(memory[from:], one[:])
		if k < 0 {
			return 0, 0
		}
		base = from + k
		for n = 0; row(memory, base+n*rowSize) == value(n); n++ {
		}
		if n >= minRun*rows {
			return base, n
		}
	}
}

// value returns the number in row k, counted from the first one of function 1.
func value(k int) int { return k/rows + 1 }

// row returns the number in the row at off; -1 if there is anything but a number.
func row(memory []byte, off int) int {
	if off+rowSize > len(memory) || !bytes.Equal(memory[off+4:off+rowSize], make([]byte, rowSize-4)) {
		return -1
	}
	return int(binary.LittleEndian.Uint32(memory[off:]))
}

// plainType returns the index of the type of functions without parameters and results.
func plainType(types []byte) (int, error) {
	count, err := uvarint(&types)
	if err != nil {
		return 0, err
	}
	for k := range int(min(count, uint64(len(types)))) {
		if bytes.HasPrefix(types, []byte{0x60, 0, 0}) {
			return k, nil
		}
		if len(types) == 0 {
			break
		}
		types = types[1:]
		for range 2 { // parameters, results; a type of value is a byte
			n, err := uvarint(&types)
			if err != nil || n > uint64(len(types)) {
				return 0, errFormat
			}
			types = types[n:]
		}
	}
	return 0, errFormat
}
