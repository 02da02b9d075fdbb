//go:build (linux || darwin) && (386 || amd64 || arm || arm64)

package cuda

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/ebitengine/purego"
)

// A fake is testdata/fake.c: a driver without a GPU that checks every call and runs the kernels
// on the CPU. Its methods are C functions.
type fake struct {
	reset    func()
	fail     func(name string, code, after int32)
	device   func(version, devices, major int32)
	shared   func(n int32) // the most shared memory that a launch may request for a block
	budget   func(n int64)
	left     func() int32 // objects that were not released
	calls    func() int32
	launched func() int32 // kernels that were run
	// schedule sets the order in which the threads of a block run: 0 for the first one first, 1
	// for the last one first, else at random.
	schedule  func(n int32)
	conflicts func() int64  // bank conflicts of the kernels so far
	idle      func(n int32) // if n is 1, kernels do nothing
}

var build struct {
	once    sync.Once
	path    string
	err     error
	missing bool
	f       fake
}

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "cuda")
	if err != nil {
		panic(err)
	}
	build.path = filepath.Join(dir, "libfake.so")
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// useFake makes Load open the fake, in its initial state. It skips the test if there is no C
// compiler.
func useFake(t testing.TB) *fake {
	t.Helper()
	build.once.Do(func() {
		cc := os.Getenv("CC")
		if cc == "" {
			cc = "cc"
		}
		if _, err := exec.LookPath(cc); err != nil {
			build.missing = true
			return
		}
		for _, pattern := range []string{"*.cu", "*.h", "testdata/*.[ch]"} { // read for the cache of test results: it must miss when these files change
			list, _ := filepath.Glob(pattern)
			for _, name := range list {
				os.ReadFile(name)
			}
		}
		out, err := exec.Command(cc, "-shared", "-fPIC", "-O2", "-std=gnu11", "-Wno-psabi", "-Itestdata", "-o", build.path, "testdata/fake.c", "-lm").CombinedOutput()
		if err != nil {
			build.err = errors.New(string(out))
			return
		}
		library, err := purego.Dlopen(build.path, purego.RTLD_NOW|purego.RTLD_GLOBAL)
		if err != nil {
			build.err = err
			return
		}
		for name, f := range map[string]any{
			"fakeReset": &build.f.reset, "fakeFail": &build.f.fail, "fakeDevice": &build.f.device,
			"fakeShared": &build.f.shared, "fakeBudget": &build.f.budget, "fakeLeft": &build.f.left, "fakeCalls": &build.f.calls,
			"fakeLaunched": &build.f.launched,
			"fakeSchedule": &build.f.schedule, "fakeConflicts": &build.f.conflicts, "fakeIdle": &build.f.idle,
		} {
			purego.RegisterLibFunc(f, library, name)
		}
	})
	switch {
	case build.missing:
		t.Skip("no C compiler to build a driver without a GPU")
	case build.err != nil:
		t.Fatal(build.err)
	}
	build.f.reset()
	t.Setenv(Library, build.path)
	return &build.f
}

// open returns device 0 with an arena of size bytes. It is closed when the test ends.
func open(t testing.TB, size int64) *Device {
	t.Helper()
	d, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	dev, err := d.Open(0, size)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := dev.Close(); err != nil {
			t.Error(err)
		}
	})
	return dev
}

// TestUnavailable expects errors that say in a line why no GPU can be used.
func TestUnavailable(t *testing.T) {
	f := useFake(t)
	expect := func(says string) {
		t.Helper()
		d, err := Load()
		if err == nil {
			_, err = d.Open(0, 1<<20)
		}
		if !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("got %v, want ErrUnavailable with %q", err, says)
		}
		if n := f.left(); n != 0 {
			t.Errorf("%q: %d objects are not released", says, n)
		}
	}
	f.device(13000, 0, 9)
	expect("CUDA_ERROR_NO_DEVICE")
	f.reset()
	f.device(10020, 1, 9)
	expect("CUDA 10.2, want 11.0")
	f.reset()
	f.device(13000, 1, 7)
	expect("compute capability 7.0")
	f.reset()
	t.Setenv(Library, "/nowhere/libcuda.so")
	expect("/nowhere/libcuda.so")
	t.Setenv(Library, "libc.so.6")
	expect("no cuInit")
	t.Setenv(Library, build.path)
	d, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{-1, 1} {
		if _, err := d.Open(n, 0); !errors.Is(err, ErrUnavailable) {
			t.Errorf("device %d: got %v, want ErrUnavailable", n, err)
		}
	}
	f.budget(2 << 20)
	dev, err := d.Open(0, 4<<20)
	if err != nil {
		t.Fatal(err)
	}
	if n := dev.largest(); n > 2<<20 || n < 1<<20 {
		t.Errorf("an arena of %d bytes, want 1 to 2 MiB", n)
	}
	dev.Close()
	f.fail("cuMemAlloc_v2", outOfMemory, 0)
	if _, err := d.Open(0, 1<<20); !errors.Is(err, ErrMemory) {
		t.Errorf("no memory: got %v, want ErrMemory", err)
	}
	if n := f.left(); n != 0 {
		t.Errorf("%d objects are not released", n)
	}
}

