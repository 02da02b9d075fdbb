package mix

import (
	"context"
	"math/bits"
)

// octets codes bytes.
type octets struct {
	p        *Bytes
	c        *coder
	framer   framer
	view     view
	table    table
	match    matcher
	links    linker
	rows     []func(*view) uint32
	hashes   []uint32
	bucket   []int32
	maps     []counter
	columns  []column
	panel    panel
	next     [65536]byte
	level    int
	cost     int32
	final    final
	matchMap []counter
	linkMap  []counter
	hist     [64]int32
}

const (
	mapSize     = 8192
	levels      = 8
	extraInputs = 5
)

var (
	kSetShift = uint(knob("SETSHIFT", 20))
	kNoise    = knob("NOISE", 1)
	kLimit    = uint32(knob("LIMIT", 30))
	kMap      = uint32(knob("MAP", 255))
)

func (m *octets) reset(p *Bytes, c *coder) {
	m.p, m.c = p, c
	m.framer.reset(&p.Frame)
	m.table.reset(p.Buckets)
	m.match.reset(p.Match)
	m.links.reset()
	m.rows = m.rows[:0]
	for k := range rows {
		if p.Contexts>>k&1 != 0 {
			m.rows = append(m.rows, rows[k].hash)
		}
	}
	n := len(m.rows)
	m.hashes, m.bucket = sized(m.hashes, n), sized(m.bucket, n)
	m.maps = filled(m.maps, n*mapSize, counterStart)
	for k := range m.maps {
		if h := k & 255; h > 1 {
			all := bits.Len(uint(h)) - 1
			ones := bits.OnesCount(uint(h)) - 1
			m.maps[k] = counter(uint32(ones*4+1)*(1<<22-1)/uint32(all*4+2)<<10 | 3)
		}
	}
	m.matchMap = filled(m.matchMap, 512, counterStart)
	m.linkMap = filled(m.linkMap, 512, counterStart)
	m.columns = zeros(m.columns, 1<<16)
	m.panel.reset()
	m.next = [65536]byte{}
	m.final.reset(2*n + extraInputs + len(m.panel.list))
}

func (m *octets) run(ctx context.Context, b []byte) error {
	for i := range b {
		m.look(b, i)
		m.match.at(b, i)
		v := &m.view
		k := 0
		for j, f := range m.rows {
			m.hashes[k] = mixed(f(v), uint32(j))
			k++
		}
		expect := -1
		if m.match.matched > 0 {
			expect = int(b[m.match.from]-byte(v.guess)) & 255
		}
		linked := -1
		if m.links.from > 0 {
			linked = int(b[m.links.from]-byte(v.guess)) & 255
		}
		noise := &m.panel.column.noise
		m.level, m.cost = 0, 0
		for _, t := range [...]int32{64, 256, 640, 1152, 1600, 1880, 2020} {
			if *noise > t {
				m.level++
			}
		}
		if m.level == 7 && m.panel.certain() {
			m.level = 6
		}
		b[i] = byte(v.guess) + m.code(b[i]-byte(v.guess), expect, linked)
		*noise += (m.cost*256/ln2*16 - *noise) / 16
		m.panel.learn(b[i])
		m.next[v.W|v.WW<<8] = b[i]
		note(m, i)
	}
	return nil
}

// look sets the view of byte i.
func (m *octets) look(b []byte, i int) {
	f, v := &m.framer, &m.view
	f.at(b, i)
	get := func(k int) uint32 {
		if k < 0 {
			return 0
		}
		return uint32(b[k])
	}
	col := i - f.start
	*v = view{kind1: f.kinds[0]}
	v.above = -1
	v.over = f.kind != 0
	if v.over {
		for k, s := range f.lasts {
			if s > 0 {
				a := int(s) - 1 + col
				v.A[k], v.AW[k], v.AWW[k] = get(a), get(a-1), get(a-2)
				if k == 0 {
					v.above = a
					if a+1 < i {
						v.N = get(a + 1)
						if f.lasts[1] > 0 {
							v.N -= get(int(f.lasts[1]) + col)
						}
					}
				}
			}
		}
	} else if i >= f.p.First && f.before+col < i {
		a := f.before + col
		v.A[0], v.AW[0], v.AWW[0], v.above = get(a), get(a-1), get(a-2), a
	}
	v.W, v.WW, v.W3 = get(i-1), get(i-2), get(i-3)
	if f.before+col < f.start {
		v.P, v.PW, v.PWW = get(f.before+col), get(f.before+col-1), get(f.before+col-2)
	}
	ck := mixed(f.kind, uint32(min(col, 4000)))
	v.column = ck
	if !v.over {
		ck = mixed(mixed(f.kinds[0], f.kinds[1]), uint32(min(col, 4000)))
		if col > 0 {
			ck = mixed(ck, v.W)
		}
	}
	v.framed = ck
	v.dW, v.dWW = (v.W-v.AW[0])&255, (v.WW-v.AWW[0])&255
	for k := range v.d {
		v.d[k] = (v.A[k] - v.A[k+1]) & 255
	}
	v.carry = 1
	if v.W < v.AW[0] {
		v.carry = 0
	} else if v.W > v.AW[0] {
		v.carry = 2
	}
	some := 0
	for _, s := range f.lasts {
		some += bits.Len(uint(min(s, 1)))
	}
	if !v.over && v.above >= 0 {
		some = 1
	}
	m.panel.at(v, &m.columns[v.column>>16], some)
	v.after = uint32(m.next[v.W|v.WW<<8])
	m.links.at(m, b, i, col)
	if m.links.from > 0 {
		v.link = (get(m.links.from)-v.guess)&255 | min(uint32(m.links.sure), 3)<<8
	} else {
		v.link = 1 << 12
	}
}

