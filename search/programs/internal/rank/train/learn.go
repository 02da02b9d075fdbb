package main

import (
	"log"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/ktzip/ktzip/search/programs/internal/rank"
)

const hidden = rank.Hidden

// Weights of a network are one list: those of the first layer, row by row; those of the
// second, score by score; and what the scores start with.
const (
	outAt   = rank.Rows * hidden
	startAt = outAt + 2*hidden
	weights = startAt + 2
)

// A network is what rank.Net is, in floats, with what Adam needs.
type network struct {
	w        [weights]float32
	gradient [weights]float32 // of a batch, summed
	mean     [weights]float32 // of gradients
	square   [weights]float32 // mean of squares of gradients
	batches  int
	pass     pass
}

// Deviations of the weights at first (arbitrary).
const firstDeviation, outDeviation = 0.08, 0.3

func newNetwork(r *rand.Rand) *network {
	n := new(network)
	for i := range n.w[:startAt] {
		n.w[i] = float32(r.NormFloat64() * firstDeviation)
		if i >= outAt {
			n.w[i] *= outDeviation / firstDeviation
		}
	}
	return n
}

// A pass is what the network computes of one state.
type pass struct {
	view   rank.View
	index  map[int]int       // by pairs: index into rows and units
	rows   [][]uint16        // of each number of pairs
	units  [][hidden]float32 // of each number of pairs
	scores []float64         // of each ranked kid
}

// forward computes the scores of the ranked kids of s.
func (n *network) forward(s *rank.State) {
	p := &n.pass
	p.view.Set(s)
	p.index = map[int]int{}
	p.units, p.scores = p.units[:0], p.scores[:0]
	for i, k := range ranked(s) {
		x, ok := p.index[k.Pairs]
		if !ok {
			x = len(p.units)
			p.index[k.Pairs] = x
			if x == len(p.rows) {
				p.rows = append(p.rows, nil)
			}
			p.rows[x] = p.view.AppendRows(p.rows[x][:0], k.Pairs)
			p.units = append(p.units, n.unitsOf(p.rows[x]))
		}
		at := scoreAt(k)
		z := n.w[startAt+at]
		for h, u := range p.units[x] {
			z += u * n.w[outAt+at*hidden+h]
		}
		p.scores = append(p.scores, float64(z)-float64(rank.Prior(i))/rank.ScoreUnit)
	}
}

// ranked returns the kids of s that are ranked.
func ranked(s *rank.State) []rank.Kid { return s.Kids[:min(len(s.Kids), rank.MaxKids)] }

// scoreAt returns the number of the score that is k's.
func scoreAt(k rank.Kid) int {
	if k.Second {
		return 1
	}
	return 0
}

// unitsOf returns the units of the rows.
func (n *network) unitsOf(rows []uint16) (units [hidden]float32) {
	for _, row := range rows {
		w := (*[hidden]float32)(n.w[int(row)*hidden:])
		for h := range units {
			units[h] += w[h]
		}
	}
	for h := range units {
		units[h] = max(0, units[h])
	}
	return units
}

// show adds the gradient of the loss of l, by its weight. The loss is the surprise at the
// right kid.
func (n *network) show(l *lesson) (loss float64) {
	n.forward(&l.State)
	p := &n.pass
	total := logSum(p.scores)
	by := make([][hidden]float32, len(p.units)) // gradients of units
	for i, k := range ranked(&l.State) {
		g := float32(math.Exp(p.scores[i] - total))
		if i == l.Right {
			g--
		}
		g *= l.weight
		at, x := scoreAt(k), p.index[k.Pairs]
		n.gradient[startAt+at] += g
		for h, u := range p.units[x] {
			n.gradient[outAt+at*hidden+h] += g * u
			if u > 0 {
				by[x][h] += g * n.w[outAt+at*hidden+h]
			}
		}
	}
	for x := range by {
		for _, row := range p.rows[x] {
			w := (*[hidden]float32)(n.gradient[int(row)*hidden:])
			for h := range w {
				w[h] += by[x][h]
			}
		}
	}
	return total - p.scores[l.Right]
}

// logSum returns the logarithm of the sum of e to the scores.
func logSum(scores []float64) float64 {
	top, sum := math.Inf(-1), 0.0
	for _, z := range scores {
		top = max(top, z)
	}
	for _, z := range scores {
		sum += math.Exp(z - top)
	}
	return top + math.Log(sum)
}

