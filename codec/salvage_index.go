package codec

import (
	"slices"

	"github.com/ktzip/ktzip/container"
)

// withIndex returns the pieces of a file that its index describes. Before them come those of a
// file without an index: its end is lost, and the start of the file with the index too. These are
// parts that the index does not list and that are before the segments that it lists, or before
// any damage.
func (f *damagedFile) withIndex() (pieces []piece) {
	found, start := f.places()
	damage := f.firstDamage()
	foreign := &damagedFile{header: f.header}
	intact := false
	for i, p := range f.parts {
		if found[i] < 0 && (i < damage || p.Off+p.Coded <= start+f.index.Header) {
			foreign.parts = append(foreign.parts, p)
			intact = intact || !p.Damaged
		}
	}
	if intact { // otherwise there is nothing but damage before this file
		pieces = foreign.withoutIndex()
	}
	unsure := intact || !f.whole()
	next, off := 0, f.start+f.index.Header // of the next segment, if no bytes were lost
	missing := func(end int) {
		for ; next < end; next++ {
			e := f.index.Entries[next]
			pieces = append(pieces, piece{Part: container.Part{Off: off, Coded: e.Coded, Size: e.Size, Damaged: true}})
			off += e.Coded
		}
	}
	for i, k := range found {
		if k >= 0 {
			missing(k)
			pieces = append(pieces, piece{f.parts[i], unsure})
			next, off = k+1, f.parts[i].Off+f.parts[i].Coded
		}
	}
	missing(len(f.index.Entries))
	return pieces
}

// firstDamage returns the number of the first damaged part.
func (f *damagedFile) firstDamage() int {
	k := slices.IndexFunc(f.parts, func(p container.Part) bool { return p.Damaged })
	if k < 0 {
		return len(f.parts)
	}
	return k
}

// places returns the number that each part has in the index, -1 if none, and the offset of the
// file. A segment may stand at its place counted from the start or from the index, or elsewhere
// if bytes were lost or inserted on both sides of it. The numbers increase.
func (f *damagedFile) places() (found []int, start int64) {
	x := f.index
	fromStart, fromEnd := map[int64]int{}, map[int64]int{}
	same := map[container.Entry][]int{}
	off := f.start + x.Header
	for k, e := range x.Entries {
		fromStart[off] = k
		same[e] = append(same[e], k)
		off += e.Coded
	}
	off = f.end
	for k := len(x.Entries) - 1; k >= 0; k-- {
		off -= x.Entries[k].Coded
		fromEnd[off] = k
	}
	start = off - x.Header

	damage := f.firstDamage()
	found = make([]int, len(f.parts))
	end := len(x.Entries) // the numbers below are free
	for i := len(f.parts) - 1; i >= 0; i-- {
		p := &f.parts[i]
		found[i] = -1
		if p.Damaged {
			continue
		}
		e := container.Entry{Coded: p.Coded, Size: p.Size}
		at := func(place map[int64]int) bool {
			k, ok := place[p.Off]
			if ok = ok && k < end && x.Entries[k] == e; ok {
				found[i] = k
			}
			return ok
		}
		list := same[e]
		for len(list) > 0 && list[len(list)-1] >= end {
			list = list[:len(list)-1]
		}
		same[e] = list
		switch {
		case i < damage && at(fromStart), at(fromEnd), at(fromStart):
		case p.Off >= start && len(list) > 0:
			found[i] = list[len(list)-1]
		default:
			continue
		}
		end = found[i]
	}
	return found, start
}
