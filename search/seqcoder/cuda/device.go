package cuda

import (
	_ "embed"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"unsafe"
)

//go:generate sh -c "clang-19 -x cuda --cuda-device-only -nocudainc -nocudalib --cuda-gpu-arch=sm_80 -O3 -std=c++17 -S -o kernels.ptx kernels.cu"

//go:embed kernels.ptx
var kernels string

// kernelNames are the functions of kernels.cu.
var kernelNames = [...]string{
	"add", "product", "embed", "norm", "linear64", "linear128", "remember", "copyPages", "best",
	"write16", "write32", "write64", "read16", "read32", "read64",
}

// A Device is a GPU in use. It is safe for concurrent use. Calls are queued and done in order;
// only Read, Write and Wait wait for the device. Tests use Copy, Fill, Wait and Time.
type Device struct {
	Name            string
	Major, Minor    int // compute capability
	Multiprocessors int
	shared          int // bytes of shared memory that a launch may request for a block
	driver          *Driver
	id              deviceID
	context, module handle // 0 before Open has made them
	stream          handle
	functions       map[string]handle
	arena           *arena
	pinned          unsafe.Pointer // stagingSize bytes that Write and Read copy through

	mu     sync.Mutex // held while the driver is called
	lost   error      // the failure after which nothing works, nil if there was none
	args   [maxArguments]uint64
	params [maxArguments]unsafe.Pointer // to args
}

const (
	maxArguments = 16      // of a kernel; the longest list is 10
	stagingSize  = 4 << 20 // bytes of pinned memory; arbitrary
	jitLogSize   = 8192    // bytes; arbitrary
)

// Open returns device number with an arena of size bytes, or of nine tenths of the free memory
// if that is less. The error is ErrUnavailable or ErrMemory.
func (d *Driver) Open(number int, size int64) (dev *Device, err error) {
	var n int32
	if err := d.check("cuDeviceGetCount", d.deviceGetCount(&n)); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	if number < 0 || number >= int(n) {
		return nil, fmt.Errorf("%w: no device %d: there are %d", ErrUnavailable, number, n)
	}
	dev = &Device{driver: d, functions: map[string]handle{}}
	for i := range dev.params {
		dev.params[i] = unsafe.Pointer(&dev.args[i])
	}
	defer func() {
		if err != nil {
			dev.Close()
			if dev = nil; !errors.Is(err, ErrMemory) {
				err = fmt.Errorf("%w: %w", ErrUnavailable, err)
			}
		}
	}()
	runtime.LockOSThread() // the current context is a property of the thread
	defer runtime.UnlockOSThread()
	if err := d.check("cuDeviceGet", d.deviceGet(&dev.id, int32(number))); err != nil {
		return dev, err
	}
	if err := dev.describe(); err != nil {
		return dev, err
	}
	if dev.Major < minMajor {
		return dev, fmt.Errorf("%s has compute capability %d.%d, want %d.0 or later", dev.Name, dev.Major, dev.Minor, minMajor)
	}
	if err := d.check("cuDevicePrimaryCtxRetain", d.primaryCtxRetain(&dev.context, dev.id)); err != nil {
		return dev, err
	}
	if err := d.check("cuCtxSetCurrent", d.ctxSetCurrent(dev.context)); err != nil {
		return dev, err
	}
	if err := dev.load(kernels); err != nil {
		return dev, err
	}
	if err := d.check("cuStreamCreate", d.streamCreate(&dev.stream, streamNonBlocking)); err != nil {
		return dev, err
	}
	if err := d.check("cuMemHostAlloc", d.memHostAlloc(&dev.pinned, stagingSize, 0)); err != nil {
		return dev, err
	}
	return dev, dev.allocate(size)
}

// describe sets what the driver knows of the device.
func (dev *Device) describe() error {
	d := dev.driver
	name := make([]byte, 256)
	if err := d.check("cuDeviceGetName", d.deviceGetName(&name[0], int32(len(name)), dev.id)); err != nil {
		return err
	}
	name[len(name)-1] = 0
	dev.Name = cString(&name[0])
	for _, a := range [...]struct {
		attribute int32
		to        *int
	}{
		{attributeMajor, &dev.Major}, {attributeMinor, &dev.Minor},
		{attributeMultiprocessors, &dev.Multiprocessors}, {attributeShared, &dev.shared},
	} {
		var v int32
		if err := d.check("cuDeviceGetAttribute", d.deviceGetAttribute(&v, a.attribute, dev.id)); err != nil {
			return err
		}
		*a.to = int(v)
	}
	return nil
}

