package mix

import "math/bits"

// A view is what contexts see of the byte that comes next.
type view struct {
	framed              uint32 // the kind and the column, or where in a head
	column              uint32 // the kind and the column
	kind1               uint32
	over                bool      // the head is over
	above               int       // where this column stands in the record of this kind before; -1: nowhere
	A                   [4]uint32 // this column in the records of this kind before
	AW                  [4]uint32 // the byte before it
	AWW                 [4]uint32
	W, WW, W3           uint32 // bytes before
	P, PW, PWW          uint32 // this column in the record before, of whatever kind, and the byte before it
	N                   uint32 // how the next column changed
	guess               uint32
	carry               uint32
	d                   [3]uint32 // how this column changed before
	dW                  uint32
	dWW                 uint32
	after               uint32 // what followed the two bytes before last
	line                uint32 //
	frac, scale, chosen uint32
	link                uint32
}

type row struct {
	name string
	hash func(v *view) uint32
}

// rows are the contexts.
var rows = [...]row{
	{"column", func(v *view) uint32 { return v.framed }},
	{"above", func(v *view) uint32 { return mixed(v.framed, v.A[0]) }},
	{"change", func(v *view) uint32 { return mixed(v.framed, v.d[0]) }},
	{"left", func(v *view) uint32 { return mixed(v.framed, v.dW) }},
	{"change left", func(v *view) uint32 { return mixed(v.framed, v.d[0]|v.dW<<8) }},
	{"changes", func(v *view) uint32 { return mixed(v.framed, v.d[0]|v.d[1]<<8) }},
	{"above left", func(v *view) uint32 { return mixed(v.framed, v.A[0]|v.dW<<8) }},
	{"left two", func(v *view) uint32 { return mixed(v.framed, v.dW|v.dWW<<8) }},
	{"above byte", func(v *view) uint32 { return mixed(v.framed, v.A[0]|v.W<<8) }},
	{"changes three", func(v *view) uint32 { return mixed(v.framed, v.d[0]|v.d[1]<<8|v.d[2]<<16) }},
	{"any before", func(v *view) uint32 { return mixed(v.framed, (v.P-v.A[0])&255|((v.W-v.PW)&255)<<8) }},
	{"two bytes", func(v *view) uint32 { return mixed(v.framed, v.W|v.WW<<8) }},
	{"kind change", func(v *view) uint32 { return mixed(mixed(v.framed, v.kind1), v.d[0]) }},
	{"change next", func(v *view) uint32 { return mixed(v.framed, v.d[0]|(v.N&255)<<8) }},
	{"classes", func(v *view) uint32 {
		return mixed(v.framed, class(v.d[0])|class(v.d[1])<<4|class(v.d[2])<<8|v.carry<<16)
	}},
	{"left line", func(v *view) uint32 { return mixed(v.framed, v.dW|((v.AW[0]-v.AW[1])&255)<<8|v.d[0]<<16) }},
	{"followed", func(v *view) uint32 { return mixed(v.framed, (v.after-v.guess)&255) }},
	{"bytes above", func(v *view) uint32 { return mixed(v.framed, v.W|v.WW<<8|v.A[0]<<16) }},
	// 18..
	{"scale", func(v *view) uint32 { return v.scale<<16 | v.frac>>4<<8 | 1<<30 }},
	{"column frac", func(v *view) uint32 { return mixed(v.framed, v.frac>>5) }},
	{"link", func(v *view) uint32 { return mixed(v.framed, v.link) }},
	{"link left", func(v *view) uint32 { return mixed(v.framed, v.link|v.dW<<16) }},
	{"o1", func(v *view) uint32 { return mixed(v.W, v.guess) }},
	{"o2", func(v *view) uint32 { return mixed(v.W|v.WW<<8, v.guess) }},
	{"o3", func(v *view) uint32 { return mixed(v.W|v.WW<<8|v.W3<<16, v.guess) }},
	{"line class", func(v *view) uint32 { return mixed(v.framed, v.line|class(v.d[0])<<8|class(v.dW)<<12|v.carry<<16) }},
	{"scale noise", func(v *view) uint32 { return v.scale>>1<<16 | v.frac>>3<<8 | 1<<31 | v.chosen<<24 }},
	{"guess line", func(v *view) uint32 { return mixed(v.framed, v.line|v.chosen<<8) }},
}

// class is the sign and the size of a difference.
func class(d uint32) uint32 {
	v := int8(d)
	a := uint32(bits.Len8(uint8(max(v, -v))))
	if v < 0 {
		a += 8
	}
	return a & 15
}
