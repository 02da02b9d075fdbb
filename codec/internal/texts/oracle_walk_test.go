package texts

import (
	"fmt"
	"math/bits"

	"github.com/ktzip/ktzip/codec/internal/arith"
)

// A slowCoder codes as a model does, without its tables: nodes are known by their paths, and
// sets, curves and slots are maps of what was used.
type slowCoder struct {
	p        *Params
	c        arith.Coder
	lengths  [256]uint8
	codes    [256][]int
	numbers  map[string]int // of nodes, by their paths
	groups   map[string]int
	v        view
	contexts []bytesContext
	maps     [][histories]known
	buckets  map[uint32]*[4][16]byte
	matches  []*slowMatch
	letters  []*slowLetters
	past     []byte // letters
	small    bool
	weights  map[string]int64
	curves   map[string][]int64
	width    int
	kinds    int
	found    int
}

// slow returns the member of b.
func slow(b []byte, p *Params) []byte {
	s := &slowCoder{p: p, numbers: map[string]int{}, groups: map[string]int{"": 0}, buckets: map[uint32]*[4][16]byte{}, weights: map[string]int64{}, curves: map[string][]int64{}, width: -1, lengths: even()}
	s.c.Encode(nil)
	if p.Shaped {
		s.lengths = huffman(b)
		codeLengths(&s.c, &s.lengths)
	}
	s.number()
	s.v.reset(b)
	for k, x := range p.Contexts {
		if x.Kind == Nucleotide {
			l := &slowLetters{n: x.A, log: min(2*x.A, p.Log-1), counts: map[uint64]*[4]int{}}
			for e := range l.entries {
				l.entries[e].p = int64(tally{e & 15, e >> 4}.start())
			}
			s.letters = append(s.letters, l)
			continue
		}
		if (x.Kind == Column || x.Kind == Above) && s.width < 0 {
			s.width = x.A
		}
		s.contexts = append(s.contexts, newContext(x, k))
		s.maps = append(s.maps, [histories]known{})
		for h := range histories {
			s.maps[len(s.maps)-1][h] = known{int64(tallies[h].start()), 3}
		}
	}
	for _, n := range p.Matches {
		m := &slowMatch{least: n, places: map[uint64]int{}}
		for k := range m.entries {
			m.entries[k].p = 1<<22 - 1 - 1<<22/(4+2*int64(k/8))
		}
		s.matches = append(s.matches, m)
	}
	for i := range b {
		s.byte(b, i)
	}
	return s.c.Flush()
}

// number numbers nodes and groups.
func (s *slowCoder) number() {
	s.numbers[""] = 0
	for n := range 13 {
		for v := range 256 {
			if int(s.lengths[v]) != n || n == 0 {
				continue
			}
			s.codes[v] = decisions(&s.lengths, byte(v))
			for k := 1; k < n; k++ {
				path := fmt.Sprint(s.codes[v][:k])
				if _, ok := s.numbers[path]; !ok {
					s.numbers[path] = len(s.numbers)
					if k%4 == 0 {
						s.groups[path] = len(s.groups)
					}
				}
			}
		}
	}
}

// byte codes byte i of b.
func (s *slowCoder) byte(b []byte, i int) {
	v := &s.v
	v.told, v.sure = 0, 0
	for k, m := range s.matches {
		if i > 0 {
			m.move(b, i, min(max(s.p.Log-6, 12), 20))
		}
		m.code = nil
		if m.from > 0 && (k == 0 || s.matches[k-1].code == nil || s.matches[k-1].from != m.from) {
			m.code = s.codes[b[m.from]]
			if v.told == 0 {
				v.told, v.sure = int32(b[m.from])+1, 1+int32(min(m.class()/2, 14))
			}
		}
	}
	s.kinds = s.kinds*4%256 + int(kindOf(byte(v.past)))
	var live [4][]int
	for k := range live {
		live[k] = s.codes["ACGTacgt"[k+4*len(bitsOf(s.small)):][0]]
	}
	hashes := make([]uint32, len(s.contexts))
	for k := range s.contexts {
		hashes[k] = s.contexts[k].look(v)
	}
	var slots []*[16]byte
	code := s.codes[b[i]]
	for k, bit := range code {
		path := fmt.Sprint(code[:k])
		if k == 0 {
			path = ""
		}
		if k%4 == 0 {
			slots = s.find(hashes, uint32(s.groups[path]))
		}
		s.decide(code[:k], bit, s.numbers[path], slots, &live)
	}
	if letter := letterOf[b[i]]; letter > 0 {
		s.small = b[i] >= 'a'
		s.past = append(s.past, letter-1)
		for _, l := range s.letters {
			l.move(s.past)
		}
	}
	v.move()
}

// bitsOf returns a slice of one element for true.
func bitsOf(x bool) []int {
	if x {
		return make([]int, 1)
	}
	return nil
}

// find finds the slots of all contexts.
func (s *slowCoder) find(hashes []uint32, group uint32) (list []*[16]byte) {
	s.found = 0
	for _, hash := range hashes {
		h := (hash + 0x2F0B4C47*group) * golden
		at := h >> (38 - s.p.Log)
		if s.buckets[at] == nil {
			s.buckets[at] = new([4][16]byte)
		}
		var slot *[16]byte
		for k := range 4 {
			if q := &s.buckets[at][k]; slot == nil && q[0] == byte(h) {
				slot = q
			}
		}
		if slot == nil {
			slot = &s.buckets[at][0]
			for k := range 4 {
				if q := &s.buckets[at][k]; q[1] < slot[1] {
					slot = q
				}
			}
			*slot = [16]byte{byte(h)}
		}
		if slot[1] != 0 {
			s.found++
		}
		list = append(list, slot)
	}
	return list
}

