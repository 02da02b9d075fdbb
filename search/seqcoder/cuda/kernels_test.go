//go:build (linux || darwin) && (386 || amd64 || arm || arm64)

package cuda

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"sort"
	"testing"

	"gorgonia.org/tensor"
)

// onDevices runs a test on the device without a GPU, with threads in several orders where
// that is wanted, and on a GPU where there is one.
func onDevices(t *testing.T, orders int, f func(t *testing.T, dev *Device)) {
	for order := range orders {
		t.Run(fmt.Sprint("emulated ", order), func(t *testing.T) {
			fake := useFake(t)
			fake.schedule(int32(order))
			f(t, open(t, 64<<20))
			if n := fake.conflicts(); n > 0 {
				t.Errorf("%d conflicts of banks", n)
			}
		})
	}
	t.Run("GPU", func(t *testing.T) {
		if os.Getenv(Library) != "" {
			t.Skip("another library is named")
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

// A bench is a device and what is made for one test.
type bench struct {
	*testing.T
	dev *Device
	r   *rand.Rand
}

func (b *bench) memory(n int) Memory {
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

func put[T float32 | int32 | uint32](b *bench, data []T) Memory {
	b.Helper()
	m := b.memory(len(data))
	if err := b.dev.Write(m, bytesOf(data)); err != nil {
		b.Fatal(err)
	}
	return m
}

func get[T float32 | int32 | uint32](b *bench, m Memory, n int) []T {
	b.Helper()
	data := make([]T, n)
	if err := b.dev.Read(bytesOf(data), m); err != nil {
		b.Fatal(err)
	}
	return data
}

func (b *bench) launch(name string, grid [2]int, threads int, args ...any) {
	b.Helper()
	if err := b.dev.launch(name, grid, threads, args...); err != nil {
		b.Fatal(err)
	}
}

func (b *bench) numbers(n int) []float32 {
	list := make([]float32, n)
	for i := range list {
		list[i] = b.r.Float32()*2 - 1
	}
	return list
}

// rounded are numbers as the kernels round them, and whole is what bf16 numbers are, two in each.
func rounded(list []float32) []float32 {
	out := make([]float32, len(list))
	for i, x := range list {
		u := math.Float32bits(x)
		out[i] = math.Float32frombits((u + 0x7fff + u>>16&1) &^ 0xffff)
	}
	return out
}

func pairs(list []float32) []uint32 {
	list = rounded(list)
	out := make([]uint32, len(list)/2)
	for i := range out {
		out[i] = math.Float32bits(list[2*i])>>16 | math.Float32bits(list[2*i+1])
	}
	return out
}

func whole(list []uint32) []float32 {
	var out []float32
	for _, u := range list {
		out = append(out, math.Float32frombits(u<<16), math.Float32frombits(u&^0xffff))
	}
	return out
}

// close compares numbers with those of the definition: off by at most tolerance of the
// largest; NaN never is.
func (b *bench) close(what string, got []float32, want []float64, tolerance float64) {
	b.Helper()
	most := 0.0
	for _, x := range want {
		most = max(most, math.Abs(x))
	}
	for i, x := range want {
		if !(math.Abs(float64(got[i])-x) <= tolerance*most) {
			b.Fatalf("%s: number %d is %g, not %g", what, i, got[i], x)
		}
	}
}

func TestKernels(t *testing.T) {
	if raceEnabled {
		t.Skip("the kernels run in C")
	}
	onDevices(t, 3, func(t *testing.T, dev *Device) {
		for name, f := range map[string]func(b *bench){
			"linear": testLinear, "norm": testNorm, "embed": testEmbed, "attend": testAttend, "best": testBest,
		} {
			t.Run(name, func(t *testing.T) { f(&bench{t, dev, rand.New(rand.NewPCG(5, 6))}) })
		}
	})
}

func testLinear(b *bench) {
	for _, l := range []linear{narrow, broad} {
		for _, c := range []struct {
			m, n, k int
			mode    int32
		}{{1, 2, 32, store}, {129, 66, 64, store}, {130, 96, 96, storeBF16}, {70, 160, 160, storeGELU}, {64, 475, 32, store}, {200, 64, 256, accumulate}, {150, 130, 128, accumulate}, {129, 129, 96, store}, {40, 288, 512, accumulate}} {
			b.linear(l, c.m, c.n, c.k, c.mode)
		}
	}
}

// linear compares a product (m, n), sums of k each, with its definition.
func (b *bench) linear(l linear, m, n, k int, mode int32) {
	b.Helper()
	half := mode == storeBF16 || mode == storeGELU
	x, w, bias, before := rounded(b.numbers(m*k)), rounded(b.numbers(n*k)), b.numbers(n), b.numbers(m*n)
	out := put(b, before)
	if half {
		out = b.memory(m * n / 2)
	}
	// Rows beyond are read and make no difference.
	padded := func(list []float32) Memory {
		rest := make([]float32, up(len(list)/k, 128)*k-len(list))
		for i := range rest {
			rest[i] = float32(math.NaN())
		}
		return put(b, pairs(append(slices.Clone(list), rest...)))
	}
	b.launch(l.kernel, l.grid(m, n), 128, padded(x).at, padded(w).at, put(b, bias).at, out.at, int32(m), int32(n), int32(k), mode)
	want := make([]float64, m*n)
	for i := range m {
		for j := range n {
			sum := float64(bias[j])
			for p := range k {
				sum += float64(x[i*k+p]) * float64(w[j*k+p])
			}
			switch mode {
			case storeGELU:
				sum *= (1 + math.Erf(sum/math.Sqrt2)) / 2
			case accumulate:
				sum += float64(before[i*n+j])
			}
			want[i*n+j] = sum
		}
	}
	what := fmt.Sprintf("%s: a product of %d x %d x %d, mode %d", l.kernel, m, n, k, mode)
	if half {
		b.close(what, whole(get[uint32](b, out, m*n/2)), want, 1e-2)
	} else {
		b.close(what, get[float32](b, out, m*n), want, 1e-3)
	}
}

// TestLinearKernel wants the kernel that was the faster one on an H100, broad tiles where they
// fill the device without a GPU, of four multiprocessors, and none where there is too little
// shared memory for them.
func TestLinearKernel(t *testing.T) {
	f := useFake(t)
	dev := open(t, 16<<20)
	type choice struct {
		rows, n int
		want    linear
	}
	wants := func(dev *Device, choices ...choice) {
		t.Helper()
		for _, c := range choices {
			if got := dev.linearKernel(c.rows, c.n); got != c.want {
				t.Errorf("%s for %d x %d, not %s", got.kernel, c.rows, c.n, c.want.kernel)
			}
		}
	}
	wants(dev, choice{1, 32, narrow}, choice{1, 256, narrow}, choice{1, 257, broad}, choice{512, 64, narrow},
		choice{512, 65, broad}, choice{512, 128, broad}, choice{640, 128, narrow}, choice{1152, 128, broad})
	dev.Multiprocessors = 132
	wants(dev, choice{8192, 128, narrow}, choice{8192, 256, broad}, choice{8192, 320, narrow}, choice{8192, 384, narrow},
		choice{8192, 512, broad}, choice{8192, 768, broad}, choice{8192, 960, broad}, choice{8192, 1024, broad},
		choice{8192, 1280, broad}, choice{4096, 4096, broad})
	f.shared(96 << 10)
	wants(open(t, 1<<20), choice{512, 128, broad})
	f.shared(96<<10 - 1)
	dev = open(t, 16<<20)
	wants(dev, choice{512, 128, narrow}, choice{8192, 4096, narrow})
	b := &bench{t, dev, rand.New(rand.NewPCG(9, 10))}
	b.linear(dev.linearKernel(512, 128), 512, 128, 32, store)
}

func testNorm(b *bench) {
	const rows, c = 7, 96
	x, gain, bias := b.numbers(20*c), b.numbers(c), b.numbers(c)
	pick := []int32{3, 19, 0, 1, 2, 5, 5}
	for _, picked := range []bool{false, true} {
		at := address(0)
		if picked {
			at = put(b, pick).at
		}
		y := b.memory(rows * c / 2)
		b.launch("norm", [2]int{2, 1}, 128, put(b, x).at, at, put(b, gain).at, put(b, bias).at, y.at, int32(rows), int32(c))
		var want []float64
		for r := range rows {
			from := r
			if picked {
				from = int(pick[r])
			}
			row := x[from*c:][:c]
			mean, variance := 0.0, 0.0
			for _, v := range row {
				mean += float64(v) / c
			}
			for _, v := range row {
				variance += (float64(v) - mean) * (float64(v) - mean) / c
			}
			for k, v := range row {
				want = append(want, (float64(v)-mean)/math.Sqrt(variance+1e-5)*float64(gain[k])+float64(bias[k]))
			}
		}
		b.close("a norm", whole(get[uint32](b, y, rows*c/2)), want, 1e-2)
	}
}

func testEmbed(b *bench) {
	const rows, j, c, table = 9, 3, 160, 50
	x := b.numbers(table * c)
	var index []int32
	want := make([]float64, rows*c)
	for r := range rows {
		for range j {
			at := b.r.IntN(table+1) - 1
			if index = append(index, int32(at)); at >= 0 {
				for k := range c {
					want[r*c+k] += float64(x[at*c+k])
				}
			}
		}
	}
	y := b.memory(rows * c)
	b.launch("embed", [2]int{warps(rows), 1}, 128, put(b, x).at, put(b, index).at, y.at, int32(rows), int32(j), int32(c))
	b.close("a sum", get[float32](b, y, rows*c), want, 1e-6)
}

// testAttend remembers the tokens of texts in pages out of order, copies these, and attends to
// them: row by row, and text by text.
func testAttend(b *bench) {
	for size := range headSizes {
		testHeads(b, size, []int{70, 1, 150, 33})
	}
}

func testHeads(b *bench, size int, lengths []int) {
	const heads, wide, page = 2, 10, 16
	c := heads * size
	var text, seen, place, last, tables, from, to []int32
	number := b.r.Perm(100)
	for k, n := range lengths {
		for i := range wide {
			id := int32(-1)
			if i < textPages(n) {
				id = int32(number[len(from)])
				from, to = append(from, id), append(to, 100+id)
			}
			tables = append(tables, id)
		}
		for i := range n {
			text, seen = append(text, int32(k)), append(seen, int32(i+1))
			place = append(place, tables[k*wide+i/page]*page+int32(i%page))
		}
		last = append(last, int32(len(text)-1))
	}
	rows := len(text)
	qkv := rounded(b.numbers(rows * 3 * c))
	const pages = 200
	held := b.memory(2 * pages * page * c) // two layers
	layer := held.at + address(pages*2*page*c*2)
	at := put(b, pairs(qkv)).at
	b.launch("remember", [2]int{warps(rows), 1}, 128, at, put(b, place).at, layer, int32(rows), int32(c))
	b.launch("copyPages", [2]int{len(from), 2}, 128, held.at, put(b, from).at, put(b, to).at, int32(pages), int32(c))
	for i := range tables {
		if tables[i] >= 0 {
			tables[i] += 100 // the copies
		}
	}
	scale := float32(1 / math.Sqrt(float64(size)))
	want := make([]float64, rows*c)
	for r := range rows {
		first := r - int(seen[r]) + 1
		for h := range heads {
			var scores []float64
			sum := 0.0
			for j := first; j <= r; j++ {
				s := 0.0
				for k := range size {
					s += float64(qkv[r*3*c+h*size+k]) * float64(qkv[j*3*c+c+h*size+k])
				}
				scores = append(scores, math.Exp(s*float64(scale)))
				sum += scores[len(scores)-1]
			}
			for j, s := range scores {
				for k := range size {
					want[r*c+h*size+k] += s / sum * float64(qkv[(first+j)*3*c+2*c+h*size+k])
				}
			}
		}
	}
	memorySeen, memoryTables := put(b, seen).at, put(b, tables).at
	y := b.memory(rows * c / 2)
	b.launch(headSizes[size].write, [2]int{(rows + 7) / 8, heads}, 256, at, put(b, text).at, memorySeen, memoryTables, layer, y.at, int32(rows), int32(c), int32(wide), scale)
	b.close("attention of rows", whole(get[uint32](b, y, rows*c/2)), want, 1e-2)
	const tiles = 2
	y = b.memory(rows * c / 2)
	b.launch(headSizes[size].read, [2]int{tiles * len(lengths), heads}, 128, at, put(b, last).at, memorySeen, memoryTables, layer, y.at, int32(tiles), int32(c), int32(wide), scale)
	b.close("attention of texts", whole(get[uint32](b, y, rows*c/2)), want, 1e-2)
}

func testBest(b *bench) {
	const rows, n, words, k = 5, 475, 15, 12
	logits := b.numbers(rows * n)
	for i := range logits {
		logits[i] = float32(math.Round(float64(logits[i])*40)) / 8 // some are equal
	}
	mask := make([]uint32, rows*words)
	for r := range rows {
		for i := range n {
			if r < 3 && b.r.IntN(3) > 0 || r == 3 && i%100 == 7 {
				mask[r*words+i/32] |= 1 << (i % 32) // none of the last row
			}
		}
	}
	ids, scores, totals := b.memory(rows*k), b.memory(rows*k), b.memory(rows)
	b.launch("best", [2]int{warps(rows), 1}, 128, put(b, logits).at, put(b, mask).at, ids.at, scores.at, totals.at, int32(rows), int32(n), int32(words), int32(k))
	gotIDs, gotScores, gotTotals := get[int32](b, ids, rows*k), get[float32](b, scores, rows*k), get[float32](b, totals, rows)
	for r := range rows {
		var may []int
		sum := 0.0
		for i := range n {
			if mask[r*words+i/32]>>(i%32)&1 == 1 {
				may = append(may, i)
				sum += math.Exp(float64(logits[r*n+i]))
			}
		}
		sort.SliceStable(may, func(i, j int) bool { return logits[r*n+may[i]] > logits[r*n+may[j]] })
		if total := math.Log(sum); len(may) > 0 && !(math.Abs(float64(gotTotals[r])-total) < 1e-3) {
			b.Errorf("row %d: a total of %g, not %g", r, gotTotals[r], total)
		}
		for i := range k {
			id := int32(-1)
			if i < len(may) {
				id = int32(may[i])
			}
			if gotIDs[r*k+i] != id || id >= 0 && gotScores[r*k+i] != logits[r*n+int(id)] {
				b.Errorf("row %d: place %d is %d of %g, not %d", r, i, gotIDs[r*k+i], gotScores[r*k+i], id)
			}
		}
	}
}

// TestEngine multiplies and adds gorgonia's tensors, and wants errors for the rest.
func TestEngine(t *testing.T) {
	onDevices(t, 1, func(t *testing.T, dev *Device) {
		b := &bench{t, dev, rand.New(rand.NewPCG(7, 8))}
		e := NewEngine(dev)
		make2 := func(rows, columns int) *tensor.Dense {
			return tensor.New(tensor.WithShape(rows, columns), tensor.Of(tensor.Float32), tensor.WithEngine(e))
		}
		before := len(dev.arena.used)
		for _, s := range [][3]int{{1, 1, 1}, {70, 33, 130}, {64, 16, 64}} {
			m, k, n := s[0], s[1], s[2]
			x, y, z, sum := make2(m, k), make2(k, n), make2(m, n), make2(m, n)
			p, q := b.numbers(m*k), b.numbers(k*n)
			for _, err := range []error{e.Write(x, p), e.Write(y, q)} {
				if err != nil {
					t.Fatal(err)
				}
			}
			for range 3 {
				if _, err := tensor.MatMul(x, y, tensor.WithReuse(z)); err != nil {
					t.Fatal(err)
				}
				if _, err := tensor.Add(z, z, tensor.WithReuse(sum)); err != nil {
					t.Fatal(err)
				}
			}
			want := make([]float64, m*n)
			for i := range m {
				for j := range n {
					for l := range k {
						want[i*n+j] += 2 * float64(p[i*k+l]) * float64(q[l*n+j])
					}
				}
			}
			got := make([]float32, m*n)
			if err := e.Read(got, sum); err != nil {
				t.Fatal(err)
			}
			b.close("a product", got, want, 1e-5)
			for name, f := range map[string]func() error{
				"a sum to nowhere": func() error { _, err := tensor.Add(z, sum); return err },
				"a number":         func() error { _, err := tensor.Add(z, float32(1), tensor.WithReuse(sum)); return err },
				"a product of elements": func() error {
					_, err := tensor.Mul(z, sum, tensor.WithReuse(sum))
					return err
				},
				"host memory":     func() error { return e.MatMul(tensor.New(tensor.WithShape(m, k), tensor.Of(tensor.Float32)), y, z) },
				"another shape":   func() error { return e.Write(x, make([]float32, m*k+1)) },
				"what is nowhere": func() error { _, err := e.Accessible(memory(z)); return err },
			} {
				if f() == nil {
					t.Errorf("%s is no error", name)
				}
			}
			for _, d := range []*tensor.Dense{x, y, z, sum} {
				if err := e.Release(d); err != nil {
					t.Error(err)
				}
			}
		}
		if n := len(dev.arena.used); n != before {
			t.Errorf("%d tensors are left", n-before)
		}
	})
}
