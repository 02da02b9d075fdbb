package code

// Instructions of whole words or half-words, or whose first bits say how long they are, are told by
// some bits; the others are a target, of which the bits that it has count.

// word returns the 4 bytes at byte i, which must have as many; ok is false if there are none.
func (t *text) word(i int) (w uint32, ok bool) {
	if i+4 > len(t.b) {
		return 0, false
	}
	return t.order.Uint32(t.b[i:]), true
}

// convertARM is architecture.convert of BL.
func convertARM(t *text, i int) int {
	if w, ok := t.word(i); ok && w>>24 == 0xeb {
		const field = 1<<24 - 1
		t.order.PutUint32(t.b[i:], w&^field|t.target(i, w&field, t.address(i)>>2)&field)
	}
	return 4
}

// convertPowerPC is architecture.convert of bl.
func convertPowerPC(t *text, i int) int {
	if w, ok := t.word(i); ok && w&0xfc000003 == 0x48000001 {
		const field = 1<<24 - 1
		t.order.PutUint32(t.b[i:], w&^(field<<2)|t.target(i, w>>2&field, t.address(i)>>2)&field<<2)
	}
	return 4
}

// pageReach is how many bits the distance to a page has, at most, in pages of 4 KiB: 0.5 GiB. Words
// that are no code seldom seem to be near (xz has the same bound).
const pageReach = 18

// convertARM64 is architecture.convert of BL and ADRP.
func convertARM64(t *text, i int) int {
	w, ok := t.word(i)
	switch {
	case ok && w>>26 == 0x25: // BL
		const field = 1<<26 - 1
		w = w&^field | t.target(i, w&field, t.address(i)>>2)&field
	case ok && w&0x9f000000 == 0x90000000: // ADRP
		const far, field = 32 - pageReach, 1<<21 - 1
		v := w>>29&3 | w>>5<<2&field
		if uint32(int32(v<<far)>>far)&field != v {
			return 4
		}
		v = t.target(i, v, t.address(i)>>12)
		v = uint32(int32(v<<far)>>far) & field
		w = w&0x9f00001f | v&3<<29 | v>>2<<5
	default:
		return 4
	}
	t.order.PutUint32(t.b[i:], w)
	return 4
}

// convertThumb is architecture.convert of BL and B.W that reach 4 MiB: two half-words.
func convertThumb(t *text, i int) int {
	if i+4 > len(t.b) {
		return 2
	}
	first, second := uint32(t.order.Uint16(t.b[i:])), uint32(t.order.Uint16(t.b[i+2:]))
	if first>>11 < 0x1d {
		return 2 // of one half-word
	}
	if kind := second >> 11; first>>11 == 0x1e && (kind == 0x1f || kind == 0x17) {
		const half = 1<<11 - 1
		v := t.target(i, first&half<<11|second&half, t.address(i)>>1)
		t.order.PutUint16(t.b[i:], uint16(first&^half|v>>11&half))
		t.order.PutUint16(t.b[i+2:], uint16(second&^half|v&half))
	}
	return 4
}

// convertRISCV is architecture.convert of JAL that leaves the return address in register 1, and of
// AUIPC before an instruction that adds to its result.
func convertRISCV(t *text, i int) int {
	w, ok := t.word(i)
	if !ok || w&3 != 3 {
		return 2 // of one half-word
	}
	switch {
	case w&0xfff == 0x0ef: // JAL
		v := w>>31<<19 | w>>12&0xff<<11 | w>>20&1<<10 | w>>21&0x3ff
		v = t.target(i, v, t.address(i)>>1)
		t.order.PutUint32(t.b[i:], w&0xfff|v>>19<<31|v>>11&0xff<<12|v>>10&1<<20|v&0x3ff<<21)
	case w&0x7f == 0x17: // AUIPC
		next, ok := t.word(i + 4)
		if !ok || !addsTo(next, w>>7&31) {
			return 4
		}
		// The upper 20 bits, and 12 more with a sign. The address has no signs.
		v := w&^0xfff + uint32(int32(next)>>20)
		if t.back {
			v = w&^0xfff | next>>20
		}
		v = t.target(i, v, t.address(i))
		upper := v
		if t.back {
			upper += 1 << 11
		}
		t.order.PutUint32(t.b[i:], w&0xfff|upper&^0xfff)
		t.order.PutUint32(t.b[i+4:], next&0xfffff|v<<20)
		return 8
	}
	return 4
}

// addsTo reports whether w adds a number to the register r: ADDI, a load, FLD or JALR.
func addsTo(w, r uint32) bool {
	op := w & 0x7f
	return (op == 0x13 || op == 0x03 || op == 0x07 || op == 0x67) && w>>15&31 == r
}

// convertXtensa is architecture.convert of CALL0, CALL4, CALL8 and CALL12.
func convertXtensa(t *text, i int) int { return t.xtensa(i, false) }

// convertXtensaLoads is architecture.convert of these and L32R.
func convertXtensaLoads(t *text, i int) int { return t.xtensa(i, true) }

// xtensa converts a call at byte i, or a load of a literal if loads is true. The number that tells
// instructions apart is in their lowest bits, or in their highest if they are big-endian.
func (t *text) xtensa(i int, loads bool) int {
	if i+3 > len(t.b) {
		return 3
	}
	b := t.b[i : i+3]
	big := t.big
	w, op := uint32(b[0])|uint32(b[1])<<8|uint32(b[2])<<16, b[0]&15
	if big {
		w, op = uint32(b[0])<<16|uint32(b[1])<<8|uint32(b[2]), b[0]>>4
	}
	const call, field = 1<<18 - 1, 1<<16 - 1
	switch {
	case op >= 8:
		return 2
	case op == 5 && big:
		w = w&^call | t.target(i, w&call, t.address(i)>>2)&call
	case op == 5:
		w = w&63 | t.target(i, w>>6, t.address(i)>>2)<<6
	case op == 1 && loads && big:
		w = w&^field | t.target(i, w&field, t.address(i+3)>>2)&field
	case op == 1 && loads:
		w = w&0xff | t.target(i, w>>8, t.address(i+3)>>2)<<8
	default:
		return 3
	}
	if big {
		b[0], b[1], b[2] = byte(w>>16), byte(w>>8), byte(w)
	} else {
		b[0], b[1], b[2] = byte(w), byte(w>>8), byte(w>>16)
	}
	return 3
}
