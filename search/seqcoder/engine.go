package seqcoder

import (
	"golang.org/x/sys/cpu"
	"gorgonia.org/tensor"
)

// An engine is gorgonia's own, but for products with matrices that stay: these are kept in
// panels, and multiplied in tiles by the processor's vector instructions where it has them.
type engine struct {
	tensor.StdEng
	panels map[tensor.Tensor][]float32
}

const (
	tileRows    = 6
	tileColumns = 16
)

func newEngine() *engine { return &engine{panels: map[tensor.Tensor][]float32{}} }

// keep says that the matrix (K, N) will not change.
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

// multiply sets c (m, n) to a (m, k) by the panels of a matrix (k, n).
func multiply(c, a, panels []float32, m, k, n int) {
	clear(c[:m*n])
	var edge [tileRows * tileColumns]float32 // for columns that are no whole panel
	for j := 0; j < n; j += tileColumns {
		panel := panels[j*k:][:k*tileColumns]
		for i := 0; i < m; i += tileRows {
			rows := min(tileRows, m-i)
			if n-j >= tileColumns {
				addTile(rows, k, a[i*k:], k, panel, c[i*n+j:], n)
				continue
			}
			clear(edge[:])
			addTile(rows, k, a[i*k:], k, panel, edge[:], tileColumns)
			for r := range rows {
				copy(c[(i+r)*n+j:(i+r)*n+n], edge[r*tileColumns:])
			}
		}
	}
}

// hasTiles says whether the processor has the instructions of tiles.
var hasTiles = tiles[1] != nil && cpu.X86.HasAVX2 && cpu.X86.HasFMA

// addTile adds to rows of tileColumns columns of c, ldc numbers apart, the rows of a, lda
// apart, of k numbers each by a panel (k, tileColumns).
func addTile(rows, k int, a []float32, lda int, panel, c []float32, ldc int) {
	a, panel, c = a[:(rows-1)*lda+k], panel[:k*tileColumns], c[:(rows-1)*ldc+tileColumns]
	if hasTiles {
		tiles[rows](k, &a[0], lda, &panel[0], &c[0], ldc)
		return
	}
	addTileSlowly(rows, k, a, lda, panel, c, ldc)
}

func addTileSlowly(rows, k int, a []float32, lda int, panel, c []float32, ldc int) {
	for r := range rows {
		out := c[r*ldc:][:tileColumns]
		for p, v := range a[r*lda:][:k] {
			for j, x := range panel[p*tileColumns:][:tileColumns] {
				out[j] += v * x
			}
		}
	}
}
