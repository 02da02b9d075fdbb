// Package cuda runs a model on an NVIDIA GPU by the driver API, which it opens at run time:
// it needs neither cgo nor a toolkit, and without a GPU it returns an error.
//
// A [Driver] is the library libcuda. A [Device] is a GPU: its primary context, a module loaded
// from the embedded PTX (clang compiles it from kernels.cu, see go generate), a stream, an
// arena of device memory, and pinned memory for transfers. A [Transformer] is a model.Backend:
// it keeps the weights and the pages of keys and values in the arena and computes forward
// passes with kernels of its own.
//
// An [Engine] keeps gorgonia's tensors in the arena, and adds and multiplies them there in
// float32. It shows that a device can stand in for the processor under gorgonia's tensors, and
// tests of memory, launches and failures use it. The Transformer does not: its products are
// bf16, fused with bias, GELU or sum.
package cuda
