package cuda

import (
	_ "embed"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"sync"
	"unsafe"
)

//go:generate sh -c "clang-19 -x cuda --cuda-device-only -nocudainc -nocudalib --cuda-gpu-arch=sm_80 -O3 -std=c++17 -S -o kernels.ptx kernels.cu"

//go:embed kernels.ptx
var kernels string

// A Device is a GPU in use. Its methods may be called from any goroutine, one at a time.
// What it is told to do is done in order; only Read and Wait wait for it.
type Device struct {
	Name            string
	Major, Minor    int // compute capability
	Multiprocessors int
	shared          int // bytes of shared memory that a launch may give a block
	driver          *Driver
	id              deviceID
	context, module handle
	stream          handle
	functions       map[string]handle
	arena           *arena
	pinned          unsafe.Pointer // staging for what Write and Read move
	mu              sync.Mutex
	lost            error // why nothing works any more
	args            [mostArguments]uint64
	params          [mostArguments]unsafe.Pointer // to args
}

const mostArguments = 16 // of a kernel

// staging is the size of the pinned memory in bytes.
const staging = 4 << 20

// Open returns the device of that number, with an arena of size bytes of its memory, or of
// most of what is free where that is less. The error is ErrUnavailable or ErrMemory.
func (d *Driver) Open(number int, size int64) (dev *Device, err error) {
	var n int32
	if err := d.check("cuDeviceGetCount", d.deviceGetCount(&n)); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	if number < 0 || number >= int(n) {
		return nil, fmt.Errorf("%w: there are %d, and none of number %d", ErrUnavailable, n, number)
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
	runtime.LockOSThread() // contexts are a thread's
	defer runtime.UnlockOSThread()
	if err := d.check("cuDeviceGet", d.deviceGet(&dev.id, int32(number))); err != nil {
		return dev, err
	}
	if err := dev.describe(); err != nil {
		return dev, err
	}
	if dev.Major < leastMajor {
		return dev, fmt.Errorf("%s has compute capability %d.%d, not %d.0 or later", dev.Name, dev.Major, dev.Minor, leastMajor)
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
	if err := d.check("cuMemHostAlloc", d.memHostAlloc(&dev.pinned, staging, 0)); err != nil {
		return dev, err
	}
	return dev, dev.reserve(size)
}

// describe asks for what the device is.
func (dev *Device) describe() error {
	d := dev.driver
	name := make([]byte, 256)
	if err := d.check("cuDeviceGetName", d.deviceGetName(&name[0], int32(len(name)), dev.id)); err != nil {
		return err
	}
	name[len(name)-1] = 0
	dev.Name = text(&name[0])
	for _, a := range [...]struct {
		attribute int32
		to        *int
	}{{attributeMajor, &dev.Major}, {attributeMinor, &dev.Minor}, {attributeProcessors, &dev.Multiprocessors}, {attributeShared, &dev.shared}} {
		var v int32
		if err := d.check("cuDeviceGetAttribute", d.deviceGetAttribute(&v, a.attribute, dev.id)); err != nil {
			return err
		}
		*a.to = int(v)
	}
	return nil
}

// load makes a module of PTX, which the driver compiles for the device.
func (dev *Device) load(ptx string) error {
	d := dev.driver
	image, log := append([]byte(ptx), 0), make([]byte, 8192)
	var pin runtime.Pinner
	defer pin.Unpin()
	pin.Pin(&log[0])
	options := []int32{jitLog, jitLogSize}
	values := []uintptr{uintptr(unsafe.Pointer(&log[0])), uintptr(len(log))}
	err := d.check("cuModuleLoadDataEx", d.moduleLoadDataEx(&dev.module, unsafe.Pointer(&image[0]), uint32(len(options)), &options[0], &values[0]))
	if err != nil {
		if log[len(log)-1] = 0; log[0] != 0 {
			err = fmt.Errorf("%w: %s", err, text(&log[0]))
		}
		return err
	}
	for _, name := range kernelNames {
		var f handle
		if err := d.check("cuModuleGetFunction "+name, d.moduleGetFunction(&f, dev.module, name)); err != nil {
			return err
		}
		if n := given[name]; n > dev.shared {
			continue // linearKernel takes another
		} else if n > 0 {
			if err := d.check("cuFuncSetAttribute "+name, d.funcSetAttribute(f, functionShared, int32(n))); err != nil {
				return err
			}
		}
		if strings.HasPrefix(name, "linear") { // these count on so many blocks in a multiprocessor
			if err := d.check("cuFuncSetAttribute "+name, d.funcSetAttribute(f, functionShare, 100)); err != nil {
				return err
			}
		}
		dev.functions[name] = f
	}
	return nil
}

// reserve makes the arena.
func (dev *Device) reserve(size int64) error {
	d := dev.driver
	var free, total uintptr
	if err := d.check("cuMemGetInfo", d.memGetInfo(&free, &total)); err != nil {
		return err
	}
	size = min(size, int64(free/10*9))
	size = (size + grain - 1) &^ (grain - 1)
	var base address
	if err := d.check("cuMemAlloc", d.memAlloc(&base, uintptr(size))); err != nil {
		return err
	}
	dev.arena = newArena(base, size)
	return nil
}

// Close gives everything back. The device and what it holds are not to be used again.
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

// do calls f with the device's context current.
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

// run is do for work on a device that was not lost: after an error that is not for want of
// memory a context is of no use any more, and every later call says it again.
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
		return fmt.Errorf("cuda: %d bytes to memory of %d", len(from), to.size)
	}
	return dev.run(func(d *Driver) error {
		at := to.at
		for len(from) > 0 {
			part := from[:min(len(from), staging)]
			from = from[len(part):]
			copy(unsafe.Slice((*byte)(dev.pinned), staging), part)
			if err := d.check("cuMemcpyHtoDAsync", d.memcpyHtoDAsync(at, dev.pinned, uintptr(len(part)), dev.stream)); err != nil {
				return err
			}
			// The pinned memory is used again.
			if err := d.check("cuStreamSynchronize", d.streamSynchronize(dev.stream)); err != nil {
				return err
			}
			at += address(len(part))
		}
		return nil
	})
}

