package plan

import "iter"

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

// filterChannel filters the elements of c as if there were no others.
func filterChannel[T element](m *Machine, f chunkFilter, b []byte, c channel) {
	m.chunk = zeros(m.chunk, min(c.size, chunkElements))
	from, to := c.first, c.first
	for done := 0; done < c.size; done += chunkElements {
		chunk := m.chunk[:min(chunkElements, c.size-done)]
		for i := range chunk {
			chunk[i] = int32(signed(load[T](b, from)))
			from += c.stride
		}
		f.run(chunk, m.direction)
		for _, x := range chunk {
			store(b, to, T(x))
			to += c.stride
		}
	}
}
