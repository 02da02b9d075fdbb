package cuda

import (
	"errors"
	"fmt"
	"os"
	"unsafe"
)

// Library is the environment variable that may name another libcuda.
const Library = "KTZIP_CUDA_LIBRARY"

var libraries = []string{"libcuda.so.1", "/usr/lib/x86_64-linux-gnu/libcuda.so.1", "libcuda.so"}

var (
	// ErrUnavailable reports that no GPU can be used. The error that wraps it says why.
	ErrUnavailable = errors.New("cuda: no GPU")
	// ErrMemory reports that the device has too little memory.
	ErrMemory = errors.New("cuda: out of device memory")
)

// An Error is a call of the driver that failed.
type Error struct {
	Call string // the function, such as cuMemAlloc
	Code int32  // CUresult
	Name string // CUDA_ERROR_…
}

func (e *Error) Error() string { return fmt.Sprintf("cuda: %s: %s (%d)", e.Call, e.Name, e.Code) }

// Is reports whether target is ErrMemory and e is an out-of-memory error.
func (e *Error) Is(target error) bool { return target == ErrMemory && e.Code == outOfMemory }

// The driver's types (cuda.h).
type (
	result   = int32   // 0 is success
	handle   = uintptr // a context, module, function, stream, event or graph
	deviceID = int32
	address  = uint64 // of device memory
)

// Constants of the driver (cuda.h).
const (
	outOfMemory = 2 // CUDA_ERROR_OUT_OF_MEMORY

	// CU_DEVICE_ATTRIBUTE_*
	attributeMultiprocessors = 16
	attributeMajor           = 75 // compute capability
	attributeMinor           = 76
	attributeShared          = 97 // bytes of shared memory that a launch may request for a block

	// CU_FUNC_ATTRIBUTE_*
	functionShared   = 8 // bytes of shared memory that launches may request for a block
	functionCarveout = 9 // percent of the L1 cache that is shared memory

	streamNonBlocking = 1 // CU_STREAM_NON_BLOCKING
	captureThread     = 1 // CU_STREAM_CAPTURE_MODE_THREAD_LOCAL: other threads may call anything
	eventBlocking     = 1 // CU_EVENT_BLOCKING_SYNC: a waiting thread sleeps

	// CU_JIT_*
	jitErrorLog     = 5
	jitErrorLogSize = 6 // bytes
)

// What a device must have at least.
const (
	minVersion = 11000 // CUDA 11.0, the first with compute capability 8.0
	minMajor   = 8     // compute capability: cp.async and products in bf16
)

// A Driver is the library libcuda.
type Driver struct {
	init               func(flags uint32) result
	driverGetVersion   func(v *int32) result
	deviceGetCount     func(n *int32) result
	deviceGet          func(d *deviceID, ordinal int32) result
	deviceGetName      func(b *byte, n int32, d deviceID) result
	deviceGetAttribute func(v *int32, attribute int32, d deviceID) result
	primaryCtxRetain   func(c *handle, d deviceID) result
	primaryCtxRelease  func(d deviceID) result
	ctxSetCurrent      func(c handle) result
	moduleLoadDataEx   func(m *handle, image unsafe.Pointer, n uint32, options *int32, values *uintptr) result
	moduleGetFunction  func(f *handle, m handle, name string) result
	funcSetAttribute   func(f handle, attribute, v int32) result
	moduleUnload       func(m handle) result
	memGetInfo         func(free, total *uintptr) result
	memAlloc           func(p *address, n uintptr) result
	memFree            func(p address) result
	memHostAlloc       func(p *unsafe.Pointer, n uintptr, flags uint32) result
	memFreeHost        func(p unsafe.Pointer) result
	memcpyHtoDAsync    func(d address, s unsafe.Pointer, n uintptr, stream handle) result
	memcpyDtoHAsync    func(d unsafe.Pointer, s address, n uintptr, stream handle) result
	memcpyDtoDAsync    func(d, s address, n uintptr, stream handle) result
	memsetD32Async     func(d address, v uint32, n uintptr, stream handle) result
	streamCreate       func(s *handle, flags uint32) result
	streamSynchronize  func(s handle) result
	streamDestroy      func(s handle) result
	eventCreate        func(e *handle, flags uint32) result
	eventRecord        func(e, stream handle) result
	eventSynchronize   func(e handle) result
	eventElapsedTime   func(ms *float32, start, end handle) result
	eventDestroy       func(e handle) result
	hasGraphs          bool // whether the functions for graphs are set
	streamBeginCapture func(s handle, mode int32) result
	streamEndCapture   func(s handle, graph *handle) result
	graphInstantiate   func(executable *handle, graph handle, flags uint64) result
	graphLaunch        func(executable, stream handle) result
	graphExecDestroy   func(executable handle) result
	graphDestroy       func(graph handle) result
	launchKernel       func(f handle, gx, gy, gz, bx, by, bz, shared uint32, stream handle, params *unsafe.Pointer, extra *unsafe.Pointer) result
	getErrorName       func(r result, s **byte) result
}

