package texts

// A history is what is known of a decision in a context: how often it was 0 and 1, bounded, and
// if these are few also what came last. Histories have numbers, from 0, that of no decision, the
// more decisions the greater (as in zpaq, M. Mahoney).
const histories = 256

// most[k] is how often one value may have been seen that the other was seen k times.
var most = [...]int{20, 48, 15, 8, 6, 5}

// lastKept is how many decisions there may be so that the last one is still known.
const lastKept = 17

// A tally is how often a decision was 0 and 1.
type tally struct{ zeros, ones int }

// variants returns how many histories there are of a tally: 0, 1, or 2 if the last is known.
func (t tally) variants() int {
	a, b := max(t.zeros, t.ones), min(t.zeros, t.ones)
	switch {
	case b >= len(most) || a > most[b]:
		return 0
	case b > 0 && a+b <= lastKept:
		return 2
	}
	return 1
}

// next returns the tally after a decision: the other value counts less then, and if there is no
// history of that, both.
func (t tally) next(bit int) tally {
	if bit == 0 {
		t = tally{t.ones, t.zeros}.next(1)
		return tally{t.ones, t.zeros}
	}
	t.ones++
	if t.zeros > 5 {
		t.zeros = 5 + min((t.zeros-5)/2, 2)
	}
	for t.variants() == 0 {
		a, b := &t.zeros, &t.ones
		if *a < *b {
			a, b = b, a
		}
		if *b > 1 {
			*a = (*a*(*b-1) + *b/2) / *b
			*b--
		} else {
			*a--
		}
	}
	return t
}

var (
	nextHistory [2][histories]uint8 // by the decision
	tallies     [histories]tally
)

// makeHistories makes the tables above.
func makeHistories() {
	type key struct {
		tally
		last int
	}
	numbers := map[key]uint8{}
	n := 0
	for sum := 0; n < histories && sum <= 2*histories; sum++ {
		for zeros := sum; zeros >= 0; zeros-- {
			t := tally{zeros, sum - zeros}
			for v := range t.variants() {
				if numbers[key{t, v}] = uint8(n); t.variants() == 1 {
					numbers[key{t, 1}] = uint8(n)
				}
				tallies[n] = t
				n++
			}
		}
	}
	for k, from := range numbers {
		for bit := range nextHistory {
			nextHistory[bit][from] = numbers[key{k.next(bit), bit}]
		}
	}
}

// start returns the probability of a history, 22 bits, before anything is known of its kind:
// Krichevsky's and Trofimov's.
func (t tally) start() uint32 {
	return uint32((2*t.ones + 1) * (1<<22 - 1) / (2*(t.zeros+t.ones) + 2))
}