// Adam's constants, as published (arXiv 1412.6980).
const beta1, beta2, epsilon = 0.9, 0.999, 1e-8

// adam moves the weights by the gradient of a batch of so many lessons.
func (n *network) adam(rate, decay float64, batch int) {
	n.batches++
	c1 := 1 - math.Pow(beta1, float64(n.batches))
	c2 := 1 - math.Pow(beta2, float64(n.batches))
	step, shrink := float32(rate/c1), float32(rate*decay)
	for i, g := range n.gradient {
		g /= float32(batch)
		n.gradient[i] = 0
		n.mean[i] = beta1*n.mean[i] + (1-beta1)*g
		n.square[i] = beta2*n.square[i] + (1-beta2)*g*g
		n.w[i] -= step*n.mean[i]/(float32(math.Sqrt(float64(n.square[i])/c2))+epsilon) + shrink*n.w[i]
	}
}

// finalRate is the quotient of the first and the last rate of learning (arbitrary).
const finalRate = 50

// learn returns a network that has learnt the lessons, which it reorders. It logs its
// progress.
func learn(lessons, tests []lesson, o *options) *network {
	r := rand.New(rand.NewPCG(o.seed, 1))
	n := newNetwork(r)
	total := float64(o.epochs * (len(lessons) / o.batch))
	for epoch := range o.epochs {
		pool := o.pool(lessons, epoch)
		r.Shuffle(len(pool), func(i, j int) { pool[i], pool[j] = pool[j], pool[i] })
		sum := 0.0
		for b := 0; b+o.batch <= len(lessons); b += o.batch {
			for i := range o.batch {
				sum += n.show(&pool[(b+i)%len(pool)])
			}
			n.adam(o.rate*(1-float64(n.batches)/total)+o.rate/finalRate, o.decay, o.batch)
		}
		loss, among := n.test(tests)
		log.Printf("epoch %d: loss %.4f, of tests %.4f; right one among the first %v: %.3f", epoch, sum/float64(len(lessons)), loss, tops, among)
	}
	return n
}

// The values of -order.
const (
	orderShuffled = "shuffled"
	orderLength   = "length"
)

// pool returns the lessons of an epoch, of which as many are shown as there are lessons: all
// or, by -order length, those with the shortest lines. They get longer from epoch to epoch of
// the first half, at whose end and after it they are all. pool reorders lessons.
func (o *options) pool(lessons []lesson, epoch int) []lesson {
	half := max(1, o.epochs/2)
	if o.order != orderLength || epoch+1 >= half {
		return lessons
	}
	slices.SortStableFunc(lessons, func(a, b lesson) int { return len(a.Line) - len(b.Line) })
	return lessons[:max(1, len(lessons)*(epoch+1)/half)]
}

// test returns the mean loss of lessons, and the shares of them whose right kid is among
// the first of tops.
func (n *network) test(lessons []lesson) (loss float64, among [len(tops)]float64) {
	for i := range lessons {
		l := &lessons[i]
		n.forward(&l.State)
		better := 0
		for _, z := range n.pass.scores {
			if z > n.pass.scores[l.Right] {
				better++
			}
		}
		loss += (logSum(n.pass.scores) - n.pass.scores[l.Right]) / float64(len(lessons))
		for k, top := range tops {
			if better < top {
				among[k] += 1 / float64(len(lessons))
			}
		}
	}
	return loss, among
}

// table returns the weights as rank.Parse reads them, rounded.
func (n *network) table() (t []byte) {
	round := func(x float32, unit, limit float64) int {
		return int(math.Round(min(max(float64(x)*unit, -limit), limit)))
	}
	for i, x := range n.w {
		switch {
		case i < outAt:
			t = append(t, byte(round(x, rank.FirstUnit, rank.MaxFirst)))
			continue
		case i < startAt:
			t = append16(t, round(x, rank.OutUnit, rank.MaxOut))
		default:
			t = append16(t, round(x, rank.FirstUnit*rank.OutUnit, math.MaxInt16))
		}
	}
	return t
}

func append16(t []byte, x int) []byte { return append(t, byte(x), byte(x>>8)) }
