package model

import "gorgonia.org/tensor"

// RowTile is the number of rows that activations are rounded up to: engines may read and write
// whole tiles of the tensors that a Transformer gives them. Of a product's tile in package cuda.
const RowTile = 128

// An Engine is what a Transformer runs on: gorgonia's engine, which owns the memory of tensors,
// and the operations of a forward pass that gorgonia has not. An engine serves one Transformer.
// Its operations take tensors that it allocated, activations of at least as many rows as the
// batch, rounded up to RowTile.
type Engine interface {
	tensor.Engine
	Keeper
	Reserver
	Runner
	Embedder
	Normer
	Linearer
	Attender
	Chooser
}

// A Keeper keeps weights, until the engine is closed.
type Keeper interface {
	// Vector returns a tensor of the numbers of list.
	Vector(list []float32) (*tensor.Dense, error)
	// Matrix returns the matrix (n, k) of list, packed for products.
	Matrix(list []float32, n, k int) (*Matrix, error)
}

// A Reserver prepares an engine for a model.
type Reserver interface {
	// Reserve makes room for a model's passes and pages, or for fewer pages, at least those of
	// a text, and returns their number.
	Reserve(c *Config, r Room) (pages int, err error)
	// Operand is the type of the numbers that products take: of all activations but the sums
	// (rows, C) and the logits, which are float32.
	Operand() tensor.Dtype
}

// Room is what the passes of a Transformer need, at most.
type Room struct {
	Rows    int // of a batch
	Results int // words of a batch's Candidates
	Pages   int // of keys and values
}

// A Runner runs passes one after the other. Results are the same as if each had ended before
// the next began.
type Runner interface {
	// Run reads the batch of j, runs its pass and returns without waiting for the end. forward
	// calls the operations of the pass, which may be called nowhere else: the same ones for all
	// batches, but for their numbers of rows. Run need not call it if it recorded them before.
	Run(j *Job, forward func() error) (Pass, error)
	// CopyPages copies page from[i] to page to[i] in all layers; no page is in both.
	CopyPages(to, from []int32) error
}

// A Job is a pass to run.
type Job struct {
	Batch *Batch
	// To gets the results: they are appended to its slices, which have room for them, and may
	// be read once the pass has ended.
	To *Candidates
	// Before is an earlier pass of the same caller, or nil. If too many passes are under way,
	// Run waits for it first, so that no two callers wait for each other.
	Before Pass
}

// A Pass is under way, or has ended.
type Pass interface {
	// Wait waits for the end, and for the results. It may be called again.
	Wait() error
}

// An Embedder adds up embeddings.
type Embedder interface {
	// Embed sets the rows of x (rows, C) to the sums of those rows of table (…, C) that Index lists.
	Embed(x, table *tensor.Dense, b *Batch) error
}

// A Normer computes layer norms.
type Normer interface {
	// Norm sets the rows of y to those of x (rows, C), or to the last of each text, shifted and
	// scaled to mean 0 and variance 1, times gain plus bias.
	Norm(y, x *tensor.Dense, n LayerNorm, b *Batch, which Rows) error
}

// A Linearer computes products by packed matrices.
type Linearer interface {
	// Linear sets y (rows, N) to the products of the rows of x (rows, K) and l's matrix, plus
	// bias, and does what l.Then says. There are as many rows as which says.
	Linear(y, x *tensor.Dense, l Linear, b *Batch, which Rows) error
}

// An Attender stores keys and values, and attends to them.
type Attender interface {
	// Attend stores the keys and values of qkv (rows, 3C) in the pages of a layer where Place
	// says, and then sets y (rows, C), for each head, to the mean of the values of the tokens
	// that a row sees, weighted by softmax of the products of its query and their keys.
	Attend(y, qkv *tensor.Dense, layer int, b *Batch) error
}

// A Chooser chooses the likeliest tokens.
type Chooser interface {
	// Choose chooses, by the logits (texts, V) of each text, the K likeliest allowed tokens:
	// the results of the pass.
	Choose(logits *tensor.Dense, b *Batch) error
}

// A Forker is an engine for one goroutine. Engines that are none serve several.
type Forker interface {
	// Fork returns an engine for another goroutine, which shares weights and nothing else.
	Fork() Engine
}

// Rows says which rows of a batch an operation is for.
type Rows int

// AllRows is all of them, LastRows the last one of each text.
const (
	AllRows Rows = iota
	LastRows
)

// A LayerNorm is the weights of a layer norm: (C), (C).
type LayerNorm struct{ Gain, Bias *tensor.Dense }

// A Matrix is a matrix (N, K) that an engine packed.
type Matrix struct {
	N, K int
	Data *tensor.Dense // in the order that suits the engine
}

// A Linear is the weights of a product and what follows it.
type Linear struct {
	*Matrix
	Bias *tensor.Dense // (N), or nil
	Then Then
}

// Then is what follows a product.
type Then int

// Store stores the result x in the type of y, GELU x * Phi(x), the distribution function of the
// normal distribution; Add adds it to y, which is float32.
const (
	Store Then = iota
	GELU
	Add
)
