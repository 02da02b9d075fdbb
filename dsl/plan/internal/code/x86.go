package code

import "encoding/binary"

// Instructions of x86 have any length. So those with a target are told by their first bytes and by
// how far away it is: 16 MiB at most, by which one in 128 of other data is taken for a target. What is
// wrongly taken may overlap what is not: the one direction converts from the last byte to the
// first, the other from the first to the last.

// reachBits is how many bits a target may have: farther ones are taken for other data. With 24 bits
// the first 2 MiB of gdb are 1.4 % larger, with 26 seven programs are 0.1 % larger (November 2026).
const reachBits = 25

// An x86 instruction that has a modR/M byte of ripRelative addresses its operand relative to what
// follows it. ripOpcodes[b] is 1 + the bytes of immediate numbers after the address for the
// instruction b, longOpcodes[b] for 0F b; 0 if it is rare or has no address.
const (
	ripMask, ripRelative = 0xc7, 0x05
	longOpcode           = 0x0f
)

var ripOpcodes, longOpcodes = func() (short, long [256]uint8) {
	set := func(table *[256]uint8, n uint8, list ...int) {
		for _, b := range list {
			table[b] = n
		}
	}
	for k := range 8 {
		set(&short, 1, 8*k+1, 8*k+3)  // add, or, adc, sbb, and, sub, xor, cmp
		set(&long, 1, 0x10+k, 0x28+k) // movups to movhps, movaps to comiss
		set(&long, 1, 0x50+k, 0x58+k) // of SSE
		set(&long, 1, 0x60+k, 0x68+k) // of SSE2
	}
	set(&short, 1, 0x63, 0x84, 0x85, 0x89, 0x8b, 0x8d) // movsxd, test, mov, lea
	set(&short, 2, 0x80, 0x83, 0xc6)                   // with a number of one byte
	set(&short, 5, 0x81, 0xc7)                         // of four bytes
	set(&long, 1, 0xb6, 0xb7, 0xbe, 0xbf)              // movzx, movsx
	return short, long
}()

// convertX86 is architecture.convert of 32 bits.
func convertX86(t *text, i int) int {
	switch b := t.b[i]; {
	case b&^1 == 0xe8: // call, jmp
		t.relocate(i+1, 0)
	case b == longOpcode && i+1 < len(t.b) && t.b[i+1]&0xf0 == 0x80: // jcc
		t.relocate(i+2, 0)
	}
	return 1
}

// convertX86Wide is architecture.convert of 64 bits.
func convertX86Wide(t *text, i int) int {
	b := t.b[i]
	if ripOpcodes[b] == 0 && b != longOpcode && b&^1 != 0xe8 && b != 0xff || i+2 >= len(t.b) {
		return 1
	}
	next := t.b[i+1]
	switch {
	case b&^1 == 0xe8:
		t.relocate(i+1, 0)
	case b == longOpcode && next&0xf0 == 0x80:
		t.relocate(i+2, 0)
	case b == longOpcode && longOpcodes[next] != 0 && t.b[i+2]&ripMask == ripRelative:
		t.relocate(i+3, 0)
	case ripOpcodes[b] != 0 && next&ripMask == ripRelative:
		t.relocate(i+2, uint32(ripOpcodes[b]-1))
	case b == 0xff && (next == 0x15 || next == 0x25): // call, jmp by a pointer
		t.relocate(i+2, 0)
	}
	return 1
}

// relocate converts the address at byte i, which is followed by more bytes of the instruction,
// unless it is out of reach.
func (t *text) relocate(i int, more uint32) {
	if i+4 > len(t.b) {
		return
	}
	const far = 32 - reachBits
	v := binary.LittleEndian.Uint32(t.b[i:])
	if uint32(int32(v<<far)>>far) == v {
		v = t.target(i, v, t.address(i)+4+more)
		binary.LittleEndian.PutUint32(t.b[i:], uint32(int32(v<<far)>>far))
	}
}
