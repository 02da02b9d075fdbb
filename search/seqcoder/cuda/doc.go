// Package cuda is an engine for gorgonia's tensors on NVIDIA's driver API, which it opens
// at run time: without cgo, without a toolkit, and without a GPU it is an ordinary error.
//
// A Driver is the library, a Device one GPU of it: its primary context, a module made of
// the embedded PTX (kernels.cu, which clang compiles: go generate), a stream, an arena of
// memory, pinned memory for what travels. An Engine holds tensors in the arena. No method
// touches device memory from the host: what the engine lacks is an error. A Transformer has
// weights and pages of keys and values there, and computes forward passes: with kernels of its
// own, not through an Engine, which only tests use.
//
// It knows nothing of programs and of what tokens mean.
package cuda
