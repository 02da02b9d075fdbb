package search

import "github.com/ktzip/ktzip/dsl"

// moved is a slice of the chain so far plus or minus a number, or modulo one.
type moved struct{}

// leastMoved is the shortest slice worth looking for.
const leastMoved = 6

func (moved) propose(s *scratch, i int) {
	v := s.whole.v
	rest, run := v[i:], int(s.whole.run[i])
	if len(rest) < leastMoved || i < leastMoved || run >= leastMoved {
		return
	}
	s.steps -= int64(i / 4)
	x, step := rest[0], rest[1]-rest[0]
	for a := 0; a+leastMoved <= i; a++ {
		k := v[a:i]
		if c := x - k[0]; k[1]-k[0] == step && c != 0 {
			n := 2
			for n < len(k) && n < len(rest) && rest[n]-k[n] == c {
				n++
			}
			if n >= leastMoved && c > 0 {
				s.offerMoved(i, a, n, dsl.AddItem, c, price.add[c])
			} else if n >= leastMoved {
				s.offerMoved(i, a, n, dsl.SubtractItem, -c, price.subtract[-c])
			}
		}
		if n, m := residues(k, rest); n >= leastMoved && m > 0 {
			s.offerMoved(i, a, n, dsl.ModuloItem, m, price.modulo[m])
		}
	}
}

// residues is the number of elements at the start of v that are those of k
// modulo m, and m, which is 0 where k needs none.
func residues(k, v []int32) (n int, m int32) {
	top := int32(-1)
	for ; n < len(k) && n < len(v); n++ {
		x := k[n] - v[n]
		if x < 0 {
			break
		}
		g := m
		if x > 0 {
			g = gcd(m, x)
		}
		if g > 0 && g <= max(top, v[n]) {
			break
		}
		m, top = g, max(top, v[n])
	}
	return n, m
}

func (s *scratch) offerMoved(i, a, n int, op dsl.Op, c, number int32) {
	s.steps -= int64(n)
	body := number + price.sym[op][0][dsl.Between] + price.index[a] + price.slice[n] + price.sym[dsl.Between][0][dsl.Ref] + price.distance[0]
	s.offerUse(i, ruleMoved, piece{op: op, nodes: 2, end: int32(i + n), body: body, a: int32(a), b: c})
}

func (moved) build(b *builder, i int, p *piece) int {
	list := b.node(dsl.Node{Op: dsl.Between, Refs: [2]int{b.prefix}, Nums: [3]int32{p.a, p.a + p.end - int32(i)}})
	return b.node(dsl.Node{Op: p.op, Refs: [2]int{list}, Nums: [3]int32{p.b}})
}