// load loads a module of PTX, which the driver compiles for the device, and its functions.
func (dev *Device) load(ptx string) error {
	d := dev.driver
	image, log := append([]byte(ptx), 0), make([]byte, jitLogSize)
	var pin runtime.Pinner
	defer pin.Unpin()
	pin.Pin(&log[0])
	options := []int32{jitErrorLog, jitErrorLogSize}
	values := []uintptr{uintptr(unsafe.Pointer(&log[0])), uintptr(len(log))}
	err := d.check("cuModuleLoadDataEx", d.moduleLoadDataEx(&dev.module, unsafe.Pointer(&image[0]), uint32(len(options)), &options[0], &values[0]))
	if err != nil {
		if log[len(log)-1] = 0; log[0] != 0 {
			err = fmt.Errorf("%w: %s", err, cString(&log[0]))
		}
		return err
	}
	for _, name := range kernelNames {
		if err := dev.loadFunction(name); err != nil {
			return err
		}
	}
	return nil
}

// loadFunction adds a kernel of the module to dev.functions, unless its launches need more
// shared memory than the device has: then linearKernel takes another kernel.
func (dev *Device) loadFunction(name string) error {
	d := dev.driver
	var f handle
	if err := d.check("cuModuleGetFunction "+name, d.moduleGetFunction(&f, dev.module, name)); err != nil {
		return err
	}
	if n := sharedBytes[name]; n > dev.shared {
		return nil
	} else if n > 0 {
		if err := d.check("cuFuncSetAttribute "+name, d.funcSetAttribute(f, functionShared, int32(n))); err != nil {
			return err
		}
	}
	if strings.HasPrefix(name, "linear") { // they are written for several blocks in a multiprocessor, so need all of it
		if err := d.check("cuFuncSetAttribute "+name, d.funcSetAttribute(f, functionCarveout, 100)); err != nil {
			return err
		}
	}
	dev.functions[name] = f
	return nil
}

// allocate allocates the arena.
func (dev *Device) allocate(size int64) error {
	d := dev.driver
	var free, total uintptr
	if err := d.check("cuMemGetInfo", d.memGetInfo(&free, &total)); err != nil {
		return err
	}
	size = min(size, int64(free/10*9)) // the driver needs some; arbitrary
	size = (size + grain - 1) &^ (grain - 1)
	var base address
	if err := d.check("cuMemAlloc", d.memAlloc(&base, uintptr(size))); err != nil {
		return err
	}
	dev.arena = newArena(base, size)
	return nil
}

// Close releases everything that dev holds. Afterwards its other methods return errors.
func (dev *Device) Close() error {
	return dev.do(func(d *Driver) error {
		var all []error
		note := func(call string, r result) { all = append(all, d.check(call, r)) }
		if dev.arena != nil {
			note("cuMemFree", d.memFree(dev.arena.base))
		}
		if dev.pinned != nil {
			note("cuMemFreeHost", d.memFreeHost(dev.pinned))
		}
		if dev.stream != 0 {
			note("cuStreamDestroy", d.streamDestroy(dev.stream))
		}
		if dev.module != 0 {
			note("cuModuleUnload", d.moduleUnload(dev.module))
		}
		if dev.context != 0 {
			note("cuDevicePrimaryCtxRelease", d.primaryCtxRelease(dev.id))
		}
		dev.arena, dev.pinned, dev.stream, dev.module, dev.context = nil, nil, 0, 0, 0
		return errors.Join(all...)
	})
}

// do calls f with dev locked and its context current.
func (dev *Device) do(f func(d *Driver) error) error {
	dev.mu.Lock()
	defer dev.mu.Unlock()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if dev.context != 0 {
		if err := dev.driver.check("cuCtxSetCurrent", dev.driver.ctxSetCurrent(dev.context)); err != nil {
			return err
		}
	}
	return f(dev.driver)
}

