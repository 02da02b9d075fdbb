//go:build (linux || darwin) && (386 || amd64 || arm || arm64)

package cuda

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/ktzip/ktzip/search/seqcoder/model"
)

// onDevices runs a test on the fake, once for each of orders orders of threads, and on a GPU if
// there is one.
func onDevices(t *testing.T, orders int, f func(t *testing.T, dev *Device)) {
	for order := range orders {
		t.Run(fmt.Sprint("emulated ", order), func(t *testing.T) {
			fake := useFake(t)
			fake.schedule(int32(order))
			f(t, open(t, 64<<20))
			if n := fake.conflicts(); n > 0 {
				t.Errorf("%d bank conflicts in shared memory, want none", n)
			}
		})
	}
	t.Run("GPU", func(t *testing.T) {
		if os.Getenv(Library) != "" {
			t.Skip(Library + " is set")
		}
		d, err := Load()
		if err != nil {
			t.Skip(err)
		}
		dev, err := d.Open(0, 2<<30)
		if err != nil {
			t.Skip(err)
		}
		defer dev.Close()
		f(t, dev)
	})
}

// A rig is a device and what a test of kernels needs.
type rig struct {
	*testing.T
	dev *Device
	r   *rand.Rand
}

// memory returns n words of memory that are NaN.
func (b *rig) memory(n int) Memory {
	b.Helper()
	m, err := b.dev.take(int64(4 * n))
	if err != nil {
		b.Fatal(err)
	}
	if err := b.dev.Fill(m, 0x7fc00000); err != nil { // NaN
		b.Fatal(err)
	}
	return m
}

// put returns memory with data.
func put[T float32 | int32 | uint32](b *rig, data []T) Memory {
	b.Helper()
	m := b.memory(len(data))
	if err := b.dev.Write(m, bytesOf(data)); err != nil {
		b.Fatal(err)
	}
	return m
}

// batch returns device memory with a batch.
func (b *rig) batch(batch *model.Batch) address {
	b.Helper()
	to := make([]int32, 1<<16)
	n, err := writeBatch(to, batch)
	if err != nil {
		b.Fatal(err)
	}
	return put(b, to[:n]).addr
}

// get returns n words of m.
func get[T float32 | int32 | uint32](b *rig, m Memory, n int) []T {
	b.Helper()
	data := make([]T, n)
	if err := b.dev.Read(bytesOf(data), m); err != nil {
		b.Fatal(err)
	}
	return data
}

// launch runs a kernel.
func (b *rig) launch(name string, grid [2]int, threads int, args ...any) {
	b.Helper()
	if err := b.dev.launch(name, grid, threads, args...); err != nil {
		b.Fatal(err)
	}
}

// numbers returns n random numbers from -1 to 1.
func (b *rig) numbers(n int) []float32 {
	list := make([]float32, n)
	for i := range list {
		list[i] = b.r.Float32()*2 - 1
	}
	return list
}

// rounded returns the numbers that bf16 rounds list to.
func rounded(list []float32) []float32 {
	out := make([]float32, len(list))
	for i, x := range list {
		u := math.Float32bits(x)
		out[i] = math.Float32frombits((u + 0x7fff + u>>16&1) &^ 0xffff)
	}
	return out
}

// pairs returns list in bf16, two numbers in each word.
func pairs(list []float32) []uint32 {
	list = rounded(list)
	out := make([]uint32, len(list)/2)
	for i := range out {
		out[i] = math.Float32bits(list[2*i])>>16 | math.Float32bits(list[2*i+1])
	}
	return out
}

// unpaired returns the numbers of pairs.
func unpaired(list []uint32) []float32 {
	var out []float32
	for _, u := range list {
		out = append(out, math.Float32frombits(u<<16), math.Float32frombits(u&^0xffff))
	}
	return out
}

// close compares numbers with those of a definition. They may be off by tolerance times the
// largest; NaN is an error.
func (b *rig) close(what string, got []float32, want []float64, tolerance float64) {
	b.Helper()
	largest := 0.0
	for _, x := range want {
		largest = max(largest, math.Abs(x))
	}
	for i, x := range want {
		if !(math.Abs(float64(got[i])-x) <= tolerance*largest) {
			b.Fatalf("%s: number %d: got %g, want %g", what, i, got[i], x)
		}
	}
}
