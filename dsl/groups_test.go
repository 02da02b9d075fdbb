package dsl

import (
	"errors"
	"slices"
	"testing"
)

// TestGroups codes the groups of streams.
func TestGroups(t *testing.T) {
	r := newSampler(7)
	for range 300 {
		var groups []Group
		streams, longest := 0, 0
		for range 1 + r.IntN(5) {
			g := Group{1 + r.IntN(4), r.IntN(1 << r.IntN(20))}
			groups = append(groups, g)
			streams += g.Streams
			longest += g.Member
		}
		e := NewEncoder()
		e.Plan(Identity())
		e.Groups(groups)
		section := e.Finish()
		d := NewDecoder(section)
		d.Plan()
		if got, err := d.Groups(streams, longest); err != nil || !slices.Equal(got, groups) {
			t.Fatalf("%v read as %v, %v", groups, got, err)
		}
		d.Reset(section)
		d.Plan()
		if got, err := d.Groups(streams, longest-groups[len(groups)-1].Member-1); !errors.Is(err, ErrCorrupt) && len(groups) > 1 {
			t.Fatalf("%v in fewer bytes read as %v, %v", groups, got, err)
		}
	}
}
