package deflate

import "encoding/binary"

// fastTokens decodes tokens as long as both buffers have room for any token and 8 bytes
// more, and stops before the end of the block. It keeps the state of the Inflater in
// registers, which is why it is one long function. It reports false if a token is malformed.
func (z *Inflater) fastTokens() bool {
	in, dst := z.in, z.dst
	pos, acc, n, out := z.pos, z.acc, z.n, z.out
	literals, distances := z.literals, z.distances
	ok := true
loop:
	for pos+8 <= len(in) && out+maxMatch+8 <= len(dst) {
		acc |= binary.LittleEndian.Uint64(in[pos:]) << (n & 63)
		pos += int(63-n) >> 3
		n |= 56
		e := literals.entry(acc)
		if e.isLiteral() {
			// Three literals take at most 45 bits.
			for more := 2; ; more-- {
				acc >>= e.length()
				n -= e.length()
				dst[out] = byte(e >> 16)
				out++
				if more == 0 {
					continue loop
				}
				if e = literals.table[acc&(1<<tableBits-1)]; !e.isLiteral() {
					continue loop
				}
			}
		}
		length := e.value()
		if length < minMatch {
			break
		}
		acc >>= e.length()
		length += int(acc & (1<<e.extra() - 1))
		acc >>= e.extra()
		d := distances.entry(acc)
		if d == 0 {
			ok = false
			break
		}
		acc >>= d.length()
		distance := d.value() + int(acc&(1<<d.extra()-1))
		acc >>= d.extra()
		n -= e.length() + e.extra() + d.length() + d.extra()
		if distance > out {
			ok = false
			break
		}
		end := out + length
		switch {
		case length > 32 && distance >= length:
			copy(dst[out:end], dst[out-distance:])
		case distance >= 8:
			for ; out < end; out += 8 {
				binary.LittleEndian.PutUint64(dst[out:], binary.LittleEndian.Uint64(dst[out-distance:]))
			}
		case distance == 1:
			v := uint64(dst[out-1]) * 0x0101010101010101
			for ; out < end; out += 8 {
				binary.LittleEndian.PutUint64(dst[out:], v)
			}
		default:
			for ; out < end; out++ {
				dst[out] = dst[out-distance]
			}
		}
		out = end
	}
	z.pos, z.acc, z.n, z.out = pos, acc, n, out
	return ok
}
