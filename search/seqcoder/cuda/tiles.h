// Products with tensor cores.

// What a linear kernel does with a sum.
enum { STORE, STORE_BF16, STORE_GELU_BF16, ADD };

// swizzled returns the offset in shared memory of a chunk of 16 bytes of a row of 4 or 8 chunks:
// the same chunk of eight rows, and the chunks of two rows of 4 or a row of 8, are in different
// banks.
DEVICE int swizzled(int row, int chunk, int chunks) { return (row * chunks + (chunk ^ (chunks == 4 ? row >> 1 & 3 : row & 7))) * 16; }

// step returns the address of chunk 2 p or 2 p + 1 of a row; at is that of chunk 0 or 1.
DEVICE sharedAt step(sharedAt at, int p) { return flipped(at, p * 32); }

// copyRows begins copies from to to - 1 of a thread to shared memory, or zeros unless some is
// set. A copy is a chunk; each is 128 / chunks rows of k numbers after the one before. With
// chain, addresses are computed one from the other, which takes fewer registers.
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

// loadRows loads n tiles of 16 rows x 16 numbers; at is the address of the lane's chunk.
DEVICE void loadRows(u32 (*x)[4], int n, sharedAt at, int chunks) {
	UNROLL
	for (int i = 0; i < n; i++)
		loadTiles(x[i], at + i * 16 * chunks * 16);
}

// multiplyRows adds to 4 x n tiles of 16 x 8 the products of 4 tiles of 16 rows of a and n tiles
// of 8 rows of w, of 16 numbers each. With turn, it goes through every other row of tiles from
// the right.
DEVICE void multiplyRows(float (*sum)[4], u32 (*x)[4], u32 (*y)[4], int n, int turn) {
	UNROLL
	for (int i = 0; i < 4; i++)
		UNROLL
		for (int j = 0; j < n; j++) {
			int c = turn && i % 2 ? n - 1 - j : j;
			multiply(sum[i * n + c], x[i], &y[c / 2][c % 2 * 2]);
		}
}
