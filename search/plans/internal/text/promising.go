package text

import "slices"

const (
	// promisingBytes is how much of a text is looked at for rows of one shape, which must be one
	// part in promisingShare; it has 4 to 12 percent of them in books, 1 to 60 in source code.
	promisingBytes, promisingShare = 32 << 10, 5

	// alikeRows is how many rows of one shape are more than chance. Arbitrary.
	alikeRows = 4

	// Templates for a glimpse, one part in glimpseShare of a text but at least leastGlimpse bytes, must
	// save one part in glimpseSaving. In source code they do in some parts, and not in all of it.
	// Arbitrary.
	glimpseShare, leastGlimpse, glimpseSaving = 8, 12 << 10, 48

	// If the templates of Brief save one part in toldSaving of a glimpse, no others need be tried; if they
	// save nothing, others save nothing either, but for those of aligned rows. Of 227 texts of one machine, 60 of which gain by templates,
	// the first was wrong for 5, the second for 4 (2026-11-27).
	toldSaving = 16
)

// Promising reports whether templates may save something for src, in some milliseconds: whether
// rows are alike and, if glimpse is not 0, templates for so many bytes save something.
func Promising(src []byte, glimpse int, estimate func(stream []byte) int) bool {
	b := Sample(src, promisingBytes)
	end, ok := endOf(b)
	if !ok {
		return false
	}
	f := newFinder(b, end, estimate, prices{}, 0)
	if glimpse == 0 {
		return f.alike(f.shapes(f.all(), f.tokens(f.all())), alikeRows)*promisingShare >= len(b) || len(f.delimiters()) > 0
	}
	l := lookAtMarks(b, end)
	if !l.alike && !l.led && len(f.delimiters()) == 0 {
		return false
	}
	b = glimpseOf(src, glimpse)
	f = newFinder(b, end, estimate, prices{}, dividingSteps)
	plain := estimate(b)
	if l.alike {
		if t, ok := Brief(b, estimate); ok {
			if cost, ok := priceOf(b, t, estimate); ok && cost*toldSaving <= plain*(toldSaving-1) {
				return true
			} else if cost >= plain && f.placedLength() == 0 {
				return false
			}
		}
	}
	return slices.ContainsFunc(f.attempts(b), func(a attempt) bool { return a.Cost*glimpseSaving <= plain*(glimpseSaving-1) })
}

// PromisingBrief reports whether the templates of Brief may save something for src, in a millisecond:
// whether those for a glimpse of so many bytes do.
func PromisingBrief(src []byte, glimpse int, estimate func(stream []byte) int) bool {
	b := glimpseOf(src, glimpse)
	t, ok := Brief(b, estimate)
	if !ok {
		return false
	}
	cost, ok := priceOf(b, t, estimate)
	return ok && cost*glimpseSaving <= estimate(b)*(glimpseSaving-1)
}

// glimpseOf returns a sample of src of at most size bytes.
func glimpseOf(src []byte, size int) []byte {
	return Sample(src, min(size, triedBytes, max(len(src)/glimpseShare, leastGlimpse)))
}

// alike returns how many bytes rows have that are in groups of at least so many.
func (f *finder) alike(groups []*group, rows int) (size int) {
	for _, g := range groups {
		if g.size() >= rows && g.loose == 0 {
			for _, r := range g.rows {
				size += len(f.rows[r]) + 1
			}
		}
	}
	return size
}
