package programs

import "slices"

// neighbours is how many other cuts are tried in place of one of the best state's
// (arbitrary).
const neighbours = 32

// polish looks for states cheaper than the best one that differ from it in one cut,
// which is elsewhere, is left out or comes in between. The search itself seldom
// returns to the outer cuts when the inner ones fit.
func (s *scratch) polish(t taker) {
	for better := s.best != nil; better && s.steps > 0; {
		better = false
		var cuts []*state // the best state and its parents but the first, outermost cut first
		for st := s.best; st.parent != nil; st = st.parent {
			cuts = append(cuts, st)
		}
		slices.Reverse(cuts)
		for k := len(cuts) - 1; k >= 0 && !better && s.steps > 0; k-- {
			better = s.recut(t, cuts, k)
		}
	}
}

// recut tries the best state with another cut in place of number k, without it, and
// with another before it. It reports whether one is better.
func (s *scratch) recut(t taker, cuts []*state, k int) bool {
	from := cuts[k].parent
	better := s.follow(t, from, cuts[k+1:])
	for _, kid := range s.others(from) {
		if better || s.steps <= 0 {
			return better
		}
		used := s.used
		s.make(kid)
		if kid.cut != cuts[k].cut && s.follow(t, kid, cuts[k+1:]) || s.follow(t, kid, cuts[k:]) {
			return true
		}
		s.used = used
	}
	return better
}

// others returns the most promising states with one cut more than st.
func (s *scratch) others(st *state) []*state {
	from := *st
	from.kids = nil
	s.solve(st)
	s.cutFirst(&from)
	for _, kid := range from.kids {
		kid.parent = st
	}
	return from.kids[:min(len(from.kids), neighbours)]
}

// follow solves the state that comes of st if its first line is cut like cuts, as
// far as they fit, and reports whether it is the best so far.
func (s *scratch) follow(t taker, st *state, cuts []*state) bool {
	used := s.used
	for _, c := range cuts {
		k := slices.IndexFunc(st.slots, func(p slot) bool { return p.first })
		if 2*c.cut.pairs > len(st.slots[k].line.v) {
			break
		}
		st = &state{parent: st, which: k, cut: c.cut, depth: st.depth + 1}
		s.make(st)
	}
	if s.improve(st, t) {
		return true
	}
	s.used = used
	return false
}
