// LINEAR computes a (m, k) by the rows of w (n, k), bf16 both, and bias (0: none), in tiles
// of 128 x COLUMNS, four warps of 64 x COLUMNS / 2; k is a multiple of 32, n one of 32 where
// bf16 is stored and even where sums are added to what is there. Rows up to the next 128 of a
// and w are read. It is included once for each COLUMNS: STAGES parts of the operands, of 32
// columns each, are in shared memory at a time, and BLOCKS blocks fit a multiprocessor; with
// AHEAD, which takes twice the registers for tiles of operands, these are loaded while those
// before are multiplied, across barriers too.
KERNEL_MANY(128, BLOCKS) LINEAR(const u16 *a, const u16 *w, const float *bias, void *out, int m, int n, int k, int mode) {
	enum { WIDE = COLUMNS / 2, TILES = WIDE / 8, A_STAGE = 128 * 64, W_STAGE = COLUMNS * 64 }; // bytes
	SHARED u16 as[STAGES][128 * 32];
	SHARED u16 ws[STAGES][COLUMNS * 32];
	int t = THREAD, lane = t % 32, m0 = BLOCK_Y * 128, n0 = BLOCK_X * COLUMNS;
	int rows = (t / 32 & 1) * 64, cols = t / 64 * WIDE, parts = k / 32;
	// What this thread copies: chunk t % 4 of rows t / 4, t / 4 + 32, …
	const u16 *fromA = a + (u64)(m0 + t / 4) * k + t % 4 * 8, *fromW = w + (u64)(n0 + t / 4) * k + t % 4 * 8;
	sharedAt sa = inShared(as), sw = inShared(ws), toA = sa + swizzled(t / 4, t % 4), toW = sw + swizzled(t / 4, t % 4);
	UNROLL
	for (int part = 0; part < STAGES - 1; part++) {
		if (part < parts) {
			copyRows(toA + part * A_STAGE, fromA + part * 32, k, 4);
			copyRows(toW + part * W_STAGE, fromW + part * 32, k, COLUMNS / 32);
		}
		copyCommit();
	}
	// The lane's part of tile j of 16 rows x 8 columns is in rows rowC and rowC + 8, and columns
	// colC + 8 j and the next.
	int rowC = m0 + rows + lane / 4, colC = n0 + cols + lane % 4 * 2;
	float sum[4 * TILES][4]; // begins with what is added
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
	u32 x[4][4], y[TILES / 2][4], x2[4][4], y2[TILES / 2][4];
	// The lane's row and first chunk of tiles.
	int rowA = rows + lane % 16, chunkA = lane / 16, rowW = cols + lane % 8 + lane / 16 * 8, chunkW = lane / 8 % 2;
	if (AHEAD) {
		copyWait(STAGES - 2);
		barrier();
		loadRows(x, 4, sa, rowA, chunkA);
		loadRows(y, TILES / 2, sw, rowW, chunkW);
	}
	for (int part = 0, stage = 0, before = STAGES - 1; part < parts; part++) {
		int after = stage + 1 < STAGES ? stage + 1 : 0;
		if (!AHEAD) {
			copyWait(STAGES - 2); // this part is there,
			barrier();            // for all threads, and the one before is done with
		}
		if (part + STAGES - 1 < parts) {
			copyRows(toA + before * A_STAGE, fromA + (part + STAGES - 1) * 32, k, 4);
			copyRows(toW + before * W_STAGE, fromW + (part + STAGES - 1) * 32, k, COLUMNS / 32);
		}
		copyCommit();
		if (AHEAD) {
			loadRows(x2, 4, sa + stage * A_STAGE, rowA, 2 + chunkA);
			loadRows(y2, TILES / 2, sw + stage * W_STAGE, rowW, 2 + chunkW);
			multiplyRows(sum, x, y, TILES);
			copyWait(STAGES - 2); // the next part is there,
			barrier();            // for all threads, and this one is done with
			loadRows(x, 4, sa + after * A_STAGE, rowA, chunkA);
			loadRows(y, TILES / 2, sw + after * W_STAGE, rowW, chunkW);
			multiplyRows(sum, x2, y2, TILES);
		} else {
			UNROLL
			for (int p = 0; p < 4; p += 2) {
				loadRows(x, 4, sa + stage * A_STAGE, rowA, p + chunkA);
				loadRows(y, TILES / 2, sw + stage * W_STAGE, rowW, p + chunkW);
				multiplyRows(sum, x, y, TILES);
			}
		}
		before = stage;
		stage = after;
	}
	forget(rowC); // so that no row that comes of it is in a register until here
	if (mode == STORE_GELU_BF16) {
		UNROLL
		for (int i = 0; i < 4 * TILES * 4; i++)
			sum[i / 4][i % 4] = gelu(sum[i / 4][i % 4]);
	}
	UNROLL
	for (int i = 0; i < 8; i++) { // half a tile's rows
		int r = rowC + i * 8, half = i % 2 * 2;
		float (*row)[4] = sum + i / 2 * TILES;
		if (mode == STORE_BF16 || mode == STORE_GELU_BF16) {
			UNROLL
			for (int j = 0; j < TILES; j += 2) {
				u32 v[2] = {pack(row[j][half], row[j][half + 1]), pack(row[j + 1][half], row[j + 1][half + 1])};
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
