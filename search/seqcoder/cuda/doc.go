// Package cuda runs a model on an NVIDIA GPU by the driver API, which it opens at run time:
// it needs neither cgo nor a toolkit, and without a GPU it returns an error.
//
// A [Driver] is the library libcuda. A [Device] is a GPU: its primary context, a module loaded
// from the embedded PTX (clang compiles it from kernels.cu, see go generate), a stream, an
// arena of device memory, and pinned memory for transfers. An [Engine] is a model.Engine: it keeps
// gorgonia's tensors and the pages of keys and values in the arena, and its operations, which a
// model.Transformer calls, queue kernels. What a pass queues is recorded as a CUDA graph when its
// shape comes again.
package cuda