// run is do for a device that works. After an error of the driver other than out of memory the
// context is lost, and every later call returns that error.
func (dev *Device) run(f func(d *Driver) error) error {
	return dev.do(func(d *Driver) error {
		if dev.lost != nil {
			return dev.lost
		}
		if dev.context == 0 {
			return errClosed
		}
		err := f(d)
		if e := (*Error)(nil); errors.As(err, &e) && e.Code != outOfMemory {
			dev.lost = err
		}
		return err
	})
}

var errClosed = errors.New("cuda: the device is closed")

// Write copies host memory to the device.
func (dev *Device) Write(to Memory, from []byte) error {
	if int64(len(from)) > to.size {
		return fmt.Errorf("cuda: write of %d bytes to memory of %d", len(from), to.size)
	}
	return dev.run(func(d *Driver) error {
		addr := to.addr
		for len(from) > 0 {
			chunk := from[:min(len(from), stagingSize)]
			from = from[len(chunk):]
			copy(unsafe.Slice((*byte)(dev.pinned), stagingSize), chunk)
			if err := d.check("cuMemcpyHtoDAsync", d.memcpyHtoDAsync(addr, dev.pinned, uintptr(len(chunk)), dev.stream)); err != nil {
				return err
			}
			// The next chunk overwrites the pinned memory.
			if err := d.check("cuStreamSynchronize", d.streamSynchronize(dev.stream)); err != nil {
				return err
			}
			addr += address(len(chunk))
		}
		return nil
	})
}

// Read waits for the device and copies its memory to the host.
func (dev *Device) Read(to []byte, from Memory) error {
	if int64(len(to)) > from.size {
		return fmt.Errorf("cuda: read of %d bytes of memory of %d", len(to), from.size)
	}
	return dev.run(func(d *Driver) error {
		addr := from.addr
		for len(to) > 0 {
			n := min(len(to), stagingSize)
			if err := d.check("cuMemcpyDtoHAsync", d.memcpyDtoHAsync(dev.pinned, addr, uintptr(n), dev.stream)); err != nil {
				return err
			}
			if err := d.check("cuStreamSynchronize", d.streamSynchronize(dev.stream)); err != nil {
				return err
			}
			copy(to[:n], unsafe.Slice((*byte)(dev.pinned), stagingSize))
			to, addr = to[n:], addr+address(n)
		}
		return nil
	})
}

// Copy copies memory of the device.
func (dev *Device) Copy(to, from Memory) error {
	if from.size > to.size {
		return fmt.Errorf("cuda: copy of %d bytes to memory of %d", from.size, to.size)
	}
	return dev.run(func(d *Driver) error {
		return d.check("cuMemcpyDtoDAsync", d.memcpyDtoDAsync(to.addr, from.addr, uintptr(from.size), dev.stream))
	})
}

// Fill sets each 32-bit word of m, whose size must be a multiple of 4, to v.
func (dev *Device) Fill(m Memory, v uint32) error {
	return dev.run(func(d *Driver) error {
		return d.check("cuMemsetD32Async", d.memsetD32Async(m.addr, v, uintptr(m.size/4), dev.stream))
	})
}

// Wait waits until the device has done everything that is queued.
func (dev *Device) Wait() error {
	return dev.run(func(d *Driver) error { return d.check("cuStreamSynchronize", d.streamSynchronize(dev.stream)) })
}

// take returns memory of the arena.
func (dev *Device) take(size int64) (Memory, error) {
	dev.mu.Lock()
	defer dev.mu.Unlock()
	if dev.arena == nil {
		return Memory{}, errClosed
	}
	return dev.arena.take(size)
}

// release gives memory back to the arena.
func (dev *Device) release(addr address) error {
	dev.mu.Lock()
	defer dev.mu.Unlock()
	if dev.arena == nil {
		return errClosed
	}
	return dev.arena.release(addr)
}

// owns reports whether m is memory of the device.
func (dev *Device) owns(m interface {
	Uintptr() uintptr
	MemSize() uintptr
}) bool {
	dev.mu.Lock()
	defer dev.mu.Unlock()
	return dev.arena != nil && dev.arena.owns(address(m.Uintptr()), int64(m.MemSize()))
}

// largest returns the size of the largest free range of the arena.
func (dev *Device) largest() (n int64) {
	dev.mu.Lock()
	defer dev.mu.Unlock()
	if dev.arena != nil {
		for _, m := range dev.arena.free {
			n = max(n, m.size)
		}
	}
	return n
}
