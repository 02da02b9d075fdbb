package cuda

import (
	"errors"
	"fmt"
	"math"
	"sync"
	"unsafe"

	"github.com/ktzip/ktzip/search/seqcoder/model"
	"gorgonia.org/tensor"
)

// An Engine is a model.Engine: it keeps gorgonia's tensors in the memory of a device and runs a
// Transformer's passes there. Products are of bf16 matrices, summed in float32; keys and values
// are bf16. After Reserve it is safe for concurrent use: while the device works for one
// goroutine, others queue what comes next.
//
// Of gorgonia's own operations it has sums and products of matrices of float32, into existing
// tensors (tensor.WithReuse); others return errors. Tensors are made with tensor.WithEngine,
// filled and read by Write and Read, and released by Release.
type Engine struct {
	dev *Device

	// Since Reserve.
	config            model.Config
	rows, resultWords int // of a pass, at most
	pages             int
	batch, results    Memory               // of one pass after the other
	kv                Memory               // pages of keys and values, layer after layer
	free              chan *submission     // submissions that are not in use
	graphs            map[shape]graphState // of shapes that had a pass; guarded by the device's lock
	noGraphs          bool                 // recording one has failed

	// Of the pass that is being queued, while the device is locked.
	running *model.Batch // nil if there is none
	shape   shape

	mu    sync.Mutex
	owned map[address]bool // all memory that was taken and not released
	busy  float64          // seconds
}

// NewEngine returns an Engine of a device.
func NewEngine(dev *Device) *Engine {
	return &Engine{dev: dev, owned: map[address]bool{}, graphs: map[shape]graphState{}}
}

var (
	_ model.Engine        = (*Engine)(nil)
	_ tensor.Engine       = (*Engine)(nil)
	_ tensor.NonStdEngine = (*Engine)(nil)
	_ tensor.MatMuler     = (*Engine)(nil)
	_ tensor.Adder        = (*Engine)(nil)
)

var errHost = errors.New("cuda: the host can't access device memory; use Write and Read")

// AllocAccessible implements tensor.Engine.
func (e *Engine) AllocAccessible() bool { return false }

// NonStdAlloc implements tensor.NonStdEngine.
func (e *Engine) NonStdAlloc() {}

// WorksWith implements tensor.Engine: it reports whether elements are stored row by row.
func (e *Engine) WorksWith(order tensor.DataOrder) bool {
	return order.IsContiguous() && !order.IsColMajor() && !order.IsTransposed()
}

// Alloc implements tensor.Engine.
func (e *Engine) Alloc(size int64) (tensor.Memory, error) {
	m, err := e.take(size)
	if err != nil {
		return nil, err
	}
	return m, nil
}

