package cuda

import (
	"fmt"
	"math"
	"runtime"
	"unsafe"
)

// launch queues a kernel for a grid of blocks, each of which has threads threads. Arguments are
// address, int32 and float32.
func (dev *Device) launch(name string, grid [2]int, threads int, args ...any) error {
	return dev.run(func(*Driver) error { return dev.launchLocked(name, grid, threads, args...) })
}

// launchLocked is launch for a function that run calls.
func (dev *Device) launchLocked(name string, grid [2]int, threads int, args ...any) error {
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
	r := dev.driver.launchKernel(f, uint32(grid[0]), uint32(grid[1]), 1, uint32(threads), 1, 1, uint32(sharedBytes[name]), dev.stream, &dev.params[0], nil)
	if r != 0 {
		return dev.driver.check("cuLaunchKernel "+name, r)
	}
	return nil
}

// A submission is work that a device gets at once, between two events, with pinned memory for
// its transfers. It can be reused after wait.
type submission struct {
	dev    *Device
	events [2]handle // begin, end
	pinned unsafe.Pointer
	size   int  // bytes of pinned memory
	queued bool // whether it was run and not waited for yet
}

// newSubmission returns a submission with size bytes of pinned memory. It must be freed.
func (dev *Device) newSubmission(size int) (s *submission, err error) {
	s = &submission{dev: dev, size: size}
	err = dev.run(func(d *Driver) error {
		for i := range s.events {
			if err := d.check("cuEventCreate", d.eventCreate(&s.events[i], eventBlocking)); err != nil {
				return err
			}
		}
		if size == 0 {
			return nil
		}
		return d.check("cuMemHostAlloc", d.memHostAlloc(&s.pinned, uintptr(size), 0))
	})
	if err != nil {
		s.free()
		return nil, err
	}
	return s, nil
}

// free releases what s holds.
func (s *submission) free() error {
	return s.dev.do(func(d *Driver) error {
		for i, e := range s.events {
			if e != 0 {
				d.eventDestroy(e)
				s.events[i] = 0
			}
		}
		if s.pinned == nil {
			return nil
		}
		p := s.pinned
		s.pinned = nil
		return d.check("cuMemFreeHost", d.memFreeHost(p))
	})
}

// words returns the pinned memory; so does floats.
func (s *submission) words() []int32    { return unsafe.Slice((*int32)(s.pinned), s.size/4) }
func (s *submission) floats() []float32 { return unsafe.Slice((*float32)(s.pinned), s.size/4) }

// run queues what f queues, and nothing of other goroutines between. If f fails, wait still waits
// for what it has queued: copies must not see the next use of the pinned memory.
func (s *submission) run(f func() error) error {
	return s.dev.run(func(d *Driver) error {
		if err := d.check("cuEventRecord", d.eventRecord(s.events[0], s.dev.stream)); err != nil {
			return err
		}
		err := f()
		s.queued = true
		end := d.check("cuEventRecord", d.eventRecord(s.events[1], s.dev.stream))
		if err == nil {
			err = end
		}
		return err
	})
}

// write queues a copy of n words of pinned memory to the device. Only the function that run
// calls may call it.
func (s *submission) write(to address, n int) error {
	d := s.dev.driver
	return d.check("cuMemcpyHtoDAsync", d.memcpyHtoDAsync(to, s.pinned, uintptr(4*n), s.dev.stream))
}

// read queues a copy of n words of the device to pinned memory. Only the function that run
// calls may call it.
func (s *submission) read(n int, from address) error {
	d := s.dev.driver
	return d.check("cuMemcpyDtoHAsync", d.memcpyDtoHAsync(s.pinned, from, uintptr(4*n), s.dev.stream))
}

// wait waits for the end, while other goroutines use the device, and returns for how long the
// device worked, in seconds; 0 if there is nothing to wait for.
func (s *submission) wait() (seconds float64, err error) {
	if !s.queued {
		return 0, nil
	}
	s.queued = false
	dev, d := s.dev, s.dev.driver
	var ms float32
	err = func() error {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := d.check("cuCtxSetCurrent", d.ctxSetCurrent(dev.context)); err != nil {
			return err
		}
		if err := d.check("cuEventSynchronize", d.eventSynchronize(s.events[1])); err != nil {
			return err
		}
		return d.check("cuEventElapsedTime", d.eventElapsedTime(&ms, s.events[0], s.events[1]))
	}()
	if err != nil {
		err = dev.run(func(*Driver) error { return err }) // the device is lost
	}
	return float64(ms) / 1000, err
}

// Time returns how long the device takes for what f queues, in seconds.
func (dev *Device) Time(f func() error) (seconds float64, err error) {
	s, err := dev.newSubmission(0)
	if err != nil {
		return 0, err
	}
	defer s.free()
	record := func(k int) error {
		return dev.run(func(d *Driver) error {
			return d.check("cuEventRecord", d.eventRecord(s.events[k], dev.stream))
		})
	}
	if err := record(0); err != nil {
		return 0, err
	}
	if err := f(); err != nil {
		return 0, err
	}
	if err := record(1); err != nil {
		return 0, err
	}
	s.queued = true
	return s.wait()
}
