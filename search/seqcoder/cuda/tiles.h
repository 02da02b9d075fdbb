// Products with tensor cores.

// What linear does with a product and its bias.
enum { STORE, STORE_BF16, STORE_GELU_BF16, ADD };

// swizzled is where the chunk of 16 bytes of a row of 64 bytes is in shared memory: so that
// eight rows' chunks of one number, and two whole rows, fall into different banks.
DEVICE int swizzled(int row, int chunk) { return row * 64 + (chunk ^ (row >> 1 & 3)) * 16; }

// copyRows begins to copy n chunks, 32 rows of k numbers apart, to rows in shared memory.
DEVICE void copyRows(sharedAt to, const u16 *from, int k, int n) {
	UNROLL
	for (int i = 0; i < n; i++)
		copyAsync(to + i * 32 * 64, from + (u64)i * 32 * k);
}

// loadRows loads n tiles of 16 rows x 16 numbers, of which the lane gives a row and a chunk.
DEVICE void loadRows(u32 (*x)[4], int n, sharedAt at, int row, int chunk) {
	UNROLL
	for (int i = 0; i < n; i++)
		loadTiles(x[i], at + i * 16 * 64 + swizzled(row, chunk));
}

// multiplyRows adds to 4 x n tiles of 16 x 8 the products of 4 tiles of 16 rows of a and n of
// 8 rows of w, 16 numbers each.
DEVICE void multiplyRows(float (*sum)[4], u32 (*x)[4], u32 (*y)[4], int n) {
	UNROLL
	for (int i = 0; i < 4; i++)
		UNROLL
		for (int j = 0; j < n; j++)
			multiply(sum[i * n + j], x[i], &y[j / 2][j % 2 * 2]);
}
