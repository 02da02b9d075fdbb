package model

import (
	"golang.org/x/sys/cpu"
	"gorgonia.org/tensor"
)

// An engine is gorgonia's standard engine with faster products by constant matrices: it keeps
// these in panels and multiplies in tiles, by AVX2 instructions if the processor has them.
type engine struct {
	tensor.StdEng
	panels map[tensor.Tensor][]float32
}

// A tile is what one call of a kernel adds to: its sums fill 12 of the 16 AVX2 registers, the
// other four hold two vectors of the panel and a number of a row.
const (
	tileRows    = 6
	tileColumns = 16
)

func newEngine() *engine { return &engine{panels: map[tensor.Tensor][]float32{}} }

// keep prepares products by a matrix (K, N), which must not change from now on.
func (e *engine) keep(matrix *tensor.Dense) {
	if !hasTiles {
		return
	}
	k, n := matrix.Shape()[0], matrix.Shape()[1]
	data := matrix.Data().([]float32)
	panels := make([]float32, (n+tileColumns-1)/tileColumns*tileColumns*k)
	for j := 0; j < n; j += tileColumns {
		panel := panels[j*k:]
		for i := range k {
			copy(panel[i*tileColumns:][:tileColumns], data[i*n+j:i*n+min(n, j+tileColumns)])
		}
	}
	e.panels[matrix] = panels
}

// MatMul implements tensor.MatMuler: it sets c (M, N) to a (M, K) by b (K, N).
func (e *engine) MatMul(a, b, c tensor.Tensor) error {
	panels := e.panels[b]
	if panels == nil || a.RequiresIterator() || c.RequiresIterator() || a.DataOrder().IsTransposed() || c.DataOrder().IsTransposed() {
		return e.StdEng.MatMul(a, b, c)
	}
	multiply(c.Data().([]float32), a.Data().([]float32), panels, a.Shape()[0], b.Shape()[0], b.Shape()[1])
	return nil
}

// multiply sets c (m, n) to the product of a (m, k) and the matrix (k, n) in panels.
func multiply(c, a, panels []float32, m, k, n int) {
	clear(c[:m*n])
	var edge [tileRows * tileColumns]float32 // a tile that is wider than what is left of c
	for j := 0; j < n; j += tileColumns {
		panel := panels[j*k:][:k*tileColumns]
		for i := 0; i < m; i += tileRows {
			t := tile{rows: min(tileRows, m-i), k: k, a: a[i*k:], lda: k, panel: panel, c: c[i*n+j:], ldc: n}
			if n-j >= tileColumns {
				t.add()
				continue
			}
			clear(edge[:])
			t.c, t.ldc = edge[:], tileColumns
			t.add()
			for r := range t.rows {
				copy(c[(i+r)*n+j:(i+r)*n+n], edge[r*tileColumns:])
			}
		}
	}
}

// hasTiles reports whether the processor has the instructions of the kernels.
var hasTiles = tileKernels[1] != nil && cpu.X86.HasAVX2 && cpu.X86.HasFMA

// A tile is a product of rows of a by a panel, to be added to c. Consecutive rows are lda
// numbers apart in a and ldc numbers in c.
type tile struct {
	rows, k  int
	a        []float32 // (rows, k)
	lda      int
	panel, c []float32 // (k, tileColumns), (rows, tileColumns)
	ldc      int
}

// add adds the product to c.
func (t *tile) add() {
	if !hasTiles {
		t.addSlowly()
		return
	}
	// The kernels do not check bounds.
	a, panel, c := t.a[:(t.rows-1)*t.lda+t.k], t.panel[:t.k*tileColumns], t.c[:(t.rows-1)*t.ldc+tileColumns]
	tileKernels[t.rows](t.k, &a[0], t.lda, &panel[0], &c[0], t.ldc)
}

func (t *tile) addSlowly() {
	for r := range t.rows {
		out := t.c[r*t.ldc:][:tileColumns]
		for p, v := range t.a[r*t.lda:][:t.k] {
			for j, x := range t.panel[p*tileColumns:][:tileColumns] {
				out[j] += v * x
			}
		}
	}
}
