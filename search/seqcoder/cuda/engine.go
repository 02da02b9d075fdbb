package cuda

import (
	"errors"
	"fmt"
	"math"
	"unsafe"

	"gorgonia.org/tensor"
)

// kernelNames are the functions of kernels.cu.
var kernelNames = [...]string{
	"add", "product", "embed", "norm", "linear64", "linear128", "remember", "copyPages", "best",
	"write16", "write32", "write64", "read16", "read32", "read64",
}

// An Engine holds gorgonia's tensors of float32 in the memory of a device. It adds and
// multiplies matrices there, into tensors that are there already (tensor.WithReuse); what
// else is asked of it is an error. Tensors are made with tensor.WithEngine, filled and read
// by Write and Read, and given back by Release.
type Engine struct{ dev *Device }

// NewEngine returns the Engine of a device.
func NewEngine(dev *Device) *Engine { return &Engine{dev} }

var (
	_ tensor.Engine       = (*Engine)(nil)
	_ tensor.NonStdEngine = (*Engine)(nil)
	_ tensor.MatMuler     = (*Engine)(nil)
	_ tensor.Adder        = (*Engine)(nil)
)

var errHost = errors.New("cuda: device memory is none of the host's: use Write and Read")

// AllocAccessible implements tensor.Engine.
func (e *Engine) AllocAccessible() bool { return false }

// NonStdAlloc implements tensor.NonStdEngine.
func (e *Engine) NonStdAlloc() {}

// WorksWith implements tensor.Engine: row by row only.
func (e *Engine) WorksWith(order tensor.DataOrder) bool {
	return order.IsContiguous() && !order.IsColMajor() && !order.IsTransposed()
}

// Alloc implements tensor.Engine.
func (e *Engine) Alloc(size int64) (tensor.Memory, error) {
	m, err := e.dev.take(size)
	if err != nil {
		return nil, err
	}
	return m, nil
}

// Free implements tensor.Engine.
func (e *Engine) Free(m tensor.Memory, _ int64) error { return e.dev.give(address(m.Uintptr())) }

// Release gives the memory of t back.
func (e *Engine) Release(t *tensor.Dense) error { return e.dev.give(address(t.Uintptr())) }

// Accessible implements tensor.Engine: nothing is.
func (e *Engine) Accessible(tensor.Memory) (tensor.Memory, error) { return nil, errHost }

// Memset implements tensor.Engine.
func (e *Engine) Memset(m tensor.Memory, value any) error {
	v, ok := value.(float32)
	if !ok {
		return fmt.Errorf("cuda: set to a %T", value)
	}
	return e.dev.Fill(memory(m), math.Float32bits(v))
}

// Memclr implements tensor.Engine.
func (e *Engine) Memclr(m tensor.Memory) { e.dev.Fill(memory(m), 0) } // a failure shows in what is done next

// Memcpy implements tensor.Engine, between places of the device and from and to the host.
func (e *Engine) Memcpy(to, from tensor.Memory) error {
	n := from.MemSize()
	if to.MemSize() < n {
		return fmt.Errorf("cuda: %d bytes to memory of %d", n, to.MemSize())
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

// Write fills t.
func (e *Engine) Write(t *tensor.Dense, data []float32) error {
	if t.Engine() != tensor.Engine(e) || t.Shape().TotalSize() != len(data) {
		return fmt.Errorf("cuda: %d numbers for a tensor %v", len(data), t.Shape())
	}
	return e.dev.Write(memory(t), bytesOf(data))
}

// Read copies t to data.
func (e *Engine) Read(data []float32, t *tensor.Dense) error {
	if t.Engine() != tensor.Engine(e) || t.Shape().TotalSize() != len(data) {
		return fmt.Errorf("cuda: %d numbers of a tensor %v", len(data), t.Shape())
	}
	return e.dev.Read(bytesOf(data), memory(t))
}

// MatMul implements tensor.MatMuler: c (M, N) becomes a (M, K) by b (K, N).
func (e *Engine) MatMul(a, b, c tensor.Tensor) error {
	if err := e.suits(a, b, c); err != nil {
		return err
	}
	m, k, n := a.Shape()[0], a.Shape()[1], b.Shape()[1]
	return e.dev.launch("product", [2]int{(n + 63) / 64, (m + 63) / 64}, 256,
		at(a), at(b), at(c), int32(m), int32(n), int32(k))
}

// Add implements tensor.Adder: into the tensor to be used again, or a where that is not to
// be kept.
func (e *Engine) Add(a, b tensor.Tensor, options ...tensor.FuncOpt) (tensor.Tensor, error) {
	o := tensor.ParseFuncOpts(options...)
	out := o.Reuse()
	switch {
	case o.Incr() != nil:
		return nil, errors.New("cuda: no sums with what is there")
	case out == nil && o.Safe():
		return nil, errors.New("cuda: a sum needs tensor.WithReuse")
	case out == nil:
		out = a
	}
	if err := e.suits(a, b, out); err != nil {
		return nil, err
	}
	if !a.Shape().Eq(b.Shape()) || a.Shape().TotalSize() != out.Shape().TotalSize() {
		return nil, fmt.Errorf("cuda: the sum of %v and %v to %v", a.Shape(), b.Shape(), out.Shape())
	}
	n := a.Shape().TotalSize()
	return out, e.dev.launch("add", [2]int{(n + 255) / 256, 1}, 256, at(a), at(b), at(out), int32(n))
}

// AddScalar implements tensor.Adder: it is an error.
func (e *Engine) AddScalar(tensor.Tensor, any, bool, ...tensor.FuncOpt) (tensor.Tensor, error) {
	return nil, errors.New("cuda: no sums of tensors and numbers")
}

// suits returns an error where one of the tensors is not whole rows of float32 of e's.
func (e *Engine) suits(all ...tensor.Tensor) error {
	for _, t := range all {
		if t.Engine() != tensor.Engine(e) || t.Dtype() != tensor.Float32 || t.RequiresIterator() || !e.WorksWith(t.DataOrder()) {
			return fmt.Errorf("cuda: a tensor %v of %v that is not row by row in the device's memory", t.Shape(), t.Dtype())
		}
	}
	return nil
}

func at(t tensor.Tensor) address { return address(t.Uintptr()) }

func memory(m tensor.Memory) Memory { return Memory{address(m.Uintptr()), int64(m.MemSize())} }

// hostBytes are those of host memory.
func hostBytes(m tensor.Memory) []byte {
	p := m.Uintptr()
	return unsafe.Slice(*(**byte)(unsafe.Pointer(&p)), m.MemSize())
}

// bytesOf are those of numbers.
func bytesOf[T float32 | int32 | uint32](data []T) []byte {
	if len(data) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&data[0])), 4*len(data))
}
