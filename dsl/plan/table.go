package plan

import (
	"fmt"

	"github.com/ktzip/ktzip/dsl"
)

var (
	errElement = fmt.Errorf("%w: elements are of 1, 2, 4 or 8 bytes", dsl.ErrExecution)
	errLag     = fmt.Errorf("%w: a distance is below 1", dsl.ErrExecution)
	errShape   = fmt.Errorf("%w: parameters that fit no list", dsl.ErrExecution)
	errFixed   = fmt.Errorf("%w: one list of a concatenate must be get_subsequence_between_indices(s, 0, n)", dsl.ErrExecution)
	errEarlier = fmt.Errorf("%w: a plan refers to a list of a block program", dsl.ErrExecution)
	errSteps   = fmt.Errorf("%w: steps of a plan", dsl.ErrLimit)
	errGroups  = fmt.Errorf("%w: records that don't fill their list", dsl.ErrExecution)
)

// rows says what each operation of plans means; nil if plans cannot use it.
var rows = [...]*row{
	dsl.Payload:     planPayload,
	dsl.Between:     planBetween,
	dsl.Concatenate: planConcatenate,
	dsl.ReverseList: planReverse,
	dsl.ScanAdd:     planScanAdd,
	dsl.AddItem:     planAddItem,
	dsl.Interleave:  planInterleave,
	dsl.Predict:     planPredict,
	dsl.Paeth:       planPaeth,
	dsl.Median:      planMedian,
	dsl.Zigzag:      planZigzag,
	dsl.ScanXor:     planScanXor,
	dsl.Floats:      planFloats,
	dsl.Transpose:   planTranspose,
	dsl.Fields:      planFields,
	dsl.Records:     planRecords,
	dsl.LMS:         planLMS,
	dsl.Pack:        planPack,
}

// rowOf returns the row of op; nil if plans cannot use it.
func rowOf(op dsl.Op) *row {
	if int(op) < len(rows) {
		return rows[op]
	}
	return nil
}

// checkElement is the check of operations whose first number is an element.
func checkElement(n *dsl.Node) error {
	switch n.Nums[0] {
	case 1, 2, 4, 8, -2, -4, -8:
		return nil
	}
	return errElement
}

// checkLag also wants a distance of at least 1, checkPlane two.
func checkLag(n *dsl.Node) error {
	if n.Nums[1] < 1 {
		return errLag
	}
	return checkElement(n)
}

func checkPlane(n *dsl.Node) error {
	if n.Nums[2] < 1 {
		return errLag
	}
	return checkLag(n)
}

// sameSize is the sizes of operations that change each element where it is.
func sameSize(_ *dsl.Node, size int, _ [2]int) ([2]int, error) { return [2]int{size}, nil }

// inPlace is the row of an operation on one list of elements of n.Nums[0] bytes.
func inPlace(check func(n *dsl.Node) error, forward, inverse func(b []byte, n *dsl.Node)) *row {
	run := func(f func(b []byte, n *dsl.Node)) func(*Machine, []byte, *dsl.Node, []byte, []byte) error {
		return func(_ *Machine, b []byte, n *dsl.Node, _, _ []byte) error {
			swapBytes(b, int(n.Nums[0]))
			f(b, n)
			swapBytes(b, int(n.Nums[0]))
			return nil
		}
	}
	return &row{sizes: sameSize, check: check, join: run(forward), split: run(inverse)}
}

