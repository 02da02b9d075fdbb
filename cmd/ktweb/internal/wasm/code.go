package wasm

import "encoding/binary"

// The instructions that fill uses, by their codes.
const (
	opLoop     = 0x03
	opEnd      = 0x0b
	opBranchIf = 0x0d
	opGet      = 0x20
	opTee      = 0x22
	opStore    = 0x36
	opConst    = 0x41
	opLess     = 0x49
	opAdd      = 0x6a
	opMul      = 0x6c
	opShift    = 0x76

	noResult = 0x40
	int32    = 0x7f
)

// fill returns a function that stores value(k) in row k of the table at base, for each k below n.
func fill(base, n int) []byte {
	b := []byte{1, 1, int32} // a local: k
	b = append(b, opLoop, noResult)
	b = append(b, opGet, 0)
	b = append(appendSigned(append(b, opConst), rowSize), opMul)
	b = append(b, opGet, 0)
	b = append(appendSigned(append(b, opConst), log2Rows), opShift)
	b = append(appendSigned(append(b, opConst), 1), opAdd)
	b = appendUvarint(append(b, opStore, 2), uint64(base)) // aligned to 2^2 bytes
	b = append(b, opGet, 0)
	b = append(appendSigned(append(b, opConst), 1), opAdd, opTee, 0)
	b = append(appendSigned(append(b, opConst), n), opLess, opBranchIf, 0)
	b = append(b, opEnd, opEnd)
	return append(appendUvarint(nil, uint64(len(b))), b...)
}

const log2Rows = 4

// uvarint takes an unsigned number from the start of b.
func uvarint(b *[]byte) (uint64, error) {
	v, n := binary.Uvarint(*b)
	if n <= 0 {
		return 0, errFormat
	}
	*b = (*b)[n:]
	return v, nil
}

func appendUvarint(b []byte, v uint64) []byte { return binary.AppendUvarint(b, v) }

// appendSigned appends a signed number that is not negative.
func appendSigned(b []byte, v int) []byte {
	for ; v > 63; v >>= 7 {
		b = append(b, byte(v)|0x80)
	}
	return append(b, byte(v))
}