// uses is the class of how often a slot was used, 0 to 3.
func uses(n uint32) uint32 { return (min(n, 2) + 1 + min(n/8, 1)) >> 1 }

// code codes v: first whether it is 0, then its bits.
func (m *octets) code(v byte, expect, linked int) byte {
	c0, n := uint32(0), len(m.hashes)
	active := n
	in := m.final.inputs
	if m.level == 7 && kNoise > 0 { // noise
		active = min(n, 2)
		clear(in)
	}
	w := &m.view
	d1 := w.d[0]
	column := mixed(w.column, 5)
	matched := m.match.matched
	for k := -1; k < 8; k++ {
		bit := int(v) >> (7 - max(k, 0)) & 1
		if k < 0 {
			bit = 0
			if v == 0 {
				bit = 1
			}
		} else if m.level == 7 && k >= 4 && kNoise > 0 {
			c0 = c0<<1 | uint32(m.c.bit(bit, 1<<15))
			m.cost += ln2 / 16
			continue
		}
		node := int(c0)
		if k >= 4 {
			node = 1<<(k-4) | int(c0)&(1<<(k-4)-1)
		}
		for j, h := range m.hashes[:active] {
			if k == 4 {
				h = mixed(h, c0)
			}
			if k == 4 || k < 0 {
				m.bucket[j] = int32(m.table.find(h))
			}
			s := uint32(m.table.slots[int(m.bucket[j])+node])
			used := s >> 8 & 255
			in[2*j], in[2*j+1] = 0, 0
			if used > 0 {
				in[2*j] = stretch(s >> 16)
				in[2*j+1] = stretch(m.maps[j*mapSize+int(s&255|uses(used)<<8|uint32(m.level)<<10)].p())
			}
		}
		x := in[2*n:]
		x[0], x[1], x[2], x[3], x[4] = 0, 0, 0, 0, 256
		foretold, near := -1, 0 // by the match
		if expect >= 0 && (k < 0 || expect != 0 && (expect|256)>>(8-k) == int(c0)) {
			want := 0
			if k < 0 && expect == 0 || k >= 0 && expect>>(7-k)&1 != 0 {
				want = 1
			}
			foretold = min(matched, 31) + min(max(matched-32, 0)/8, 30)
			foretold = (foretold*2+want)*2 | k>>1&1
			near = 1 + min(matched/8, 6)
			p := m.matchMap[foretold].p()
			x[0], x[1] = stretch(p), (int32(p)-32768)>>5
		}
		link := -1
		sure := 0
		if linked >= 0 && (k < 0 || linked != 0 && (linked|256)>>(8-k) == int(c0)) {
			want := 0
			if k < 0 && linked == 0 || k >= 0 && linked>>(7-k)&1 != 0 {
				want = 1
			}
			link = (m.links.sure*2+want)*2 | k>>1&1
			sure = 1 + m.links.sure/4
			p := m.linkMap[link].p()
			x[2], x[3] = stretch(p), (int32(p)-32768)>>5
		}
		mid := int32(0)
		if k > 0 {
			mid = int32(int8(c0<<1|1) << (7 - k))
		}
		m.panel.inputs(x[extraInputs:], k+1, mid)
		sets := [3]int{int(c0) | m.level<<8, int(column+uint32(k)*0x9E3779B1) >> kSetShift,
			int(d1>>4) | (k+1)<<4&127 | near<<7 | m.level<<10}
		sets[0] = sets[0] | sure<<11
		b, p := m.final.code(m.c, bit, sets, [2]int{int((column*0x2545F491 ^ c0*0x9E3779B1) >> 20), int(w.dW<<8 | c0)})
		bit = b
		m.cost += (16*ln2 - ln(uint64(p))) / 16
		for j, at := range m.bucket[:active] {
			s := &m.table.slots[int(at)+node]
			x := uint32(*s)
			used, h := x>>8&255, x&255
			m.maps[j*mapSize+int(h|uses(used)<<8|uint32(m.level)<<10)].update(bit)
			q := int64(x >> 16)
			q += (int64(bit)*65535 - q) * int64(reciprocals[min(used, kLimit)]) >> 16
			if h = h<<1 | uint32(bit); h > 255 {
				h = h&127 | 128
			}
			*s = slot(uint32(min(max(q, 32), 65535-32))<<16 | min(used+1, 255)<<8 | h)
		}
		m.panel.update(bit)
		if foretold >= 0 {
			m.matchMap[foretold].update(bit)
		}
		if link >= 0 {
			m.linkMap[link].update(bit)
		}
		if k >= 0 {
			c0 = c0<<1 | uint32(bit)
		} else if bit == 1 {
			return 0
		} else {
			c0 = 1
		}
	}
	return byte(c0)
}
