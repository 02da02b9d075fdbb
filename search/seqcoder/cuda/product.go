package cuda

// What a product's kernel does with the sums, as tiles.h numbers it.
const (
	store      int32 = iota // in float32
	storeBF16               // in bf16
	storeGELU               // GELU of them, in bf16
	accumulate              // adds them to float32
)

// A linear is a kernel of products by tensor cores, in tiles of 128 rows.
type linear struct {
	name    string
	columns int // of a tile
}

// Tiles with fewer columns leave fewer multiprocessors idle if a product is small; tiles with
// more read less memory for a sum.
var narrow, broad = linear{"linear64", 64}, linear{"linear128", 128}

// sharedBytes are the bytes of shared memory that launches request for a block: of broad, three
// stages of 128 rows of a and 128 of w, of 64 bf16 numbers each.
var sharedBytes = map[string]int{broad.name: 3 * (128 + 128) * 64 * 2}

// grid returns how many tiles a product of rows and n columns has.
func (l linear) grid(rows, n int) [2]int {
	return [2]int{roundUp(n, l.columns) / l.columns, roundUp(rows, tileRows) / tileRows}
}

// linearKernel returns the faster kernel for a product of rows and n columns. A product is done
// when the multiprocessor with the most columns is; broad needs four fifths of narrow's time for
// as many columns, so that it is the faster one if its grid fills the device.
//
// On an H100 (132 multiprocessors) 8192 rows and 256, 512, 768, 960, 1024 or 1280 columns are
// 128 to 640 broad tiles, which leave at most 3 % of it idle: broad is 3 to 32 % faster. 128
// columns are 64 tiles, which leave half of it idle, and 320 (padded to 384) or 384 are 192,
// which leave a quarter: narrow is 4 to 18 % faster (2026-11-27).
func (dev *Device) linearKernel(rows, n int) linear {
	busiest := func(l linear) int { // columns of the multiprocessor with the most
		g := l.grid(rows, n)
		return roundUp(g[0]*g[1], dev.Multiprocessors) / dev.Multiprocessors * l.columns
	}
	const broadTime, narrowTime = 4, 5 // for as many columns
	if sharedBytes[broad.name] <= dev.shared && broadTime*busiest(broad) <= narrowTime*busiest(narrow) {
		return broad
	}
	return narrow
}
