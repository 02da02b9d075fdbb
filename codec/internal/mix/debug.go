package mix

import (
	"fmt"
	"os"
	"sort"
)

type stat struct{ cost, n int64 }

var stats map[[2]uint32]*stat

func note(m *octets, i int) {
	if os.Getenv("STATS") == "" {
		return
	}
	if stats == nil {
		stats = map[[2]uint32]*stat{}
	}
	f := &m.framer
	k := [2]uint32{f.kind, uint32(min(i-f.start, 400))}
	s := stats[k]
	if s == nil {
		s = &stat{}
		stats[k] = s
	}
	s.cost += int64(m.cost)
	s.n++
}
func dumpStats() {
	if stats == nil {
		return
	}
	kinds := map[uint32]int64{}
	for k, s := range stats {
		kinds[k[0]] += s.cost
	}
	var ks []uint32
	for k := range kinds {
		ks = append(ks, k)
	}
	sort.Slice(ks, func(a, b int) bool { return kinds[ks[a]] > kinds[ks[b]] })
	unit := float64(ln2) * 256 / 16 * 16 / 256
	_ = unit
	for _, k := range ks[:min(len(ks), 12)] {
		fmt.Printf("kind %08x n %d: %.0f bytes\n ", k, stats[[2]uint32{k, 8}].n0(), float64(kinds[k])/(ln2/16)/8)
		for c := uint32(0); c < 400; c++ {
			if s := stats[[2]uint32{k, c}]; s != nil {
				fmt.Printf(" %.2f", float64(s.cost)/(ln2/16)/float64(s.n))
				if (c+1)%16 == 0 {
					fmt.Printf("\n  ")
				}
			}
		}
		fmt.Println()
	}
}
func (s *stat) n0() int64 {
	if s == nil {
		return 0
	}
	return s.n
}