// A symbol is a function of the library.
type symbol struct {
	name string
	f    any // a field of Driver
}

// graphSymbols returns the functions for graphs, which drivers have since CUDA 11.4.
func (d *Driver) graphSymbols() []symbol {
	return []symbol{
		{"cuStreamBeginCapture_v2", &d.streamBeginCapture},
		{"cuStreamEndCapture", &d.streamEndCapture},
		{"cuGraphInstantiateWithFlags", &d.graphInstantiate},
		{"cuGraphLaunch", &d.graphLaunch},
		{"cuGraphExecDestroy", &d.graphExecDestroy},
		{"cuGraphDestroy", &d.graphDestroy},
	}
}

// symbols returns the functions that a driver must have.
func (d *Driver) symbols() []symbol {
	return []symbol{
		{"cuInit", &d.init},
		{"cuDriverGetVersion", &d.driverGetVersion},
		{"cuDeviceGetCount", &d.deviceGetCount},
		{"cuDeviceGet", &d.deviceGet},
		{"cuDeviceGetName", &d.deviceGetName},
		{"cuDeviceGetAttribute", &d.deviceGetAttribute},
		{"cuDevicePrimaryCtxRetain", &d.primaryCtxRetain},
		{"cuDevicePrimaryCtxRelease_v2", &d.primaryCtxRelease},
		{"cuCtxSetCurrent", &d.ctxSetCurrent},
		{"cuModuleLoadDataEx", &d.moduleLoadDataEx},
		{"cuModuleGetFunction", &d.moduleGetFunction},
		{"cuFuncSetAttribute", &d.funcSetAttribute},
		{"cuModuleUnload", &d.moduleUnload},
		{"cuMemGetInfo_v2", &d.memGetInfo},
		{"cuMemAlloc_v2", &d.memAlloc},
		{"cuMemFree_v2", &d.memFree},
		{"cuMemHostAlloc", &d.memHostAlloc},
		{"cuMemFreeHost", &d.memFreeHost},
		{"cuMemcpyHtoDAsync_v2", &d.memcpyHtoDAsync},
		{"cuMemcpyDtoHAsync_v2", &d.memcpyDtoHAsync},
		{"cuMemcpyDtoDAsync_v2", &d.memcpyDtoDAsync},
		{"cuMemsetD32Async", &d.memsetD32Async},
		{"cuStreamCreate", &d.streamCreate},
		{"cuStreamSynchronize", &d.streamSynchronize},
		{"cuStreamDestroy_v2", &d.streamDestroy},
		{"cuEventCreate", &d.eventCreate},
		{"cuEventRecord", &d.eventRecord},
		{"cuEventSynchronize", &d.eventSynchronize},
		{"cuEventElapsedTime", &d.eventElapsedTime},
		{"cuEventDestroy_v2", &d.eventDestroy},
		{"cuLaunchKernel", &d.launchKernel},
		{"cuGetErrorName", &d.getErrorName},
	}
}

// Load opens libcuda, or the library that the environment variable Library names, and
// initializes it. The error is ErrUnavailable.
func Load() (*Driver, error) {
	names := libraries
	if name := os.Getenv(Library); name != "" {
		names = []string{name}
	}
	var register func(f any, symbol string) error
	var err error
	for _, name := range names {
		if register, err = openLibrary(name); err == nil {
			break
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrUnavailable, err)
	}
	d := &Driver{}
	for _, s := range d.symbols() {
		if err := register(s.f, s.name); err != nil {
			return nil, fmt.Errorf("%w: the driver has no %s", ErrUnavailable, s.name)
		}
	}
	d.hasGraphs = true
	for _, s := range d.graphSymbols() {
		d.hasGraphs = d.hasGraphs && register(s.f, s.name) == nil
	}
	if err := d.check("cuInit", d.init(0)); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	var version int32
	if err := d.check("cuDriverGetVersion", d.driverGetVersion(&version)); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	if version < minVersion {
		return nil, fmt.Errorf("%w: the driver is for CUDA %d.%d, want %d.%d or later", ErrUnavailable,
			version/1000, version%1000/10, minVersion/1000, minVersion%1000/10)
	}
	return d, nil
}

// check returns nil if r is 0, else an Error.
func (d *Driver) check(call string, r result) error {
	if r == 0 {
		return nil
	}
	e := &Error{Call: call, Code: r, Name: "unknown error"}
	var name *byte
	if d.getErrorName(r, &name) == 0 && name != nil {
		e.Name = cString(name)
	}
	return e
}

// cString returns the string at p, which ends with a zero byte.
func cString(p *byte) string {
	n := 0
	for *(*byte)(unsafe.Add(unsafe.Pointer(p), n)) != 0 {
		n++
	}
	return string(unsafe.Slice(p, n))
}
