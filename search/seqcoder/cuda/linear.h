// Products with tensor cores.

// What linear does with a product and its bias.
enum { STORE, STORE_BF16, STORE_GELU_BF16, ADD };

enum { STAGES = 4 }; // parts of the operands that are in shared memory at a time

// swizzled is where the chunk of 16 bytes of a row of 64 bytes is in shared memory: so that
// eight rows' chunks of one number, and two whole rows, fall into different banks.
DEVICE int swizzled(int row, int chunk) { return row * 64 + (chunk ^ (row >> 1 & 3)) * 16; }

// linear computes a (m, k) by the rows of w (n, k), bf16 both, and bias (0: none), in tiles
// of 128 x 64, four warps of 64 x 32; k is a multiple of 32, and n one of 32 where bf16 is
// stored. Rows up to the next 128 of a and 64 of w are read.
KERNEL_MANY(128, 4) linear(const u16 *a, const u16 *w, const float *bias, void *out, int m, int n, int k, int mode) {
	SHARED u16 as[STAGES][128 * 32];
	SHARED u16 ws[STAGES][64 * 32];
	int t = THREAD, warp = t / 32, lane = t % 32, m0 = BLOCK_Y * 128, n0 = BLOCK_X * 64;
	int rows = (warp & 1) * 64, cols = (warp >> 1) * 32;
	float sum[4][4][4];
	UNROLL
	for (int i = 0; i < 64; i++)
		sum[i / 16][i / 4 % 4][i % 4] = 0;
	sharedAt sa = inShared(as), sw = inShared(ws);
	// What this thread copies: chunk t % 4 of rows t / 4, t / 4 + 32, …
	const u16 *fromA = a + (u64)(m0 + t / 4) * k + t % 4 * 8, *fromW = w + (u64)(n0 + t / 4) * k + t % 4 * 8;
	int to = swizzled(t / 4, t % 4);
	int parts = k / 32;
	for (int next = 0; next < parts + STAGES - 1; next++) {
		int part = next - (STAGES - 1);
		if (part >= 0) {
			copyWait(2); // STAGES - 2: this part is there,
			barrier();   // for all threads, and the one before is done with
		}
		if (next < parts) {
			int stage = next % STAGES;
			UNROLL
			for (int i = 0; i < 4; i++)
				copyAsync(sa + stage * 128 * 64 + i * 32 * 64 + to, fromA + (u64)i * 32 * k + next * 32);
			UNROLL
			for (int i = 0; i < 2; i++)
				copyAsync(sw + stage * 64 * 64 + i * 32 * 64 + to, fromW + (u64)i * 32 * k + next * 32);
		}
		copyCommit();
		if (part < 0)
			continue;
		sharedAt at = sa + part % STAGES * 128 * 64 + rows * 64, wt = sw + part % STAGES * 64 * 64 + cols * 64;
		UNROLL
		for (int p = 0; p < 4; p += 2) { // chunks
			u32 x[4][4], y[2][4];
			UNROLL
			for (int i = 0; i < 4; i++)
				loadTiles(x[i], at + i * 16 * 64 + swizzled(lane % 16, p + lane / 16));
			UNROLL
			for (int j = 0; j < 2; j++)
				loadTiles(y[j], wt + j * 16 * 64 + swizzled(lane % 8 + lane / 16 * 8, p + lane / 8 % 2));
			UNROLL
			for (int i = 0; i < 4; i++)
				UNROLL
				for (int j = 0; j < 4; j++)
					multiply(sum[i][j], x[i], &y[j / 2][j % 2 * 2]);
		}
	}
	UNROLL
	for (int i = 0; i < 4; i++)
		UNROLL
		for (int half = 0; half < 2; half++) {
			int r = m0 + rows + i * 16 + lane / 4 + half * 8, c0 = n0 + cols + lane % 4 * 2;
			if (mode == STORE_BF16 || mode == STORE_GELU_BF16) {
				UNROLL
				for (int j = 0; j < 4; j += 2) {
					u32 v[2];
					UNROLL
					for (int e = 0; e < 2; e++) {
						int c = c0 + (j + e) * 8;
						f32x2 b = {0, 0};
						if (bias && c < n)
							b = *(const f32x2 *)&bias[c];
						float v0 = sum[i][j + e][2 * half] + b[0], v1 = sum[i][j + e][2 * half + 1] + b[1];
						v[e] = mode == STORE_BF16 ? pack(v0, v1) : pack(gelu(v0), gelu(v1));
					}
					// Of two tiles the even lane takes one and the odd one the other: four numbers.
					int odd = lane & 1, c = n0 + cols + (j + odd) * 8 + (lane & 2) * 2;
					u32 other = shuffle(odd ? v[0] : v[1], 1);
					u32x2 four = {odd ? other : v[0], odd ? v[1] : other};
					if (r < m && c < n)
						*(u32x2 *)((u16 *)out + (u64)r * n + c) = four;
				}
				continue;
			}
			UNROLL
			for (int j = 0; j < 4; j++)
				UNROLL
				for (int e = 0; e < 2; e++) {
					int c = c0 + j * 8 + e;
					if (r < m && c < n) {
						float *o = (float *)out + (u64)r * n + c, v = sum[i][j][2 * half + e] + (bias ? bias[c] : 0);
						*o = mode == ADD ? *o + v : v;
					}
				}
		}
}