// Read waits for the device and copies from it to host memory.
func (dev *Device) Read(to []byte, from Memory) error {
	if int64(len(to)) > from.size {
		return fmt.Errorf("cuda: %d bytes of memory of %d", len(to), from.size)
	}
	return dev.run(func(d *Driver) error {
		at := from.at
		for len(to) > 0 {
			n := min(len(to), staging)
			if err := d.check("cuMemcpyDtoHAsync", d.memcpyDtoHAsync(dev.pinned, at, uintptr(n), dev.stream)); err != nil {
				return err
			}
			if err := d.check("cuStreamSynchronize", d.streamSynchronize(dev.stream)); err != nil {
				return err
			}
			copy(to[:n], unsafe.Slice((*byte)(dev.pinned), staging))
			to, at = to[n:], at+address(n)
		}
		return nil
	})
}

// Copy copies from one place of the device to another.
func (dev *Device) Copy(to, from Memory) error {
	if from.size > to.size {
		return fmt.Errorf("cuda: %d bytes to memory of %d", from.size, to.size)
	}
	return dev.run(func(d *Driver) error {
		return d.check("cuMemcpyDtoDAsync", d.memcpyDtoDAsync(to.at, from.at, uintptr(from.size), dev.stream))
	})
}

// Fill sets memory to a number of 32 bits, again and again; its size is a multiple of 4.
func (dev *Device) Fill(m Memory, v uint32) error {
	return dev.run(func(d *Driver) error {
		return d.check("cuMemsetD32Async", d.memsetD32Async(m.at, v, uintptr(m.size/4), dev.stream))
	})
}

// Wait waits until the device has done everything.
func (dev *Device) Wait() error {
	return dev.run(func(d *Driver) error { return d.check("cuStreamSynchronize", d.streamSynchronize(dev.stream)) })
}

// launch starts a kernel of a grid of blocks of so many threads. Arguments are address, int32
// and float32.
func (dev *Device) launch(name string, grid [2]int, threads int, args ...any) error {
	return dev.run(func(d *Driver) error { return dev.start(name, grid, threads, args...) })
}

// start is launch within run.
func (dev *Device) start(name string, grid [2]int, threads int, args ...any) error {
	for i, a := range args {
		switch v := a.(type) {
		case address:
			dev.args[i] = v
		case int32:
			dev.args[i] = uint64(uint32(v))
		case float32:
			dev.args[i] = uint64(math.Float32bits(v))
		default:
			return fmt.Errorf("cuda: argument %d of %s is a %T", i, name, a)
		}
	}
	f, ok := dev.functions[name]
	if !ok {
		return fmt.Errorf("cuda: no kernel %s", name)
	}
	r := dev.driver.launchKernel(f, uint32(grid[0]), uint32(grid[1]), 1, uint32(threads), 1, 1, uint32(given[name]), dev.stream, &dev.params[0], nil)
	if r != 0 {
		return dev.driver.check("cuLaunchKernel "+name, r)
	}
	return nil
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

// give gives it back.
func (dev *Device) give(at address) error {
	dev.mu.Lock()
	defer dev.mu.Unlock()
	if dev.arena == nil {
		return errClosed
	}
	return dev.arena.give(at)
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

// largest is how much memory can be taken at once.
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
