package plan

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan/internal/code"
)

// modulo returns x modulo 2^bits, from 0 up.
func modulo(x int64, bits int) int64 {
	m := int64(1) << bits
	return (x%m + m) % m
}

// near returns x modulo 2^bits, from -2^(bits-1) up.
func near(x int64, bits int) int64 { return modulo(x+1<<(bits-1), bits) - 1<<(bits-1) }

// number returns the bytes b as a number.
func number(b []byte, big bool) (x int64) {
	for k := range b {
		c := b[k]
		if !big {
			c = b[len(b)-1-k]
		}
		x = x*256 + int64(c)
	}
	return x
}

// setNumber is the inverse of number.
func setNumber(b []byte, big bool, x int64) {
	for k := range b {
		if big {
			b[len(b)-1-k] = byte(x)
		} else {
			b[k] = byte(x)
		}
		x /= 256
	}
}

// digits returns n bits of x from bit from on.
func digits(x int64, from, n int) int64 { return x >> from % (1 << n) }

// branches is the result of a Branches: each instruction with its distance instead of its target.
// It is one function because it is one list of cases: the table of FORMAT.md.
func (o *oracle) branches(n *dsl.Node, s []byte) []byte {
	s = slices.Clone(s)
	big, kind := n.Nums[0] < 0, max(n.Nums[0], -n.Nums[0])
	get := func(i, size int) int64 { // -1 if there are not so many bytes
		if i+size > len(s) {
			return -1
		}
		return number(s[i:i+size], big)
	}
	for i := 0; i < len(s); {
		p := int64(n.Nums[1]) + int64(i)
		switch kind {
		case code.X86, code.X86Wide:
			if at, end := relocated(s[i:], kind == code.X86Wide); at > 0 && i+at+4 <= len(s) {
				field := s[i+at : i+at+4]
				if v := near(number(field, false), 32); v == near(v, 25) {
					setNumber(field, false, modulo(near(v-p-int64(end), 25), 32))
				}
			}
			i++
		case code.ARM:
			if w := get(i, 4); w>>24 == 0xeb {
				setNumber(s[i:i+4], big, 0xeb<<24+modulo(w-p/4, 24))
			}
			i += 4
		case code.PowerPC:
			if w := get(i, 4); w>>26 == 18 && w%4 == 1 {
				setNumber(s[i:i+4], big, 18<<26+4*modulo(w/4-p/4, 24)+1)
			}
			i += 4
		case code.ARM64:
			w := get(i, 4)
			if w>>26 == 37 {
				setNumber(s[i:i+4], big, 37<<26+modulo(w-p/4, 26))
			} else if w>>31 == 1 && digits(w, 24, 5) == 16 {
				if v := near(digits(w, 29, 2)+4*digits(w, 5, 19), 21); v == near(v, 18) {
					v = modulo(near(v-p/4096, 18), 21)
					setNumber(s[i:i+4], big, 1<<31+v%4<<29+16<<24+v/4<<5+w%32)
				}
			}
			i += 4
		case code.Thumb:
			first, second := get(i, 2), get(i+2, 2)
			if second < 0 || first>>11 < 29 {
				i += 2
				continue
			}
			if first>>11 == 30 && (second>>11 == 31 || second>>11 == 23) {
				v := modulo(first%2048*2048+second%2048-p/2, 22)
				setNumber(s[i:i+2], big, 30<<11+v/2048)
				setNumber(s[i+2:i+4], big, second>>11<<11+v%2048)
			}
			i += 4
		case code.RISCV:
			i += joinRISCV(s[i:], p)
		default:
			i += joinXtensa(s[i:], p, big, kind == code.XtensaLoads)
		}
	}
	return s
}

// relocated returns where the x86 instruction b has its address, and where it ends; 0 if it has none.
func relocated(b []byte, wide bool) (at, end int) {
	long := 0
	if b[0] == 0x0f {
		long = 1
	}
	b = append(slices.Clone(b), 0, 0, 0) // addresses that are not whole don't count
	op := int(b[long])
	in := func(list ...int) bool { return slices.Contains(list, op) }
	switch {
	case long == 0 && in(0xe8, 0xe9):
		return 1, 5
	case long == 1 && op/16 == 8:
		return 2, 6
	case !wide:
		return 0, 0
	case long == 0 && op == 0xff && (b[1] == 0x15 || b[1] == 0x25):
		return 2, 6
	case b[long+1]/64 != 0 || b[long+1]%8 != 5:
		return 0, 0
	case long == 1 && (op >= 0x50 && op <= 0x6f || op >= 0x10 && op <= 0x17 || op >= 0x28 && op <= 0x2f || in(0xb6, 0xb7, 0xbe, 0xbf)):
		return 3, 7
	case long == 1:
		return 0, 0
	case op < 0x40 && (op%8 == 1 || op%8 == 3) || in(0x63, 0x84, 0x85, 0x89, 0x8b, 0x8d):
		return 2, 6
	case in(0x80, 0x83, 0xc6):
		return 2, 7
	case in(0x81, 0xc7):
		return 2, 10
	}
	return 0, 0
}

// joinRISCV joins the instruction at b, whose address is p, and returns its length.
func joinRISCV(b []byte, p int64) int {
	if len(b) < 4 || b[0]%4 < 3 {
		return 2
	}
	w := number(b[:4], false)
	if w%4096 == 0xef {
		v := 2*digits(w, 21, 10) + digits(w, 20, 1)<<11 + digits(w, 12, 8)<<12 + w>>31<<20
		v = 2 * modulo(v/2-p/2, 20)
		setNumber(b[:4], false, w%4096+v>>20<<31+digits(v, 1, 10)<<21+digits(v, 11, 1)<<20+digits(v, 12, 8)<<12)
	}
	if w%128 != 0x17 || len(b) < 8 {
		return 4
	}
	next := number(b[4:8], false)
	if !slices.Contains([]int64{0x13, 0x03, 0x07, 0x67}, next%128) || digits(next, 15, 5) != digits(w, 7, 5) {
		return 4
	}
	v := modulo(w>>12<<12+next>>20-p, 32)
	low := near(v, 12)
	setNumber(b[:4], false, w%4096+modulo(v-low, 32))
	setNumber(b[4:8], false, next%(1<<20)+modulo(low, 12)<<20)
	return 8
}

// joinXtensa joins the instruction at b, whose address is p, and returns its length.
func joinXtensa(b []byte, p int64, big, loads bool) int {
	if len(b) < 3 {
		return 3
	}
	w := number(b[:3], big)
	op := w % 16
	if big {
		op = w >> 20
	}
	shift, bits := 6, 18
	switch {
	case op >= 8:
		return 2
	case op == 1 && loads:
		shift, bits, p = 8, 16, p+3
	case op != 5:
		return 3
	}
	if big {
		setNumber(b[:3], true, w>>bits<<bits+modulo(w-p/4, bits))
	} else {
		setNumber(b[:3], false, w%(1<<shift)+modulo(w>>shift-p/4, bits)<<shift)
	}
	return 3
}
