package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/ktzip/ktzip/search/programs/internal/rank"
)

const hidden = rank.Hidden

// A network is the weights of a rank.Net as floats, in one list.
type network struct {
	w    []float32
	grad []float32
	m, v []float32 // Adam's means
	step int
}

const (
	outAt   = rank.Rows * hidden
	startAt = outAt + 2*hidden
	weights = startAt + 2
)

func newNetwork(r *rand.Rand) *network {
	n := &network{w: make([]float32, weights), grad: make([]float32, weights), m: make([]float32, weights), v: make([]float32, weights)}
	for i := range n.w[:outAt] {
		n.w[i] = float32(r.NormFloat64()) * 0.08
	}
	for i := range n.w[outAt:startAt] {
		n.w[outAt+i] = float32(r.NormFloat64()) * 0.3
	}
	return n
}

type pass struct {
	view rank.View
	rows []uint16
	ends []int // of the rows of each pair
	pair []int // index by kid
	a    [][hidden]float32
	z    []float64
	at   []int // by number of pairs
}

// forward computes scores of the kids.
func (n *network) forward(p *pass, s *rank.State) {
	p.view.Set(s)
	kids := s.Kids[:min(len(s.Kids), rank.MaxKids)]
	size := len(s.V)/2 + 1
	p.at = p.at[:0]
	var ranks [2][]int
	for r := range ranks {
		ranks[r] = make([]int, size)
		for i := range ranks[r] {
			ranks[r][i] = 99
		}
	}
	for range size {
		p.at = append(p.at, -1)
	}
	for i, k := range kids {
		ranks[strand(k.Second)][k.Pairs] = i
	}
	p.rows, p.ends, p.pair, p.a, p.z = p.rows[:0], p.ends[:0], p.pair[:0], p.a[:0], p.z[:0]
	for i, k := range kids {
		if p.at[k.Pairs] < 0 {
			p.at[k.Pairs] = len(p.ends)
			from := len(p.rows)
			p.rows = p.view.RowsOf(p.rows, k.Pairs, [2]int{ranks[0][k.Pairs], ranks[1][k.Pairs]})
			p.ends = append(p.ends, len(p.rows))
			var a [hidden]float32
			for _, row := range p.rows[from:] {
				w := (*[hidden]float32)(n.w[int(row)*hidden:])
				for h := range a {
					a[h] += w[h]
				}
			}
			for h := range a {
				a[h] = max(0, a[h])
			}
			p.a = append(p.a, a)
		}
		x := p.at[k.Pairs]
		p.pair = append(p.pair, x)
		r := strand(k.Second)
		z := n.w[startAt+r]
		for h, a := range p.a[x] {
			z += a * n.w[outAt+r*hidden+h]
		}
		p.z = append(p.z, float64(z)-2*math.Log1p(float64(i)))
	}
}

func strand(second bool) int {
	if second {
		return 1
	}
	return 0
}

// learn adds the gradient of the loss of l, and returns the loss.
func (n *network) learn(p *pass, l *rank.Lesson) float64 {
	n.forward(p, &l.State)
	top, sum := math.Inf(-1), 0.0
	for _, z := range p.z {
		top = max(top, z)
	}
	for _, z := range p.z {
		sum += math.Exp(z - top)
	}
	loss := math.Log(sum) + top - p.z[l.Right]
	ga := make([][hidden]float32, len(p.a))
	for i, k := range l.Kids[:len(p.z)] {
		g := float32(math.Exp(p.z[i]-top) / sum)
		if i == l.Right {
			g--
		}
		r, x := strand(k.Second), p.pair[i]
		n.grad[startAt+r] += g
		for h, a := range p.a[x] {
			n.grad[outAt+r*hidden+h] += g * a
			if a > 0 {
				ga[x][h] += g * n.w[outAt+r*hidden+h]
			}
		}
	}
	from := 0
	for x, end := range p.ends {
		g := &ga[x]
		for _, row := range p.rows[from:end] {
			w := (*[hidden]float32)(n.grad[int(row)*hidden:])
			for h := range g {
				w[h] += g[h]
			}
		}
		from = end
	}
	return loss
}

// adam moves the weights by the gradient of a batch.
func (n *network) adam(rate, decay float64, batch int) {
	n.step++
	c1, c2 := 1-math.Pow(0.9, float64(n.step)), 1-math.Pow(0.999, float64(n.step))
	lr, scale := float32(rate/c1), 1/float32(batch)
	for i, g := range n.grad {
		g *= scale
		n.grad[i] = 0
		n.m[i] = 0.9*n.m[i] + 0.1*g
		n.v[i] = 0.999*n.v[i] + 0.001*g*g
		n.w[i] -= lr*n.m[i]/(float32(math.Sqrt(float64(n.v[i])/c2))+1e-8) + float32(rate*decay)*n.w[i]
	}
}

type options struct {
	epochs, batch int
	rate, decay   float64
	seed          uint64
}

func train(lessons, test []rank.Lesson, o options) *network {
	r := rand.New(rand.NewPCG(o.seed, 1))
	n := newNetwork(r)
	var p pass
	total := o.epochs * (len(lessons) / o.batch)
	step := 0
	start := time.Now()
	for epoch := range o.epochs {
		r.Shuffle(len(lessons), func(i, j int) { lessons[i], lessons[j] = lessons[j], lessons[i] })
		sum := 0.0
		for b := 0; b+o.batch <= len(lessons); b += o.batch {
			for i := range lessons[b : b+o.batch] {
				sum += n.learn(&p, &lessons[b+i])
			}
			n.adam(o.rate*(1-float64(step)/float64(total))+o.rate/50, o.decay, o.batch)
			step++
		}
		loss, acc := n.test(test)
		fmt.Printf("epoch %d loss %.4f test %.4f top 1,2,4,8,16 %.3f  %.0f s\n", epoch, sum/float64(len(lessons)), loss, acc, time.Since(start).Seconds())
	}
	return n
}

// test returns the mean loss of lessons, and the share whose right kid is among the first 1, 2, 4, 8, 16.
func (n *network) test(lessons []rank.Lesson) (loss float64, acc [5]float64) {
	var p pass
	for i := range lessons {
		l := &lessons[i]
		n.forward(&p, &l.State)
		sum, rank := 0.0, 0
		for _, z := range p.z {
			sum += math.Exp(z)
			if z > p.z[l.Right] {
				rank++
			}
		}
		loss += math.Log(sum) - p.z[l.Right]
		for k := range acc {
			if rank < 1<<k {
				acc[k]++
			}
		}
	}
	for k := range acc {
		acc[k] /= float64(len(lessons))
	}
	return loss / float64(len(lessons)), acc
}

// table returns the weights in the form that rank.Parse reads.
func (n *network) table() (t []byte) {
	round := func(x float32, unit, limit float64) int {
		return int(math.Round(min(max(float64(x)*unit, -limit), limit)))
	}
	for _, x := range n.w[:outAt] {
		t = append(t, byte(int8(round(x, rank.FirstUnit, 127))))
	}
	for _, x := range n.w[outAt:startAt] {
		v := uint16(int16(round(x, rank.OutUnit, 32767)))
		t = append(t, byte(v), byte(v>>8))
	}
	for _, x := range n.w[startAt:] {
		v := uint16(int16(round(x, rank.OutUnit*rank.FirstUnit, 32767)))
		t = append(t, byte(v), byte(v>>8))
	}
	return t
}
