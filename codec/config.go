package codec

import (
	"context"
	"fmt"
	"math/bits"
	"runtime"

	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// A Finder looks for programs. It is used by several goroutines at a time, and
// must give the same answers to the same questions.
type Finder interface {
	// Promising is a cheap test: false dismisses a block.
	Promising(block []byte) bool
	// Find returns canonical programs for the blocks of size bytes, the last may
	// be shorter, that stream consists of from from on; nil for those where it
	// expects none to cost less than the block's limit. They are to be run in
	// order (dsl.Machine.Block). It takes about steps of its own steps at most
	// and returns how many it took. Once ctx is done, it soon returns anything.
	Find(ctx context.Context, stream []byte, from, size int, limits []dsl.Cost, steps int64) (found []*dsl.Program, used int64)
}

// A ConcurrentFinder batches calls of Find, as for a GPU. Concurrency returns how many
// concurrent calls it can use, if more than the number of threads.
type ConcurrentFinder interface {
	Finder
	Concurrency() int
}

// A Planner proposes plans. It is used by several goroutines at a time, and must
// give the same answers to the same questions.
type Planner interface {
	// Plans returns canonical plans for the segment src, the most promising ones
	// first, that may be worth coding it by. Cost is how many bytes the Writer's
	// GZIP needs for a stream; it is for one goroutine. Once ctx is done, Plans soon
	// returns anything.
	Plans(ctx context.Context, src []byte, cost func(stream []byte) int) []*dsl.Program
	// Promising reports, in a fraction of that time, whether Plans may return any.
	Promising(src []byte) bool
}

// Defaults and limits of the configurations.
const (
	DefaultLevel       = 6
	DefaultBlockSize   = 128
	DefaultMemoryLimit = 128 << 20 // bytes

	MinBlockSize   = 1 << container.MinBlockLog
	MaxBlockSize   = 1 << container.MaxBlockLog
	MaxSegmentSize = 32 << 20 // restored within DefaultMemoryLimit

	minAutoSegment = 1 << 20
	maxAutoSegment = 8 << 20
)

// A WriterConfig says how to compress. The zero value and nil mean the
// defaults; it is not changed, and not to be changed while in use.
type WriterConfig struct {
	Context     context.Context  // ends the work early; nil: never
	Level       int              // 1 (fast) to 9 (small); 0: DefaultLevel
	Threads     int              // segments compressed, and searches done, at a time, as processors allow; 0: GOMAXPROCS
	BlockSize   int              // bytes, a power of two from MinBlockSize to MaxBlockSize; 0: DefaultBlockSize
	SegmentSize int              // bytes, from BlockSize to MaxSegmentSize; 0: 1 to 8 MiB, by how well the data codes
	NoVerify    bool             // write without decoding first
	Finder      Finder           // nil: no programs for blocks
	Planner     Planner          // nil: no plans
	Plan        *dsl.Program     // canonical; the plan of every segment, an error where it can't be; nil: by Planner
	Header      container.Header // the optional fields; the sizes are set by the Writer
}

// A ReaderConfig says how to restore. The zero value and nil mean the defaults;
// it is not changed, and not to be changed while in use.
type ReaderConfig struct {
	Context     context.Context // ends the work early; nil: never
	Threads     int             // segments decoded at a time, as processors and MemoryLimit allow; 0: 1
	OneFile     bool            // io.EOF follows the end mark of the first file; what comes after it is not read
	MemoryLimit int64           // bytes; a file that needs more is refused with container.ErrMemory; 0: DefaultMemoryLimit
}

// withDefaults returns the configuration that c stands for.
func (c *WriterConfig) withDefaults() (WriterConfig, error) {
	d := WriterConfig{}
	if c != nil {
		d = *c
	}
	if d.Context == nil {
		d.Context = context.Background()
	}
	if d.Level == 0 {
		d.Level = DefaultLevel
	}
	if d.Threads == 0 {
		d.Threads = runtime.GOMAXPROCS(0)
	}
	if d.BlockSize == 0 {
		d.BlockSize = DefaultBlockSize
	}
	if d.Plan != nil {
		if err := checkPlan(d.Plan); err != nil {
			return d, err
		}
	}
	switch {
	case d.Level < 1 || d.Level > 9:
		return d, fmt.Errorf("codec: level %d is not within 1..9", d.Level)
	case d.Threads < 0:
		return d, fmt.Errorf("codec: %d threads", d.Threads)
	case d.BlockSize < MinBlockSize || d.BlockSize > MaxBlockSize || d.BlockSize&(d.BlockSize-1) != 0:
		return d, fmt.Errorf("codec: block size %d is not a power of two within %d..%d", d.BlockSize, MinBlockSize, MaxBlockSize)
	case d.Plan != nil && !d.Plan.IsIdentity() && d.SegmentSize > dsl.MaxPlanned:
		return d, fmt.Errorf("codec: segments of %d bytes with a plan, which may have %d", d.SegmentSize, dsl.MaxPlanned)
	case d.SegmentSize != 0 && (d.SegmentSize < d.BlockSize || d.SegmentSize > MaxSegmentSize):
		return d, fmt.Errorf("codec: segment size %d is not within %d..%d", d.SegmentSize, d.BlockSize, MaxSegmentSize)
	}
	d.Threads = min(d.Threads, maxThreads())
	h := &d.Header
	h.BlockLog = log2(d.BlockSize)
	most := d.SegmentSize
	if most == 0 {
		most = d.maxAuto()
	}
	if h.HasSize {
		most = int(min(int64(most), max(h.Size, int64(d.BlockSize))))
	}
	h.SegmentLog = log2(most)
	return d, nil
}

// maxAuto is the longest segment that the Writer makes of itself, in bytes.
func (c *WriterConfig) maxAuto() int {
	if c.Plan != nil && !c.Plan.IsIdentity() {
		return dsl.MaxPlanned
	}
	return maxAutoSegment
}

// checkPlan says what is wrong with a plan given from outside.
func checkPlan(p *dsl.Program) error {
	if p.Out < 0 || p.Out >= len(p.Nodes) || len(p.Nodes) > dsl.MaxNodes {
		return fmt.Errorf("codec: a plan of %d lines whose output is line %d", len(p.Nodes), p.Out+1)
	}
	literals := 0
	for i := range p.Nodes {
		n := &p.Nodes[i]
		if !n.Op.In(dsl.Plan) {
			return fmt.Errorf("codec: line %d of the plan has operation %d, which plans don't have", i+1, n.Op)
		}
		for _, ref := range n.Refs[:n.Op.Lists()] {
			if ref < 0 || ref >= i {
				return fmt.Errorf("codec: line %d of the plan refers to line %d", i+1, ref+1)
			}
		}
		literals += len(n.List)
	}
	if literals > dsl.MaxPlanList {
		return fmt.Errorf("codec: the lists of the plan have %d elements, allowed are %d", literals, dsl.MaxPlanList)
	}
	return nil
}

// log2 is the least k with 1<<k >= n.
func log2(n int) uint8 { return uint8(bits.Len(uint(n - 1))) }

// maxThreads is the most goroutines that are worth having: more than processors don't
// help, whatever number was asked for. On small machines it is 4, which is arbitrary.
func maxThreads() int { return max(4, runtime.GOMAXPROCS(0)) }

// withDefaults returns the configuration that c stands for.
func (c *ReaderConfig) withDefaults() (ReaderConfig, error) {
	d := ReaderConfig{}
	if c != nil {
		d = *c
	}
	if d.Context == nil {
		d.Context = context.Background()
	}
	if d.Threads == 0 {
		d.Threads = 1
	}
	if d.MemoryLimit == 0 {
		d.MemoryLimit = DefaultMemoryLimit
	}
	switch {
	case d.Threads < 0:
		return d, fmt.Errorf("codec: %d threads", d.Threads)
	case d.MemoryLimit < 0:
		return d, fmt.Errorf("codec: a memory limit of %d bytes", d.MemoryLimit)
	}
	d.Threads = min(d.Threads, maxThreads())
	return d, nil
}
