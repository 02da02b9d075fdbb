package codec

import (
	"fmt"
	"math/bits"
	"runtime"

	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// fixedMemory bounds what restoring needs in addition to the buffers of a segment, in bytes:
// the lists of block programs, models, the codes of deflate (container/FORMAT.md, section
// 10).
const fixedMemory = 4 << 20

// Memory returns how many bytes restoring a file with header h needs with one thread. Each
// further thread needs as much again (container/FORMAT.md, section 10).
func Memory(h *container.Header) int64 {
	n := int64(h.SegmentSize())
	planned := min(n, dsl.FullPlanned)
	if anyPlans(h) {
		planned = n
	}
	need := fixedMemory + segmentMemory(n, planned)
	if h.PredictorLog != 0 {
		need += 1 << h.PredictorLog
	}
	return need
}

// anyPlans reports whether plans of a file with header h may be of more than
// dsl.FullPlanned bytes.
func anyPlans(h *container.Header) bool { return h.Version == 0 || h.Version > 2 }

// segmentMemory returns what restoring a segment of n bytes takes, of which a plan may make
// planned: itself, its coded bytes, the streams of a plan (plan.MaxStreamBytes) and the plan's
// lists (plan.MaxScratch). What these two have in common for all segments is part of
// fixedMemory.
func segmentMemory(n, planned int64) int64 {
	return n + container.MaxCoded(n) + min(planned, dsl.MaxPlanned) + 5*min(planned, dsl.FullPlanned)
}

// threads returns how many segments of a file with header h may be restored at a time. The
// error is container.ErrMemory if there is no memory for one, and container.ErrPredictors if this
// program has not the predictors or the profile that the file needs; off is where the file starts.
func (c *ReaderConfig) threads(h *container.Header, off int64) (int, error) {
	switch {
	case h.PredictorLog != 0 && !hasPredictors:
		return 0, &container.Error{Off: off, Err: container.ErrPredictors, Msg: "this program was built without them"}
	case h.Profile != "":
		return 0, &container.Error{Off: off, Err: container.ErrPredictors, Msg: fmt.Sprintf("the file needs the profile %x", h.Profile)}
	}
	need := Memory(h)
	if need > c.MemoryLimit {
		return 0, &container.Error{Off: off, Err: container.ErrMemory,
			Msg: fmt.Sprintf("the file needs %d bytes of memory, allowed are %d", need, c.MemoryLimit)}
	}
	return int(min(int64(c.Threads), c.MemoryLimit/need)), nil
}

// buffer returns n bytes: those of b if it has room. A new buffer has the next power of two
// bytes or, above smallBuffer, the most that may be asked for, so that few are dropped.
func buffer(b []byte, n, most int) []byte {
	if cap(b) < n {
		room := max(n, most)
		if n <= smallBuffer {
			room = 1 << bits.Len(uint(n-1))
		}
		b = make([]byte, room)
	}
	return b[:n]
}

const smallBuffer = 256 << 10 // bytes; arbitrary

// The litter of a Reader is how many bytes it dropped since it last had them collected. Left
// to its pace, Go's collector runs once the heap is twice the bytes in use, and a file would
// take twice the memory that it states.
type litter int64

const (
	// segmentLitter is about what restoring a segment leaves: a goroutine, a channel, a
	// small plan and its layout. Measured: 0.4 KiB without a plan, 2 to 6 KiB with one.
	segmentLitter = 4 << 10

	// segmentReaderLitter is what reading a segment alone leaves: mostly the buffer of its
	// container.Reader, of 8 KiB.
	segmentReaderLitter = 10 << 10

	// maxLitter is half of the 16 MiB that a process may take in addition to what a file
	// states.
	maxLitter = 8 << 20
)

// planLitter returns about what walking a section with the plan p leaves: a copy of p and two
// layouts, 128 bytes a node, and its lists.
func planLitter(p *dsl.Program) int64 {
	n := 128 * int64(len(p.Nodes))
	for i := range p.Nodes {
		n += 4 * int64(len(p.Nodes[i].List))
	}
	return n
}

// textLitter returns about what making the text of a program leaves, which grows out of
// parts.
func textLitter(text string) int64 { return 6 * int64(len(text)) }

// add notes that n bytes were dropped while memory bytes were in use.
func (l *litter) add(n, memory int64) {
	if *l += litter(n); *l > maxLitter && memory > maxLitter {
		runtime.GC()
		*l = 0
	}
}
