package programs

import "slices"

// neighbours is how many other cuts are tried in place of one of the best state's.
const neighbours = 32

// polish looks for states better than the best one that differ from it in one
// interleave, which starts or ends elsewhere, is left out or comes in between.
// Best-first search seldom returns to the outer ones when the inner ones fit.
func (s *scratch) polish(t taker) {
	for better := s.best != nil; better && s.steps > 0; {
		better = false
		var cuts []*state
		for st := s.best; st.parent != nil; st = st.parent {
			cuts = append(cuts, st)
		}
		slices.Reverse(cuts)
		for j := len(cuts) - 1; j >= 0 && !better && s.steps > 0; j-- {
			from := cuts[j].parent
			better = s.tried(t, from, cuts[j+1:])
			for _, kid := range s.others(from) {
				if better || s.steps <= 0 {
					break
				}
				mark := s.used
				s.make(kid)
				if kid.m != cuts[j].m || kid.second != cuts[j].second {
					better = s.tried(t, kid, cuts[j+1:])
				}
				better = better || s.tried(t, kid, cuts[j:])
				if !better {
					s.used = mark
				}
			}
		}
	}
}

// others are the most hopeful states that st can be parted into.
func (s *scratch) others(st *state) []*state {
	from := *st
	from.kids = nil
	s.solve(st)
	s.expandFirst(&from)
	for _, kid := range from.kids {
		kid.parent = st
	}
	return from.kids[:min(len(from.kids), neighbours)]
}

// tried solves the state that comes of st where its first line is parted like
// cuts, as far as they fit, and reports whether it is the best so far.
func (s *scratch) tried(t taker, st *state, cuts []*state) bool {
	mark := s.used
	for _, c := range cuts {
		k := 0
		for !st.lines[k].first {
			k++
		}
		if 2*c.m > len(st.lines[k].line.v) {
			break
		}
		st = &state{parent: st, part: k, m: c.m, second: c.second, depth: st.depth + 1}
		s.make(st)
	}
	if s.took(st, t) {
		return true
	}
	s.used = mark
	return false
}

// took solves st and reports whether it is the best so far.
func (s *scratch) took(st *state, t taker) bool {
	before := s.bestCost
	s.bestCost = t.take(s, st, s.solve(st))
	if s.bestCost < before {
		s.best = st
		return true
	}
	return false
}
