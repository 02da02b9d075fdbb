package dsl

import "fmt"

var (
	errElement = fmt.Errorf("%w: elements are of 1, 2, 4 or 8 bytes", ErrExecution)
	errLag     = fmt.Errorf("%w: a distance is below 1", ErrExecution)
	errShape   = fmt.Errorf("%w: parameters that fit no list", ErrExecution)
	errFixed   = fmt.Errorf("%w: one list of a concatenate must be get_subsequence_between_indices(s, 0, n)", ErrExecution)
	errGroups  = fmt.Errorf("%w: records that don't fill their list", ErrExecution)
)

// checkElement is the check of operations whose first number is an element.
func checkElement(n *Node) error {
	switch n.Nums[0] {
	case 1, 2, 4, 8, -2, -4, -8:
		return nil
	}
	return errElement
}

// checkLag also wants a distance of at least 1, checkPlane two.
func checkLag(n *Node) error {
	if n.Nums[1] < 1 {
		return errLag
	}
	return checkElement(n)
}

func checkPlane(n *Node) error {
	if n.Nums[2] < 1 {
		return errLag
	}
	return checkLag(n)
}

// sameSize is the sizes of operations that change each element where it is.
func sameSize(_ *Node, size int, _ [2]int) ([2]int, error) { return [2]int{size}, nil }

// inPlace is the row of an operation on one list of elements of n.Nums[0] bytes.
func inPlace(check func(n *Node) error, forward, inverse func(b []byte, n *Node)) *planRow {
	run := func(f func(b []byte, n *Node)) func(*Planner, []byte, *Node, []byte, []byte) error {
		return func(_ *Planner, b []byte, n *Node, _, _ []byte) error {
			swapBytes(b, int(n.Nums[0]))
			f(b, n)
			swapBytes(b, int(n.Nums[0]))
			return nil
		}
	}
	return &planRow{sizes: sameSize, check: check, join: run(forward), split: run(inverse)}
}

