package plan

import (
	"encoding/binary"
	"iter"
)

// A channel is every stride-th element from the first one on, size elements.
type channel struct{ first, stride, size int }

// channelsOf yields the channels of count elements that take turns, stride of them.
func channelsOf(count, stride int) iter.Seq[channel] {
	return func(yield func(channel) bool) {
		for first := range min(stride, count) {
			if !yield(channel{first, stride, (count - first + stride - 1) / stride}) {
				return
			}
		}
	}
}

// chunkElements is how many elements a filter takes at a time. Its histories have that
// many in addition to those within reach: 16 KiB each fit into the first-level cache.
const chunkElements = 4096

// A chunkFilter turns residuals into elements if joining, elements into residuals if splitting:
// at most chunkElements of them.
type chunkFilter interface {
	run(chunk []int32, d direction)
}

// filterChannel filters the elements of c, of w bytes each, as if there were no others.
func (m *Machine) filterChannel(f chunkFilter, b []byte, w int, c channel) {
	m.chunk = zeros(m.chunk, min(c.size, chunkElements))
	step := w * c.stride // bytes
	for done := 0; done < c.size; done += chunkElements {
		chunk := m.chunk[:min(chunkElements, c.size-done)]
		elements := b[c.first*w+done*step:]
		widen(chunk, elements, w, step)
		f.run(chunk, m.direction)
		narrow(elements, chunk, w, step)
	}
}

// widen sets list to the signed elements of w bytes that are step bytes apart in b. It is not
// generic, as load is, since it took twice as long.
func widen(list []int32, b []byte, w, step int) {
	pos := 0
	switch w {
	case 1:
		for i := range list {
			list[i] = int32(int8(b[pos]))
			pos += step
		}
	case 2:
		for ; step == 2 && len(list) >= 4; list, b = list[4:], b[8:] {
			x := binary.LittleEndian.Uint64(b)
			list[0], list[1], list[2], list[3] = int32(int16(x)), int32(int16(x>>16)), int32(int16(x>>32)), int32(int16(x>>48))
		}
		for i := range list {
			list[i] = int32(int16(binary.LittleEndian.Uint16(b[pos:])))
			pos += step
		}
	default:
		for i := range list {
			list[i] = int32(binary.LittleEndian.Uint32(b[pos:]))
			pos += step
		}
	}
}

// narrow undoes widen.
func narrow(b []byte, list []int32, w, step int) {
	pos := 0
	switch w {
	case 1:
		for _, x := range list {
			b[pos] = byte(x)
			pos += step
		}
	case 2:
		for ; step == 2 && len(list) >= 4; list, b = list[4:], b[8:] {
			low, high := uint32(uint16(list[0]))|uint32(list[1])<<16, uint32(uint16(list[2]))|uint32(list[3])<<16
			binary.LittleEndian.PutUint64(b, uint64(low)|uint64(high)<<32)
		}
		for _, x := range list {
			binary.LittleEndian.PutUint16(b[pos:], uint16(x))
			pos += step
		}
	default:
		for _, x := range list {
			binary.LittleEndian.PutUint32(b[pos:], uint32(x))
			pos += step
		}
	}
}