// TestFailuresReleaseAll lets every call fail in turn: the error names the call, and everything
// is released.
func TestFailuresReleaseAll(t *testing.T) {
	f := useFake(t)
	d := new(Driver)
	for _, s := range append(d.symbols(), d.graphSymbols()...) {
		if s.name == "cuGetErrorName" {
			continue
		}
		for after := range 40 {
			f.reset()
			f.fail(s.name, 719, int32(after))
			d, err := Load()
			var dev *Device
			if err == nil {
				dev, err = d.Open(0, 1<<20)
			}
			if dev != nil {
				err = errors.Join(work(dev), dev.Close())
			}
			if err == nil {
				if after == 0 && s.name != "cuEventDestroy_v2" {
					t.Errorf("%s is not called", s.name)
				}
				break // there are no more calls of this function
			}
			call := strings.TrimSuffix(s.name, "_v2")
			if !strings.Contains(err.Error(), call) || !strings.Contains(err.Error(), "CUDA_ERROR_LAUNCH_FAILED") {
				t.Errorf("call %d of %s: %v", after, s.name, err)
			}
			releasing := strings.Contains(call, "Free") || strings.Contains(call, "Destroy") || strings.Contains(call, "Unload") ||
				strings.Contains(call, "Release") || call == "cuCtxSetCurrent"
			if n := f.left(); n != 0 && !releasing {
				t.Errorf("call %d of %s: %d objects are not released", after, s.name, n)
			}
		}
	}
}

// work uses every method of a device.
func work(dev *Device) error {
	m, err := dev.take(1024)
	if err != nil {
		return err
	}
	n, err := dev.take(1024)
	if err != nil {
		return err
	}
	b := make([]byte, 1024)
	add := func() error { return dev.launchLocked("add", [2]int{1, 1}, 256, m.addr, n.addr, n.addr, int32(256)) }
	_, err = dev.Time(func() error {
		return errors.Join(dev.Write(m, b), dev.Copy(n, m), dev.Fill(m, 7), dev.run(func(*Driver) error { return add() }),
			dev.run(func(*Driver) error { return recorded(dev, add) }), dev.Read(b, n), dev.Wait())
	})
	return err
}

// recorded queues what f queues as a graph, and drops it.
func recorded(dev *Device, f func() error) error {
	executable, err := dev.record(f)
	if err != nil {
		return err
	}
	return errors.Join(dev.launchGraph(executable), dev.dropGraph(executable))
}

// TestLostDevice expects the first failure from every later call.
func TestLostDevice(t *testing.T) {
	f := useFake(t)
	dev := open(t, 1<<20)
	m, err := dev.take(256)
	if err != nil {
		t.Fatal(err)
	}
	f.fail("cuMemsetD32Async", 700, 0)
	first := dev.Fill(m, 0)
	if first == nil {
		t.Fatal("no failure")
	}
	if err := dev.Wait(); err == nil || err.Error() != first.Error() {
		t.Errorf("got %v, then %v", first, err)
	}
}

// TestMemory copies more than the pinned memory holds to the device and back, and expects errors
// for more than there is room for.
func TestMemory(t *testing.T) {
	useFake(t)
	dev := open(t, 32<<20)
	a, err := dev.take(2*stagingSize + 100)
	if err != nil {
		t.Fatal(err)
	}
	b, err := dev.take(2*stagingSize + 100)
	if err != nil {
		t.Fatal(err)
	}
	data, got := make([]byte, 2*stagingSize+100), make([]byte, 2*stagingSize+100)
	for i := range data {
		data[i] = byte(i * 7 >> 3)
	}
	for _, err := range []error{dev.Write(a, data), dev.Copy(b, a), dev.Read(got, b)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if string(got) != string(data) {
		t.Error("read something else than what was written")
	}
	if dev.Write(a, make([]byte, 2*stagingSize+101)) == nil || dev.Read(make([]byte, 2*stagingSize+101), a) == nil {
		t.Error("more than there is room for: no error")
	}
	if _, err := dev.take(32 << 20); !errors.Is(err, ErrMemory) {
		t.Errorf("got %v, want ErrMemory", err)
	}
	if dev.release(b.addr+1) == nil || dev.release(b.addr) != nil || dev.release(b.addr) == nil {
		t.Error("release of memory that is not in use: no error")
	}
}
