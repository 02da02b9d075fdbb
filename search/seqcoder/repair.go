package seqcoder

import "github.com/ktzip/ktzip/dsl"

// corrected says how many elements of the start of sequence list makes with lines after
// it that set a constant right: by a sum, by one value replaced, cut where it goes wrong or
// is too long. Each line takes the list before it.
func corrected(list []int32, sequence []byte) (made int, more []dsl.Node) {
	made = agree(list, sequence)
	if d := difference(list, sequence); d != 0 {
		shifted := make([]int32, len(list))
		for i, v := range list {
			shifted[i] = v + d
		}
		if n := agree(shifted, sequence); n > made {
			n0 := dsl.Node{Op: dsl.AddItem, Nums: [3]int32{d}}
			if d < 0 {
				n0 = dsl.Node{Op: dsl.SubtractItem, Nums: [3]int32{-d}}
			}
			made, more, list = n, []dsl.Node{n0}, shifted
		}
	}
	if made < min(len(list), len(sequence)) { // one value may be another
		from, to := list[made], int32(sequence[made])
		replaced := make([]int32, len(list))
		for i, v := range list {
			if replaced[i] = v; v == from {
				replaced[i] = to
			}
		}
		if n := agree(replaced, sequence); n > made {
			made, list = n, replaced
			more = append(more, dsl.Node{Op: dsl.Substitute, Nums: [3]int32{from, to}})
		}
	}
	if made < len(list) && made > 0 {
		more = append(more, dsl.Node{Op: dsl.Between, Nums: [3]int32{0, int32(made)}})
	}
	return made, more
}

// difference is what the sequence's first element is more than the list's.
func difference(list []int32, sequence []byte) int32 {
	if len(list) == 0 || len(sequence) == 0 {
		return 0
	}
	return int32(sequence[0]) - list[0]
}
