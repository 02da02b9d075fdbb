package codec

import (
	"cmp"
	"context"
	"fmt"
	"math/bits"
	"runtime"
	"slices"

	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// A Finder looks for the programs of blocks. It must be safe for concurrent use, and give the
// same answers to the same questions.
type Finder interface {
	// Promising reports, at little cost, whether Find may return a program for block.
	Promising(block []byte) bool
	// Find returns canonical programs for the blocks of stream[from:], of size bytes each,
	// the last one maybe shorter; nil for a block if it expects no program that costs less
	// than the block's limit. They must be executed in order (dsl.Machine.Block).
	// Find takes about steps steps of its own at most, and returns how many it took. Once
	// ctx is done, it soon returns anything.
	Find(ctx context.Context, stream []byte, from, size int, limits []dsl.Cost, steps int64) (found []*dsl.Program, used int64)
}

// A ConcurrentFinder batches calls of Find, as for a GPU. Concurrency returns how many
// concurrent calls it can use, if more than the number of threads.
type ConcurrentFinder interface {
	Finder
	Concurrency() int
}

// A Planner proposes plans. It must be safe for concurrent use, and give the same answers to
// the same questions.
type Planner interface {
	// Plans returns canonical plans by which the segment src may be shorter, the most
	// promising ones first. The function cost estimates how many bytes a stream takes; it
	// is not safe for concurrent use. Once ctx is done, Plans soon returns anything.
	Plans(ctx context.Context, src []byte, cost func(stream []byte) int) []*dsl.Program
	// Promising reports, in a fraction of that time, whether Plans may return any.
	Promising(src []byte) bool
}

// A Forecaster is a Planner that tells cheaply what plans may save. Forecast returns about how
// many bytes src takes by simple plans. A Writer then notices if its plan from before stays as
// far below that as it was.
type Forecaster interface {
	Planner
	Forecast(src []byte) int
}

// A Divider is a Planner that sees where segments should end. It is asked only if the Writer
// chooses the lengths of segments.
type Divider interface {
	Planner
	// Border returns the first place at which a segment that begins with src should end, since
	// other data begins there; 0 if there is none. It was asked before about src[:looked], with
	// more. If more is true, it may leave for later what begins near the end of src.
	Border(src []byte, looked int, more bool) int
}

// Defaults and limits of the configurations.
const (
	DefaultLevel       = 6
	DefaultBlockSize   = 128       // bytes
	DefaultMemoryLimit = 128 << 20 // bytes

	MinPredictorMemory = 1 << container.MinPredictorLog // bytes
	MaxPredictorMemory = 1 << container.MaxPredictorLog // bytes

	MinBlockSize   = 1 << container.MinBlockLog // bytes
	MaxBlockSize   = 1 << container.MaxBlockLog // bytes
	MaxSegmentSize = 32 << 20                   // bytes; the longest that DefaultMemoryLimit allows to restore
)

// A WriterConfig says how to compress. The zero value and nil stand for the defaults. A Writer
// does not modify it. Do not modify it while the Writer is in use.
type WriterConfig struct {
	Context         context.Context  // ends the work early; nil if nothing does
	Level           int              // 1 (fast) to 9 (small); 0 stands for DefaultLevel
	Threads         int              // segments compressed at a time, and searches run at a time, at most the number of processors; 0 stands for GOMAXPROCS
	BlockSize       int              // bytes, a power of two from MinBlockSize to MaxBlockSize; 0 stands for DefaultBlockSize
	SegmentSize     int              // bytes, from BlockSize to MaxSegmentSize; 0 lets the Writer choose 1 to 8 MiB, by how well the data codes and how much of it repeats
	Rsyncable       bool             // end segments where their content says so, 512 KiB on average, so that a change of the input changes the file only nearby; SegmentSize is the most bytes then
	NoVerify        bool             // write segments without restoring them first
	Finder          Finder           // nil if no programs are looked for
	Planner         Planner          // nil if no plans are looked for
	Mixer           Mixer            // nil if no predictors are looked for
	RestoreSpeed    int              // bytes a second, of the reference processor, that predictors leave; 0 stands for MinRestoreSpeed
	PredictorMemory int64            // bytes that restoring by a predictor may take, 64 KiB to 128 MiB; 0 stands for 64 MiB, or less beside long segments
	Plans           []*dsl.Program   // canonical; tried for every segment that has no better one; fitted to it, if the Planner is a Refitter; where one does not fit, it is skipped; its copies (expand) are left out
	Header          container.Header // the optional fields; the Writer sets the others

	predicting chan *predicting // machines of predictors that are free: Threads of them if there is a Mixer

	only *dsl.Program // of tests: codes every segment, or ends with errOnly
}

// A ReaderConfig says how to restore. The zero value and nil stand for the defaults. Do not
// modify it while it is in use.
type ReaderConfig struct {
	Context     context.Context // ends the work early; nil if nothing does
	Threads     int             // segments restored at a time, at most the number of processors and what MemoryLimit allows; 0 stands for 1, or GOMAXPROCS for ReadAt of an Archive
	OneFile     bool            // io.EOF follows the end mark of the first file; nothing after it is read
	MemoryLimit int64           // bytes; files that need more are refused with container.ErrMemory, an Archive keeps what else fits; 0 stands for DefaultMemoryLimit
}

// valueOf returns what c points to; the zero value if c is nil.
func valueOf[T any](c *T) (v T) {
	if c != nil {
		v = *c
	}
	return v
}

// withDefaults returns the configuration that c stands for.
func (c *WriterConfig) withDefaults() (WriterConfig, error) {
	d := valueOf(c)
	if d.Context == nil {
		d.Context = context.Background()
	}
	d.Level = cmp.Or(d.Level, DefaultLevel)
	d.Threads = cmp.Or(d.Threads, runtime.GOMAXPROCS(0))
	d.BlockSize = cmp.Or(d.BlockSize, DefaultBlockSize)
	d.RestoreSpeed = cmp.Or(d.RestoreSpeed, MinRestoreSpeed)
	if err := d.check(); err != nil {
		return d, err
	}
	d.Threads = min(d.Threads, maxThreads())
	if d.Rsyncable {
		d.SegmentSize = cmp.Or(d.SegmentSize, contentSegment)
	}
	d.Plans = slices.Clone(d.Plans)
	for i, p := range d.Plans {
		d.Plans[i] = withoutCopies(p)
	}
	longest := d.SegmentSize
	if longest == 0 {
		longest = maxAutoSegment
	}
	h := &d.Header
	if h.HasSize {
		longest = int(min(int64(longest), max(h.Size, int64(d.BlockSize))))
	}
	h.Version, h.BlockLog, h.SegmentLog, h.PredictorLog = container.Version, log2(d.BlockSize), log2(longest), 0
	if d.Mixer != nil {
		h.PredictorLog = d.maxPredictorLog()
		d.predicting = make(chan *predicting, d.Threads)
		for range d.Threads {
			d.predicting <- new(predicting)
		}
	}
	_, err := h.Append(nil)
	return d, err
}

// predictorLog returns what a header states of predictors that take so many bytes; 0 for none.
func predictorLog(bytes int64) uint8 {
	if bytes == 0 {
		return 0
	}
	return max(container.MinPredictorLog, uint8(bits.Len64(uint64(bytes-1))))
}

// maxPredictorLog returns log2 of the most bytes of memory that a predictor may take: as asked for, or
// as many as there are for it in DefaultMemoryLimit.
func (c *WriterConfig) maxPredictorLog() uint8 {
	if c.PredictorMemory != 0 {
		return uint8(bits.Len64(uint64(c.PredictorMemory)) - 1)
	}
	h := c.Header
	h.PredictorLog = container.MaxPredictorLog
	for h.PredictorLog > container.MinPredictorLog && Memory(&h) > DefaultMemoryLimit {
		h.PredictorLog--
	}
	return h.PredictorLog
}

// plans reports whether there may be plans.
func (c *WriterConfig) plans() bool { return c.Planner != nil || len(c.Plans) > 0 }

// check returns an error if a field is out of its range. The defaults must be filled in.
func (c *WriterConfig) check() error {
	for _, p := range c.Plans {
		if err := checkProgram(p, dsl.Plan); err != nil {
			return err
		}
	}
	switch {
	case c.Level < 1 || c.Level > 9:
		return fmt.Errorf("codec: level %d is not within 1..9", c.Level)
	case c.Threads < 0:
		return fmt.Errorf("codec: %d threads", c.Threads)
	case c.RestoreSpeed < MinRestoreSpeed:
		return fmt.Errorf("codec: a restoring speed of %d bytes a second; at least %d", c.RestoreSpeed, MinRestoreSpeed)
	case c.PredictorMemory != 0 && (c.PredictorMemory < MinPredictorMemory || c.PredictorMemory > MaxPredictorMemory):
		return fmt.Errorf("codec: %d bytes of memory for predictors are not within %d..%d", c.PredictorMemory, MinPredictorMemory, MaxPredictorMemory)
	case c.BlockSize < MinBlockSize || c.BlockSize > MaxBlockSize || c.BlockSize&(c.BlockSize-1) != 0:
		return fmt.Errorf("codec: block size %d is not a power of two within %d..%d", c.BlockSize, MinBlockSize, MaxBlockSize)
	case c.SegmentSize != 0 && (c.SegmentSize < c.BlockSize || c.SegmentSize > MaxSegmentSize):
		return fmt.Errorf("codec: segment size %d is not within %d..%d", c.SegmentSize, c.BlockSize, MaxSegmentSize)
	}
	return nil
}

// checkProgram returns an error if p, which the caller made, can't be coded as a plan or a predictor.
func checkProgram(p *dsl.Program, role dsl.Role) error {
	name, most := "plan", dsl.MaxPlanList
	if role == dsl.Predictor {
		name, most = "predictor", dsl.MaxPredictorList
	}
	if p == nil {
		return fmt.Errorf("codec: a %s that is nil", name)
	}
	if p.Out < 0 || p.Out >= len(p.Nodes) || len(p.Nodes) > dsl.MaxNodes {
		return fmt.Errorf("codec: a %s of %d lines whose output is line %d", name, len(p.Nodes), p.Out+1)
	}
	literals := 0
	for i := range p.Nodes {
		n := &p.Nodes[i]
		if !n.Op.In(role) {
			return fmt.Errorf("codec: line %d of the %s has operation %d, which %ss can't use", i+1, name, n.Op, name)
		}
		for _, ref := range n.Refs[:n.Op.Lists()] {
			if ref < 0 || ref >= i {
				return fmt.Errorf("codec: line %d of the %s refers to line %d, which is not before it", i+1, name, ref+1)
			}
		}
		literals += len(n.List)
	}
	if literals > most {
		return fmt.Errorf("codec: the lists of the %s have %d elements, allowed are %d", name, literals, most)
	}
	return nil
}

// log2 returns the least k with 1<<k >= n.
func log2(n int) uint8 { return uint8(bits.Len(uint(n - 1))) }

// maxThreads returns the most goroutines that are used, whatever number was asked for: the
// number of processors, since more don't help. On small machines it is 4, which is arbitrary.
func maxThreads() int { return max(4, runtime.GOMAXPROCS(0)) }

// withDefaults returns the configuration that c stands for.
func (c *ReaderConfig) withDefaults() (ReaderConfig, error) {
	d := valueOf(c)
	if d.Context == nil {
		d.Context = context.Background()
	}
	d.Threads = cmp.Or(d.Threads, 1)
	d.MemoryLimit = cmp.Or(d.MemoryLimit, DefaultMemoryLimit)
	switch {
	case d.Threads < 0:
		return d, fmt.Errorf("codec: %d threads", d.Threads)
	case d.MemoryLimit < 0:
		return d, fmt.Errorf("codec: a memory limit of %d bytes", d.MemoryLimit)
	}
	d.Threads = min(d.Threads, maxThreads())
	return d, nil
}
