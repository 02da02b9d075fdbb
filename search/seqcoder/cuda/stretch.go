package cuda

import (
	"runtime"
	"unsafe"
)

// A stretch is some of what a device is told to do: from one event to another. It has pinned
// memory, for what travels with it, which may be used again when it has ended.
type stretch struct {
	dev    *Device
	events [2]handle // begin, end
	pinned unsafe.Pointer
	size   int
	open   bool // it was begun, and its end not waited for
}

// eventBlocking lets a thread sleep until an event.
const eventBlocking = 1

// newStretch returns a stretch with so many bytes of pinned memory, to be given back by free.
func (dev *Device) newStretch(size int) (s *stretch, err error) {
	s = &stretch{dev: dev, size: size}
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

// free gives back what s holds.
func (s *stretch) free() error {
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

// ints is s's pinned memory.
func (s *stretch) ints() []int32 { return unsafe.Slice((*int32)(s.pinned), s.size/4) }

// run tells the device what f does, all at once: no other's work comes between.
func (s *stretch) run(f func(d *Driver) error) error {
	return s.dev.run(func(d *Driver) error {
		if err := d.check("cuEventRecord", d.eventRecord(s.events[0], s.dev.stream)); err != nil {
			return err
		}
		if err := f(d); err != nil {
			return err
		}
		s.open = true
		return d.check("cuEventRecord", d.eventRecord(s.events[1], s.dev.stream))
	})
}

// write copies pinned memory, n numbers of it from a place on, to the device, within run.
func (s *stretch) write(to address, at, n int) error {
	d := s.dev.driver
	return d.check("cuMemcpyHtoDAsync", d.memcpyHtoDAsync(to, unsafe.Add(s.pinned, 4*at), uintptr(4*n), s.dev.stream))
}

// read copies memory of the device to pinned memory, within run.
func (s *stretch) read(at, n int, from address) error {
	d := s.dev.driver
	return d.check("cuMemcpyDtoHAsync", d.memcpyDtoHAsync(unsafe.Add(s.pinned, 4*at), from, uintptr(4*n), s.dev.stream))
}

// wait waits for the end, while others go on, and returns how long the device took, in
// seconds; 0 where it was waited for before.
func (s *stretch) wait() (seconds float64, err error) {
	if !s.open {
		return 0, nil
	}
	s.open = false
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
		err = dev.run(func(*Driver) error { return err })
	}
	return float64(ms) / 1000, err
}

// Time is how long the device takes for what f tells it to do, in seconds.
func (dev *Device) Time(f func() error) (seconds float64, err error) {
	s, err := dev.newStretch(0)
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
	s.open = true
	return s.wait()
}