var (
	planPayload = &planRow{sizes: sameSize}
	planBetween = &planRow{
		sizes: func(n *Node, size int, _ [2]int) (wanted [2]int, err error) {
			if n.Nums[0] != 0 || int(n.Nums[1]) != size {
				return wanted, fmt.Errorf("%w: indices %d and %d of a list of %d bytes", ErrExecution, n.Nums[0], n.Nums[1], size)
			}
			return [2]int{size}, nil
		}}
	planConcatenate = &planRow{
		sizes: func(_ *Node, size int, stated [2]int) (wanted [2]int, err error) {
			s, t := stated[0], stated[1]
			switch {
			case s >= 0:
				t = size - s
			case t >= 0:
				s = size - t
			default:
				return wanted, errFixed
			}
			if s < 0 || t < 0 {
				return wanted, fmt.Errorf("%w: the lists have more than %d bytes", ErrExecution, size)
			}
			return [2]int{s, t}, nil
		}}
	planReverse = inPlaceBytes(reverseBytes, reverseBytes)
	planScanAdd = inPlaceBytes(
		func(b []byte, _ *Node) { sumBytes(b, 1) },
		func(b []byte, _ *Node) { differBytes(b, 1) })
	planAddItem = inPlaceBytes(
		func(b []byte, n *Node) { addBytes(b, byte(n.Nums[0])) },
		func(b []byte, n *Node) { addBytes(b, -byte(n.Nums[0])) })
	planInterleave = &planRow{apart: true,
		sizes: func(_ *Node, size int, _ [2]int) ([2]int, error) { return [2]int{(size + 1) / 2, size / 2}, nil },
		join: func(_ *Planner, dst []byte, _ *Node, s, t []byte) error {
			for i, c := range t {
				dst[2*i], dst[2*i+1] = s[i], c
			}
			copy(dst[2*len(t):], s[len(t):])
			return nil
		},
		split: func(_ *Planner, src []byte, _ *Node, s, t []byte) error {
			for i := range t {
				s[i], t[i] = src[2*i], src[2*i+1]
			}
			copy(s[len(t):], src[2*len(t):])
			return nil
		}}

	planPredict = inPlace(
		func(n *Node) error {
			if n.Nums[1] < 0 || n.Nums[1] > 30 || len(n.List)%2 != 0 || len(n.List) > maxTaps {
				return errShape
			}
			for k := 0; k < len(n.List); k += 2 {
				if n.List[k] < 1 {
					return errLag
				}
			}
			return checkElement(n)
		},
		byWidth{predict[uint8], predict[uint16], predict[uint32], predict[uint64]}.run,
		byWidth{unpredict[uint8], unpredict[uint16], unpredict[uint32], unpredict[uint64]}.run)
	planPaeth = inPlace(checkPlane,
		byWidth{paethUp[uint8], paethUp[uint16], paethUp[uint32], paethUp[uint64]}.run,
		byWidth{paethDown[uint8], paethDown[uint16], paethDown[uint32], paethDown[uint64]}.run)
	planMedian = inPlace(checkPlane,
		byWidth{medianUp[uint8], medianUp[uint16], medianUp[uint32], medianUp[uint64]}.run,
		byWidth{medianDown[uint8], medianDown[uint16], medianDown[uint32], medianDown[uint64]}.run)
	planZigzag = inPlace(checkElement,
		byWidth{unzigzag[uint8], unzigzag[uint16], unzigzag[uint32], unzigzag[uint64]}.run,
		byWidth{zigzag[uint8], zigzag[uint16], zigzag[uint32], zigzag[uint64]}.run)
	planScanXor = inPlace(checkLag,
		byWidth{xorUp[uint8], xorUp[uint16], xorUp[uint32], xorUp[uint64]}.run,
		byWidth{xorDown[uint8], xorDown[uint16], xorDown[uint32], xorDown[uint64]}.run)
	planFloats = inPlace(checkElement,
		byWidth{flipSigned[uint8], flipSigned[uint16], flipSigned[uint32], flipSigned[uint64]}.run,
		byWidth{flipSigned[uint8], flipSigned[uint16], flipSigned[uint32], flipSigned[uint64]}.run)
	planLMS = &planRow{sizes: sameSize, check: checkLMS,
		join:  func(m *Planner, b []byte, n *Node, _, _ []byte) error { m.filter.adapt(b, n, true); return nil },
		split: func(m *Planner, b []byte, n *Node, _, _ []byte) error { m.filter.adapt(b, n, false); return nil }}
	planPack = &planRow{apart: true,
		check: func(n *Node) error { _, err := packingOf(n); return err },
		sizes: func(n *Node, size int, _ [2]int) ([2]int, error) {
			p, err := packingOf(n)
			return [2]int{p.unpacked(size)}, err
		},
		join:  func(_ *Planner, dst []byte, n *Node, s, _ []byte) error { pack(dst, n, s, true); return nil },
		split: func(_ *Planner, src []byte, n *Node, s, _ []byte) error { pack(src, n, s, false); return nil }}
	planTranspose = &planRow{apart: true, sizes: sameSize,
		check: func(n *Node) error {
			if n.Nums[0] < 1 || n.Nums[1] < 1 {
				return errShape
			}
			return nil
		},
		join: func(_ *Planner, dst []byte, n *Node, s, _ []byte) error {
			transpose(dst, s, int(n.Nums[0]), int(n.Nums[1]), true)
			return nil
		},
		split: func(_ *Planner, src []byte, n *Node, s, _ []byte) error {
			transpose(src, s, int(n.Nums[0]), int(n.Nums[1]), false)
			return nil
		}}
	planFields = &planRow{apart: true, sizes: sameSize,
		check: func(n *Node) error {
			sum := int64(0)
			for _, w := range n.List {
				if w < 1 {
					return errShape
				}
				sum += int64(w)
			}
			if sum == 0 || sum > MaxPlanned {
				return errShape
			}
			return nil
		},
		join:  func(_ *Planner, dst []byte, n *Node, s, _ []byte) error { fields(dst, s, n.List, true); return nil },
		split: func(_ *Planner, src []byte, n *Node, s, _ []byte) error { fields(src, s, n.List, false); return nil }}
	planRecords = &planRow{apart: true,
		sizes: func(_ *Node, size int, stated [2]int) (wanted [2]int, err error) {
			heads := stated[0]
			if heads < 0 || heads > size {
				return wanted, fmt.Errorf("%w: the heads of records must be get_subsequence_between_indices(s, 0, n)", ErrExecution)
			}
			return [2]int{heads, size - heads}, nil
		},
		check: func(n *Node) error { _, err := frameOf(n); return err },
		join:  func(m *Planner, dst []byte, n *Node, s, t []byte) error { return m.group(dst, n, s, t, true) },
		split: func(m *Planner, src []byte, n *Node, s, t []byte) error { return m.group(src, n, s, t, false) }}
)

// inPlaceBytes is inPlace for operations whose elements are bytes.
func inPlaceBytes(forward, inverse func(b []byte, n *Node)) *planRow {
	run := func(f func(b []byte, n *Node)) func(*Planner, []byte, *Node, []byte, []byte) error {
		return func(_ *Planner, b []byte, n *Node, _, _ []byte) error { f(b, n); return nil }
	}
	return &planRow{sizes: sameSize, join: run(forward), split: run(inverse)}
}
