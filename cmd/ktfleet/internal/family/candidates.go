package family

import (
	"cmp"
	"slices"
)

// gather takes the candidates.
type gather struct{ Config }

// ProcessElement emits the candidates among the plans that were found.
func (g *gather) ProcessElement(_ []byte, found func(*Found) bool, emit func(Candidates)) {
	var all []Found
	var f Found
	for found(&f) {
		all = append(all, f)
		f = Found{}
	}
	emit(Candidates{candidates(g.Like, all)})
}

// candidates returns the plans like, then those that most files have, and those that come first in them, at
// most MaxPlans, each once.
func candidates(like []string, found []Found) (plans []string) {
	type candidate struct {
		text         string
		files, place int // how many files have it; where it is in them, at best
	}
	known := map[string]*candidate{}
	var list []*candidate
	for _, f := range found {
		for i, text := range f.Plans {
			if known[text] == nil {
				known[text] = &candidate{text: text, place: i}
				list = append(list, known[text])
			}
			c := known[text]
			c.files, c.place = c.files+1, min(c.place, i)
		}
	}
	slices.SortFunc(list, func(a, b *candidate) int {
		return cmp.Or(cmp.Compare(b.files, a.files), cmp.Compare(a.place, b.place), cmp.Compare(a.text, b.text))
	})
	plans = slices.Clone(like)
	for _, c := range list {
		if !slices.Contains(plans, c.text) {
			plans = append(plans, c.text)
		}
	}
	return plans[:min(len(plans), MaxPlans)]
}
