package near

import "slices"

// maxStride is the most elements from one of a progression to the next that mends look for:
// those of strands of two interleaves.
const maxStride = 4

// witnesses are where elements stand that speak for the progression that one at 0 breaks, in
// strides.
var witnesses = [...][]int{{-2, -1, 1, 2}, {-3, -2, -1, 1}, {-1, 1, 2, 3}, {-4, -3, -2, -1}, {1, 2, 3, 4}}

// mends returns blocks in which single elements that break a progression of each stride are
// replaced by what it says, and one of all strides; but for those without a change.
func mends(block []byte) (list [][]byte) {
	all := slices.Clone(block)
	for stride := 1; stride <= maxStride; stride++ {
		one := slices.Clone(block)
		if mend(one, stride) {
			list = append(list, one)
			mend(all, stride)
		}
	}
	if len(list) > 1 {
		list = append(list, all)
	}
	return list
}

// mend changes a block, and reports whether it did.
func mend(block []byte, stride int) (changed bool) {
	for i := range block {
		for _, w := range witnesses {
			v, ok := says(block, i, stride, w)
			if ok && v != block[i] {
				block[i], changed = v, true
				break
			}
		}
	}
	return changed
}

// says returns the element at i of the progression that the witnesses are of, if they are.
func says(block []byte, i, stride int, w []int) (v byte, ok bool) {
	first, last := i+stride*w[0], i+stride*w[len(w)-1]
	if first < 0 || last >= len(block) {
		return 0, false
	}
	// The step is that between the first two witnesses, which may be 2 strides apart.
	step := int(block[i+stride*w[1]]) - int(block[first])
	apart := w[1] - w[0]
	if step%apart != 0 {
		return 0, false
	}
	step /= apart
	if step > maxStep || step < -maxStep {
		return 0, false
	}
	at := func(k int) int { return int(block[first]) + step*(k-w[0]) }
	for _, k := range w {
		if int(block[i+stride*k]) != at(k) {
			return 0, false
		}
	}
	v = byte(at(0))
	return v, int(v) == at(0)
}