// take takes memory of the device.
func (e *Engine) take(size int64) (Memory, error) {
	m, err := e.dev.take(size)
	if err != nil {
		return m, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.owned[m.addr] = true
	return m, nil
}

// release releases memory that take returned.
func (e *Engine) release(addr address) error {
	e.mu.Lock()
	delete(e.owned, addr)
	e.mu.Unlock()
	return e.dev.release(addr)
}

// Free implements tensor.Engine.
func (e *Engine) Free(m tensor.Memory, _ int64) error { return e.release(address(m.Uintptr())) }

// Release releases the memory of t.
func (e *Engine) Release(t *tensor.Dense) error { return e.release(addressOf(t)) }

// Accessible implements tensor.Engine; it returns an error.
func (e *Engine) Accessible(tensor.Memory) (tensor.Memory, error) { return nil, errHost }

// Memset implements tensor.Engine.
func (e *Engine) Memset(m tensor.Memory, value any) error {
	v, ok := value.(float32)
	if !ok {
		return fmt.Errorf("cuda: set memory to a %T, want float32", value)
	}
	return e.dev.Fill(memory(m), math.Float32bits(v))
}

// Memclr implements tensor.Engine.
func (e *Engine) Memclr(m tensor.Memory) { e.dev.Fill(memory(m), 0) } // the next call returns a failure

// Memcpy implements tensor.Engine. Each side may be on the device or the host.
func (e *Engine) Memcpy(to, from tensor.Memory) error {
	n := from.MemSize()
	if to.MemSize() < n {
		return fmt.Errorf("cuda: copy of %d bytes to memory of %d", n, to.MemSize())
	}
	switch there, here := e.dev.owns(to), e.dev.owns(from); {
	case there && here:
		return e.dev.Copy(memory(to), memory(from))
	case there:
		return e.dev.Write(memory(to), hostBytes(from))
	case here:
		return e.dev.Read(hostBytes(to)[:n], memory(from))
	}
	copy(hostBytes(to), hostBytes(from))
	return nil
}

// Write copies data to t, which must have as many elements.
func (e *Engine) Write(t *tensor.Dense, data []float32) error {
	if t.Engine() != tensor.Engine(e) || t.Shape().TotalSize() != len(data) {
		return fmt.Errorf("cuda: write of %d numbers to a tensor %v", len(data), t.Shape())
	}
	return e.dev.Write(memory(t), bytesOf(data))
}

// Read copies t to data, which must have as many elements.
func (e *Engine) Read(data []float32, t *tensor.Dense) error {
	if t.Engine() != tensor.Engine(e) || t.Shape().TotalSize() != len(data) {
		return fmt.Errorf("cuda: read of %d numbers of a tensor %v", len(data), t.Shape())
	}
	return e.dev.Read(bytesOf(data), memory(t))
}

// MatMul implements tensor.MatMuler: it sets c (M, N) to a (M, K) by b (K, N).
func (e *Engine) MatMul(a, b, c tensor.Tensor) error {
	if err := e.suits(a, b, c); err != nil {
		return err
	}
	m, k, n := a.Shape()[0], a.Shape()[1], b.Shape()[1]
	return e.dev.launch("product", [2]int{(n + 63) / 64, (m + 63) / 64}, 256,
		addressOf(a), addressOf(b), addressOf(c), int32(m), int32(n), int32(k))
}

// Add implements tensor.Adder: the sum goes to the tensor of tensor.WithReuse, or to a with
// tensor.UseUnsafe.
func (e *Engine) Add(a, b tensor.Tensor, options ...tensor.FuncOpt) (tensor.Tensor, error) {
	o := tensor.ParseFuncOpts(options...)
	out := o.Reuse()
	switch {
	case o.Incr() != nil:
		return nil, errors.New("cuda: tensor.WithIncr is not supported")
	case out == nil && o.Safe():
		return nil, errors.New("cuda: a sum needs tensor.WithReuse or tensor.UseUnsafe")
	case out == nil:
		out = a
	}
	if err := e.suits(a, b, out); err != nil {
		return nil, err
	}
	if !a.Shape().Eq(b.Shape()) || a.Shape().TotalSize() != out.Shape().TotalSize() {
		return nil, fmt.Errorf("cuda: sum of %v and %v into %v", a.Shape(), b.Shape(), out.Shape())
	}
	n := a.Shape().TotalSize()
	return out, e.dev.launch("add", [2]int{(n + 255) / 256, 1}, 256, addressOf(a), addressOf(b), addressOf(out), int32(n))
}

// AddScalar implements tensor.Adder; it returns an error.
func (e *Engine) AddScalar(tensor.Tensor, any, bool, ...tensor.FuncOpt) (tensor.Tensor, error) {
	return nil, errors.New("cuda: sums of tensors and numbers are not supported")
}

// suits returns an error if one of the tensors is not float32, row by row, in e's memory.
func (e *Engine) suits(all ...tensor.Tensor) error {
	for _, t := range all {
		if t.Engine() != tensor.Engine(e) || t.Dtype() != tensor.Float32 || t.RequiresIterator() || !e.WorksWith(t.DataOrder()) {
			return fmt.Errorf("cuda: a tensor %v of %v, want float32 row by row in the device's memory", t.Shape(), t.Dtype())
		}
	}
	return nil
}

func addressOf(t tensor.Tensor) address { return address(t.Uintptr()) }

func memory(m tensor.Memory) Memory { return Memory{address(m.Uintptr()), int64(m.MemSize())} }

// hostBytes returns the bytes of host memory.
func hostBytes(m tensor.Memory) []byte {
	p := m.Uintptr()
	return unsafe.Slice(*(**byte)(unsafe.Pointer(&p)), m.MemSize())
}

// bytesOf returns the bytes of data, which it shares.
func bytesOf[T float32 | int32 | uint32](data []T) []byte {
	if len(data) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&data[0])), 4*len(data))
}