// decide codes the decision after some of a byte.
func (s *slowCoder) decide(before []int, bit, node int, slots []*[16]byte, live *[4][]int) {
	place := 1
	for _, y := range before[len(before)/4*4:] {
		place = 2*place + y
	}
	var in []int64
	var learn []*known
	for k, slot := range slots {
		e := &s.maps[k][slot[place]]
		in = append(in, e.inputs()...)
		learn = append(learn, e)
	}
	on := func(code []int) bool {
		return len(code) > len(before) && fmt.Sprint(code[:len(before)]) == fmt.Sprint(before)
	}
	letters, about := [2]int{}, false
	for _, l := range s.letters {
		c := l.at(s.past)
		letters = [2]int{}
		for k, code := range live {
			if on(code) {
				about = true
				letters[code[len(before)]] += c[k]
			}
		}
		e := &l.entries[min(letters[0], 15)+16*min(letters[1], 15)]
		switch {
		case !about:
			in = append(in, 0, 0)
		case l.n <= 11:
			p := 2048 * (2*letters[1] + 1) / (letters[0] + letters[1] + 1)
			in = append(in, int64(arith.Stretch(uint32(16*p))), int64((p-2048)/2))
		default:
			in = append(in, e.inputs()...)
			learn = append(learn, e)
		}
	}
	told := map[*known]int{}
	for _, m := range s.matches {
		if !on(m.code) {
			in = append(in, 0, 0)
			continue
		}
		e := &m.entries[8*m.class()+2*min(bits.OnesCount16(m.missed), 3)+min(len(before), 1)]
		sign := int64(2*m.code[len(before)] - 1)
		in = append(in, sign*e.inputs()[0], sign*e.inputs()[1])
		told[e] = m.code[len(before)]
	}
	s.mix(append(in, 256), bit, node)
	for k, slot := range slots {
		slot[place] = nextHistory[bit][slot[place]]
		learn[k].learn(bit)
	}
	for _, e := range learn[len(slots):] {
		e.learn(bit)
	}
	for e, y := range told {
		e.learn(1 - bit ^ y)
	}
}

// mix codes a decision by its inputs.
func (s *slowCoder) mix(in []int64, bit, node int) {
	c1, c2 := int(s.v.past&255), int(s.v.past>>8&255)
	place := c2
	if s.width >= 0 {
		place = s.v.column(s.width) & 255
	}
	rows := []int{node, 16*int(s.v.sure) + min(s.found, 15), c1, s.kinds, int(max(s.v.told-1, 0)), place}
	weight := func(start int64, key ...int) *int64 {
		k := fmt.Sprint(key)
		if _, ok := s.weights[k]; !ok {
			s.weights[k] = start
		}
		x := s.weights[k]
		return &x
	}
	sets := bits.OnesCount(s.p.Sets)
	var a []int64
	sum := int64(0)
	for k, row := range rows {
		if s.p.Sets>>k&1 != 0 {
			dot := int64(0)
			for j, x := range in {
				dot += x * *weight(int64(65536/(len(s.p.Contexts)+3)), k, row, j)
			}
			a = append(a, int64(arith.ClampLogit(int64(int32(dot)>>16))))
			sum += a[len(a)-1] * *weight(int64(65536/sets), -1, c1, k)
		}
	}
	l := arith.ClampLogit(sum >> 16)
	m := int64(arith.Squash(l))
	shift := 32 - min(max(s.p.Log-10, 8), 13)
	said := int64(0)
	var refine []func()
	for k, hash := range []uint32{uint32(256*c1+node) * golden, uint32(c1+256*c2)*prime2 + uint32(node)*golden} {
		key := fmt.Sprint(k, hash>>shift)
		if s.curves[key] == nil {
			for j := range 23 {
				s.curves[key] = append(s.curves[key], int64(arith.Squash(arith.ClampLogit(int64(256*j-2816)))))
			}
		}
		c, x := s.curves[key], int64(l)+2816
		j, r := x/256, x%256
		said += c[j]*(256-r) + c[j+1]*r
		refine = append(refine, func() {
			if r >= 128 {
				j++
			}
			c[j] += (65535*int64(bit) - c[j]) >> 5
		})
	}
	s.c.Bit(bit, uint32(min(max((2*m+said/256)/4, 1), 65535)))
	n := 0
	for k, row := range rows {
		if s.p.Sets>>k&1 == 0 {
			continue
		}
		e := 3 * (65535*int64(bit) - m) >> 4
		w := weight(0, -1, c1, k)
		s.weights[fmt.Sprint([]int{-1, c1, k})] = int64(int32(*w + (a[n]*e+8192)>>14))
		e = 6 * (65535*int64(bit) - int64(arith.Squash(int32(a[n])))) >> 4
		for j, x := range in {
			key := fmt.Sprint([]int{k, row, j})
			s.weights[key] = int64(int32(s.weights[key] + int64(int32(x*e+8192)>>14)))
		}
		n++
	}
	for _, f := range refine {
		f()
	}
}
