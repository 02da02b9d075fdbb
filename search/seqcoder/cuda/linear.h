// LINEAR computes the products of rows of a (m, k) and rows of w (n, k), both bf16, plus bias
// unless it is 0, in tiles of 128 x COLUMNS: four warps of 64 x COLUMNS / 2. k must be a multiple
// of 32; n must be a multiple of 32 if bf16 is stored, and even for ADD. Rows of a and w up to
// the next multiple of 128 are read.
//
// This file is included for each COLUMNS. STAGES parts of the operands, of CHUNKS x 8 columns
// each, are in shared memory at a time, and BLOCKS blocks fit a multiprocessor. With AHEAD, tiles
// of operands are loaded while the ones before are multiplied, across barriers too, which takes
// twice the registers for them; then shared memory is what the launch requests.
KERNEL_MANY(128, BLOCKS) LINEAR(const u16 *a, const u16 *w, const float *bias, void *out, int m, int n, int k, int mode) {
	enum { WIDE = COLUMNS / 2, TILES = WIDE / 8, STEPS = CHUNKS / 2 };
	enum { A_STAGE = 128 * CHUNKS * 16, W_STAGE = COLUMNS * CHUNKS * 16 };          // bytes
	enum { EACH = 128 / CHUNKS, A_COPIES = 128 / EACH, W_COPIES = COLUMNS / EACH }; // rows at a time
#if AHEAD
	sharedAt sa = inShared(dynamic), sw = sa + STAGES * A_STAGE;
#else
	SHARED u16 as[STAGES][128 * CHUNKS * 8];
	SHARED u16 ws[STAGES][COLUMNS * CHUNKS * 8];
	sharedAt sa = inShared(as), sw = inShared(ws);
#endif
	int t = THREAD, lane = t % 32, m0 = BLOCK_Y * 128, n0 = BLOCK_X * COLUMNS;
	int rows = t / 32 % 2 * 64, cols = t / 64 * WIDE, parts = (k + CHUNKS * 8 - 1) / (CHUNKS * 8);
	// This thread copies chunk t % CHUNKS of rows t / CHUNKS, t / CHUNKS + EACH, …
	const u16 *fromA = a + (u64)(m0 + t / CHUNKS) * k + t % CHUNKS * 8, *fromW = w + (u64)(n0 + t / CHUNKS) * k + t % CHUNKS * 8;
	sharedAt toA = sa + swizzled(t / CHUNKS, t % CHUNKS, CHUNKS), toW = sw + swizzled(t / CHUNKS, t % CHUNKS, CHUNKS);
// COPY_A and COPY_W begin copies from to to - 1 of a part, zeros beyond k.
#define COPY(at, source, from, to, part) copyRows(at, source + (part) * CHUNKS * 8 + (AHEAD ? (u64)(from) * EACH * k : 0), k, CHUNKS, from, to, CHUNKS == 4 || (part) * CHUNKS * 8 + t % CHUNKS * 8 < k, AHEAD)
#define COPY_A(from, to, part, stage) COPY(toA + (stage) * A_STAGE, fromA, from, to, part)
#define COPY_W(from, to, part, stage) COPY(toW + (stage) * W_STAGE, fromW, from, to, part)
	UNROLL
	for (int part = 0; part < STAGES - 1; part++) {
		if (part < parts) {
			COPY_A(0, A_COPIES, part, part);
			COPY_W(0, W_COPIES, part, part);
		}
		copyCommit();
	}
	// The lane has numbers of tile j (16 x 8) in rows rowC and rowC + 8, columns colC + 8 j and the
	// next one.
	int rowC = m0 + rows + lane / 4, colC = n0 + cols + lane % 4 * 2;
	float sum[4 * TILES][4]; // starts with what is added
	UNROLL
	for (int i = 0; i < 4 * TILES * 4; i++)
		sum[i / 4][i % 4] = 0;
	if (mode == ADD) {
		UNROLL
		for (int i = 0; i < 8 * TILES; i++) {
			int r = rowC + i / TILES * 8, c = colC + i % TILES * 8;
			f32x2 v = *(const f32x2 *)((const float *)out + (r < m && c < n ? (u64)r * n + c : 0));
			sum[i / TILES / 2 * TILES + i % TILES][i / TILES % 2 * 2] = v[0];
			sum[i / TILES / 2 * TILES + i % TILES][i / TILES % 2 * 2 + 1] = v[1];
		}
	}
	if (bias) {
		UNROLL
		for (int j = 0; j < 2 * TILES; j++) {
			int c = colC + j / 2 * 8 + j % 2;
			float b = bias[c < n ? c : 0];
			UNROLL
			for (int i = 0; i < 8; i++)
				sum[i / 2 * TILES + j / 2][i % 2 * 2 + j % 2] += b;
		}
	}
	u32 x[2][4][4], y[2][TILES / 2][4];
	// The lane's row and first chunk of tiles.
	sharedAt atA = sa + swizzled(rows + lane % 16, lane / 16, CHUNKS), atW = sw + swizzled(cols + lane % 8 + lane / 16 * 8, lane / 8 % 2, CHUNKS);
	if (AHEAD) {
		copyWait(STAGES - 2);
		barrier();
		loadRows(x[0], 4, atA, CHUNKS);
		loadRows(y[0], TILES / 2, atW, CHUNKS);
	}
	for (int part = 0, stage = 0, before = STAGES - 1; part < parts; part++) {
		int after = stage + 1 < STAGES ? stage + 1 : 0, more = part + STAGES - 1 < parts;
		if (!AHEAD) {
			copyWait(STAGES - 2); // this part is in shared memory,
			barrier();            // for all threads, and none uses the one before any more
		}
		if (more) {
			COPY_A(0, A_COPIES, part + STAGES - 1, before);
			COPY_W(0, AHEAD ? W_COPIES / 2 : W_COPIES, part + STAGES - 1, before);
		}
		UNROLL
		for (int p = 0; p < STEPS; p++) {
			if (p == 1 && AHEAD && more)
				COPY_W(W_COPIES / 2, W_COPIES, part + STAGES - 1, before);
			if (p == AHEAD)
				copyCommit();
			if (!AHEAD) {
				loadRows(x[0], 4, step(atA + stage * A_STAGE, p), CHUNKS);
				loadRows(y[0], TILES / 2, step(atW + stage * W_STAGE, p), CHUNKS);
			} else if (p + 1 < STEPS) {
				loadRows(x[(p + 1) % 2], 4, step(atA + stage * A_STAGE, p + 1), CHUNKS);
				loadRows(y[(p + 1) % 2], TILES / 2, step(atW + stage * W_STAGE, p + 1), CHUNKS);
			} else {
				copyWait(STAGES - 2); // the next part is in shared memory,
				barrier();            // for all threads, and none uses this one any more
				loadRows(x[0], 4, atA + after * A_STAGE, CHUNKS);
				loadRows(y[0], TILES / 2, atW + after * W_STAGE, CHUNKS);
			}
			multiplyRows(sum, x[AHEAD ? p % 2 : 0], y[AHEAD ? p % 2 : 0], TILES, AHEAD);
		}
		before = stage;
		stage = after;
	}
	forget(t); // so that nothing computed from it stays in a register until here
	t &= 1023, lane = t % 32, rows = t / 32 % 2 * 64, cols = t / 64 * WIDE;
	rowC = m0 + rows + lane / 4, colC = n0 + cols + lane % 4 * 2;
	if (mode == STORE_GELU_BF16) {
		UNROLL
		for (int i = 0; i < 4 * TILES * 4; i++)
			sum[i / 4][i % 4] = gelu(sum[i / 4][i % 4]);
	}
	UNROLL
	for (int i = 0; i < 8; i++) { // half the rows of a tile
		int r = rowC + i * 8, half = i % 2 * 2;
		float (*row)[4] = sum + i / 2 * TILES;
		if (mode == STORE_BF16 || mode == STORE_GELU_BF16) {
			UNROLL
			for (int j = 0; j < TILES; j += 2) {
				u32 v[2] = {pack(row[j][half], row[j][half + 1]), pack(row[j + 1][half], row[j + 1][half + 1])};
				// Of two tiles the even lane stores one and the odd lane the other: four numbers.
				int odd = lane & 1, c = n0 + cols + (j + odd) * 8 + (lane & 2) * 2;
				u32 other = shuffle(odd ? v[0] : v[1], 1);
				u32x2 four = {odd ? other : v[0], odd ? v[1] : other};
				if (r < m && c < n)
					*(u32x2 *)((u16 *)out + (u64)r * n + c) = four;
			}
			continue;
		}
		UNROLL
		for (int j = 0; j < TILES; j++) {
			int c = colC + j * 8;
			float *o = (float *)out + (u64)r * n + c;
			if (r >= m || c >= n)
				continue;
			if (n % 2 == 0)
				*(f32x2 *)o = (f32x2){row[j][half], row[j][half + 1]};
			else {
				o[0] = row[j][half];
				if (c + 1 < n)
					o[1] = row[j][half + 1];
			}
		}
	}
}
#undef COPY
#undef COPY_A
#undef COPY_W
#undef LINEAR
#undef COLUMNS
#undef CHUNKS
#undef STAGES
#undef BLOCKS
#undef AHEAD