var (
	planPayload = &row{sizes: sameSize}
	planBetween = &row{
		sizes: func(n *dsl.Node, size int, _ [2]int) (wanted [2]int, err error) {
			if n.Nums[0] != 0 || int(n.Nums[1]) != size {
				return wanted, fmt.Errorf("%w: indices %d and %d of a list of %d bytes", dsl.ErrExecution, n.Nums[0], n.Nums[1], size)
			}
			return [2]int{size}, nil
		}}
	planConcatenate = &row{
		sizes: func(_ *dsl.Node, size int, stated [2]int) (wanted [2]int, err error) {
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
				return wanted, fmt.Errorf("%w: the lists have more than %d bytes", dsl.ErrExecution, size)
			}
			return [2]int{s, t}, nil
		}}
	planReverse = inPlaceBytes(reverseBytes, reverseBytes)
	planScanAdd = inPlaceBytes(
		func(b []byte, _ *dsl.Node) { sumBytes(b, 1) },
		func(b []byte, _ *dsl.Node) { differBytes(b, 1) })
	planAddItem = inPlaceBytes(
		func(b []byte, n *dsl.Node) { addBytes(b, byte(n.Nums[0])) },
		func(b []byte, n *dsl.Node) { addBytes(b, -byte(n.Nums[0])) })
	planInterleave = &row{apart: true,
		sizes: func(_ *dsl.Node, size int, _ [2]int) ([2]int, error) { return [2]int{(size + 1) / 2, size / 2}, nil },
		join: func(_ *Machine, dst []byte, _ *dsl.Node, s, t []byte) error {
			for i, c := range t {
				dst[2*i], dst[2*i+1] = s[i], c
			}
			copy(dst[2*len(t):], s[len(t):])
			return nil
		},
		split: func(_ *Machine, src []byte, _ *dsl.Node, s, t []byte) error {
			for i := range t {
				s[i], t[i] = src[2*i], src[2*i+1]
			}
			copy(s[len(t):], src[2*len(t):])
			return nil
		}}

	planPredict = inPlace(
		func(n *dsl.Node) error {
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
	planLMS = &row{sizes: sameSize, check: checkLMS,
		join:  func(m *Machine, b []byte, n *dsl.Node, _, _ []byte) error { m.filter.adapt(b, n, true); return nil },
		split: func(m *Machine, b []byte, n *dsl.Node, _, _ []byte) error { m.filter.adapt(b, n, false); return nil }}
	planPack = &row{apart: true,
		check: func(n *dsl.Node) error { _, err := packingOf(n); return err },
		sizes: func(n *dsl.Node, size int, _ [2]int) ([2]int, error) {
			p, err := packingOf(n)
			return [2]int{p.unpacked(size)}, err
		},
		join:  func(_ *Machine, dst []byte, n *dsl.Node, s, _ []byte) error { pack(dst, n, s, true); return nil },
		split: func(_ *Machine, src []byte, n *dsl.Node, s, _ []byte) error { pack(src, n, s, false); return nil }}
	planTranspose = &row{apart: true, sizes: sameSize,
		check: func(n *dsl.Node) error {
			if n.Nums[0] < 1 || n.Nums[1] < 1 {
				return errShape
			}
			return nil
		},
		join: func(_ *Machine, dst []byte, n *dsl.Node, s, _ []byte) error {
			transpose(dst, s, int(n.Nums[0]), int(n.Nums[1]), true)
			return nil
		},
		split: func(_ *Machine, src []byte, n *dsl.Node, s, _ []byte) error {
			transpose(src, s, int(n.Nums[0]), int(n.Nums[1]), false)
			return nil
		}}
	planFields = &row{apart: true, sizes: sameSize,
		check: func(n *dsl.Node) error {
			sum := int64(0)
			for _, w := range n.List {
				if w < 1 {
					return errShape
				}
				sum += int64(w)
			}
			if sum == 0 || sum > dsl.MaxPlanned {
				return errShape
			}
			return nil
		},
		join: func(_ *Machine, dst []byte, n *dsl.Node, s, _ []byte) error { fields(dst, s, n.List, true); return nil },
		split: func(_ *Machine, src []byte, n *dsl.Node, s, _ []byte) error {
			fields(src, s, n.List, false)
			return nil
		}}
	planRecords = &row{apart: true,
		sizes: func(_ *dsl.Node, size int, stated [2]int) (wanted [2]int, err error) {
			heads := stated[0]
			if heads < 0 || heads > size {
				return wanted, fmt.Errorf("%w: the heads of records must be get_subsequence_between_indices(s, 0, n)", dsl.ErrExecution)
			}
			return [2]int{heads, size - heads}, nil
		},
		check: func(n *dsl.Node) error { _, err := frameOf(n); return err },
		join:  func(m *Machine, dst []byte, n *dsl.Node, s, t []byte) error { return m.group(dst, n, s, t, true) },
		split: func(m *Machine, src []byte, n *dsl.Node, s, t []byte) error { return m.group(src, n, s, t, false) }}
)

// inPlaceBytes is inPlace for operations whose elements are bytes.
func inPlaceBytes(forward, inverse func(b []byte, n *dsl.Node)) *row {
	run := func(f func(b []byte, n *dsl.Node)) func(*Machine, []byte, *dsl.Node, []byte, []byte) error {
		return func(_ *Machine, b []byte, n *dsl.Node, _, _ []byte) error { f(b, n); return nil }
	}
	return &row{sizes: sameSize, join: run(forward), split: run(inverse)}
}
