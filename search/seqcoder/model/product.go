package model

import (
	"golang.org/x/sys/cpu"
	"gorgonia.org/tensor"
)

// A tile is what one call of a kernel adds to: its sums fill 12 of the 16 AVX2 registers, the
// other four hold two vectors of the panel and a number of a row.
const (
	tileRows    = 6
	tileColumns = 16
)

// Matrix implements Keeper: it packs columns of the matrix (K, N) in panels (K, tileColumns),
// which tiles need. Without tiles, Data is the matrix (K, N), and gorgonia multiplies.
func (e *processor) Matrix(list []float32, n, k int) (*Matrix, error) {
	wide := n
	if hasTiles {
		wide = tileColumns
	}
	panels := make([]float32, roundUp(n, wide)*k)
	for j := range n {
		panel := panels[j/wide*wide*k:]
		for i := range k {
			panel[i*wide+j%wide] = list[j*k+i]
		}
	}
	data := tensor.New(tensor.WithShape(roundUp(n, wide)/wide, k, wide), tensor.WithBacking(panels), tensor.WithEngine(e))
	return &Matrix{N: n, K: k, Data: data}, nil
}

// Linear implements Linearer. Sums start with the bias and with what they are added to.
func (e *processor) Linear(y, x *tensor.Dense, l Linear, b *Batch, which Rows) error {
	m := b.Rows(which)
	out := y.Float32s()[:m*l.N]
	if l.Then != Add {
		clear(out)
	}
	if l.Bias != nil {
		bias := l.Bias.Float32s()
		for i := 0; i < len(out); i += l.N {
			add(out[i:i+l.N], bias)
		}
	}
	if hasTiles {
		addProduct(out, x.Float32s(), l.Data.Float32s(), m, l.K, l.N)
	} else if err := e.addProductSlowly(out, x.Float32s(), l.Matrix, m); err != nil {
		return err
	}
	if l.Then == GELU {
		gelu(out)
	}
	return nil
}

// addProductSlowly is addProduct by gorgonia's own products.
func (e *processor) addProductSlowly(c, a []float32, matrix *Matrix, m int) error {
	of := func(data []float32, rows, columns int) *tensor.Dense {
		return tensor.New(tensor.WithShape(rows, columns), tensor.WithBacking(data[:rows*columns]))
	}
	k, n := matrix.K, matrix.N
	sums := make([]float32, m*n)
	if err := e.MatMul(of(a, m, k), of(matrix.Data.Float32s(), k, n), of(sums, m, n)); err != nil {
		return err
	}
	add(c, sums)
	return nil
}

// addProduct adds to c (m, n) the product of a (m, k) and the matrix (k, n) in panels.
func addProduct(c, a, panels []float32, m, k, n int) {
	var edge [tileRows * tileColumns]float32 // a tile that is wider than what is left of c
	for j := 0; j < n; j += tileColumns {
		panel := panels[j*k:][:k*tileColumns]
		for i := 0; i < m; i += tileRows {
			t := tile{rows: min(tileRows, m-i), k: k, a: a[i*k:], lda: k, panel: panel, c: c[i*n+j:], ldc: n}
			if n-j >= tileColumns {
				t.add()
				continue
			}
			t.c, t.ldc = edge[:], tileColumns
			for r := range t.rows {
				copy(edge[r*tileColumns:], c[(i+r)*n+j:(i+r)*n+n])
			}
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
