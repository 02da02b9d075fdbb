package records

// A row is a context: what it is, and a hash of it.
type row struct {
	name string
	hash func(v *view) uint32
}

// rows are the contexts that there are. All but the last ones know the column.
var rows = [...]row{
	{"column", func(v *view) uint32 { return v.place }},
	{"above", func(v *view) uint32 { return hashed(v.place, v.up[0]) }},
	{"change", func(v *view) uint32 { return hashed(v.place, v.d[0]) }},
	{"left", func(v *view) uint32 { return hashed(v.place, v.dw) }},
	{"change, left", func(v *view) uint32 { return hashed(v.place, v.d[0]|v.dw<<8) }},
	{"two changes", func(v *view) uint32 { return hashed(v.place, v.d[0]|v.d[1]<<8) }},
	{"above, left", func(v *view) uint32 { return hashed(v.place, v.up[0]|v.dw<<8) }},
	{"two left", func(v *view) uint32 { return hashed(v.place, v.dw|v.dww<<8) }},
	{"above, byte before", func(v *view) uint32 { return hashed(v.place, v.up[0]|v.w<<8) }},
	{"three changes", func(v *view) uint32 { return hashed(v.place, v.d[0]|v.d[1]<<8|v.d[2]<<16) }},
	{"record before", func(v *view) uint32 {
		return hashed(v.place, (v.old-v.up[0])&255|(v.w-v.oldW)&255<<8)
	}},
	{"two bytes before", func(v *view) uint32 { return hashed(v.place, v.w|v.ww<<8) }},
	{"kind before, change", func(v *view) uint32 { return hashed(hashed(v.place, v.before), v.d[0]) }},
	{"change, next", func(v *view) uint32 { return hashed(v.place, v.d[0]|v.next&255<<8) }},
	{"sizes", func(v *view) uint32 {
		return hashed(v.place, sizeClass(v.d[0])|sizeClass(v.d[1])<<4|sizeClass(v.d[2])<<8|v.side<<16)
	}},
	{"left twice", func(v *view) uint32 { return hashed(v.place, v.dw|(v.upW[0]-v.upW[1])&255<<8|v.d[0]<<16) }},
	{"followed", func(v *view) uint32 { return hashed(v.place, (v.after-v.guess)&255) }},
	{"two bytes before, above", func(v *view) uint32 { return hashed(v.place, v.w|v.ww<<8|v.up[0]<<16) }},
	{"byte anywhere", func(v *view) uint32 { return v.anywhere(1) }},
	{"two bytes anywhere", func(v *view) uint32 { return v.anywhere(2) }},
	{"three bytes anywhere", func(v *view) uint32 { return v.anywhere(3) }},
	{"four bytes anywhere", func(v *view) uint32 { return v.anywhere(4) }},
	{"six bytes anywhere", func(v *view) uint32 { return v.anywhere(6) }},
	{"sparse bytes anywhere", func(v *view) uint32 { return hashed(uint32(v.past>>8)&0xffff|1<<16, v.guess) }},
}

// anywhere returns a hash of the last n bytes, 1 to 8, that does not know the column.
func (v *view) anywhere(n int) uint32 {
	x := v.past << (64 - 8*n)
	return hashed(hashed(uint32(x)^uint32(n), uint32(x>>32)), v.guess)
}
