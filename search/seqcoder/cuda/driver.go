package cuda

import (
	"errors"
	"fmt"
	"os"
	"unsafe"
)

// Library is the environment variable that names another libcuda.
const Library = "KTZIP_CUDA_LIBRARY"

var libraries = []string{"libcuda.so.1", "/usr/lib/x86_64-linux-gnu/libcuda.so.1", "libcuda.so"}

var (
	// ErrUnavailable reports that there is no GPU that can be used, and why.
	ErrUnavailable = errors.New("cuda: no GPU")
	// ErrMemory reports that the device's memory does not suffice.
	ErrMemory = errors.New("cuda: out of device memory")
)

// An Error is what the driver said of a call.
type Error struct {
	Call string
	Code int32
	Name string // CUDA_ERROR_…
}

func (e *Error) Error() string { return fmt.Sprintf("cuda: %s: %s (%d)", e.Call, e.Name, e.Code) }

// Is makes an Error of the driver's for want of memory one of ErrMemory.
func (e *Error) Is(target error) bool { return target == ErrMemory && e.Code == outOfMemory }

// The driver's types (cuda.h).
type (
	result   = int32
	handle   = uintptr // of a context, module, function, stream or event
	deviceID = int32
	address  = uint64 // in device memory
)

const (
	outOfMemory = 2

	attributeMajor, attributeMinor, attributeProcessors, attributeShared = 75, 76, 16, 97

	functionShared, functionShare = 8, 9 // what a launch may give; percent of memory that is shared, not a cache

	streamNonBlocking  = 1
	jitLog, jitLogSize = 5, 6 // of errors

	leastVersion = 11000 // of CUDA, that the driver is for
	leastMajor   = 8     // compute capability
)

// A Driver is libcuda.
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
	launchKernel       func(f handle, gx, gy, gz, bx, by, bz, shared uint32, stream handle, params *unsafe.Pointer, extra *unsafe.Pointer) result
	getErrorName       func(r result, s **byte) result
}

// symbols are the functions of a Driver by their names in the library.
func (d *Driver) symbols() []struct {
	name string
	f    any
} {
	return []struct {
		name string
		f    any
	}{
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

// Load opens libcuda, or what the environment variable Library names, and begins. The
// error is ErrUnavailable and says why.
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
	if err := d.check("cuInit", d.init(0)); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	var version int32
	if err := d.check("cuDriverGetVersion", d.driverGetVersion(&version)); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	if version < leastVersion {
		return nil, fmt.Errorf("%w: the driver is for CUDA %d.%d, not %d.%d or later", ErrUnavailable,
			version/1000, version%1000/10, leastVersion/1000, leastVersion%1000/10)
	}
	return d, nil
}

// check is nil for a result of 0, else an Error.
func (d *Driver) check(call string, r result) error {
	if r == 0 {
		return nil
	}
	e := &Error{Call: call, Code: r, Name: "an error without a name"}
	var name *byte
	if d.getErrorName(r, &name) == 0 && name != nil {
		e.Name = text(name)
	}
	return e
}

// text is a string that ends with a zero byte.
func text(p *byte) string {
	n := 0
	for *(*byte)(unsafe.Add(unsafe.Pointer(p), n)) != 0 {
		n++
	}
	return string(unsafe.Slice(p, n))
}
