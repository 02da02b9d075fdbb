// Products with tensor cores.

// What linear does with a product and its bias.
enum { STORE, STORE_BF16, STORE_GELU_BF16, ADD };

// swizzled is where the chunk of 16 bytes of a row of 4 or 8 chunks is in shared memory: so
// that eight rows' chunks of one number, and two whole rows or one, fall into different banks.
DEVICE int swizzled(int row, int chunk, int chunks) { return (row * chunks + (chunk ^ (chunks == 4 ? row >> 1 & 3 : row & 7))) * 16; }

// step is the place of chunk 2 p or 2 p + 1 of a row, where at is that of chunk 0 or 1.
DEVICE sharedAt step(sharedAt at, int p) { return flipped(at, p * 32); }

// copyRows begins to copy chunks from to to - 1 of four warps, each 128 / chunks rows of k
// numbers after the one before, to rows in shared memory: zeros if not some. With chain, which
// takes fewer registers, each place comes of the one before.
DEVICE void copyRows(sharedAt at, const u16 *source, int k, int chunks, int from, int to, int some, int chain) {
	int each = 128 / chunks;
	UNROLL
	for (int i = from; i < to; i++) {
		copyAsync(at + i * each * chunks * 16, source + (chain ? 0 : (u64)i * each * k), some ? 16 : 0);
		if (chain) {
			source += (u64)each * k;
			forgetPlace(source);
		}
	}
}

// loadRows loads n tiles of 16 rows x 16 numbers, of which the lane gives a chunk's place.
DEVICE void loadRows(u32 (*x)[4], int n, sharedAt at, int chunks) {
	UNROLL
	for (int i = 0; i < n; i++)
		loadTiles(x[i], at + i * 16 * chunks * 16);
}

// multiplyRows adds to 4 x n tiles of 16 x 8 the products of 4 tiles of 16 rows of a and n of
// 8 rows of w, 16 numbers each; with turn, every other row from the right.
DEVICE void multiplyRows(float (*sum)[4], u32 (*x)[4], u32 (*y)[4], int n, int turn) {
	UNROLL
	for (int i = 0; i < 4; i++)
		UNROLL
		for (int j = 0; j < n; j++) {
			int c = turn && i % 2 ? n - 1 - j : j;
			multiply(sum[i * n + c], x[i], &y[c / 2][c % 2 * 2]);
		}
}
