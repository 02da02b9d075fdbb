// Attention for heads of SIZE numbers. This file is included for each size and defines the
// kernels WRITE and READ.

// WRITE sets y (rows, c), bf16, to the attention of head BLOCK_Y of each row to the first
// seen[row] tokens of its text, whose pages tables (texts, wide) lists. One warp per row, so that
// rows of the same text find its pages in the cache.
KERNEL(256) WRITE(const u16 *qkv, const batch *b, const u16 *pages, u16 *y, int c, float scale) {
	enum { PER = SIZE / 8, APART = 32 / PER }; // lanes per token, tokens at a time
	SHARED float all[8][LONGEST];
	int row = BLOCK_X * 8 + THREAD / 32, lane = THREAD % 32;
	if (row >= b->rows)
		return;
	float *scores = all[THREAD / 32];
	int h = BLOCK_Y * SIZE, n = listAt(b, b->seen)[row], part = lane % PER * 8, first = lane / PER;
	const int *table = listAt(b, b->tables) + (u64)listAt(b, b->text)[row] * b->wide;
	const u16 *here = pages + h + part;
	float q[8], v[8], most = -INFINITY_F, sum = 0;
	UNROLL
	for (int i = 0; i < 8; i++)
		q[i] = v[i] = 0;
	scaled(q, scale * LOG2E, *(const u32x4 *)(qkv + (u64)row * 3 * c + h + part));
	for (int at = 0; at < n; at += APART) {
		int j = at + first;
		float s = 0;
		if (j < n)
			s = dot(0, q, *(const u32x4 *)(here + ((u64)table[j / PAGE] * 2 * PAGE + j % PAGE) * c));
		UNROLL
		for (int m = 1; m < PER; m *= 2)
			s += asFloat(shuffle(asBits(s), m));
		if (j < n) {
			most = larger(most, s);
			if (part == 0)
				scores[j] = s;
		}
	}
	most = warpMax(most);
	warpBarrier();
	for (int j = lane; j < n; j += 32) {
		scores[j] = exp2_(scores[j] - most);
		sum += scores[j];
	}
	sum = reciprocal_(warpSum(sum));
	warpBarrier();
	for (int j = first; j < n; j += APART)
		scaled(v, scores[j], *(const u32x4 *)(here + (((u64)table[j / PAGE] * 2 + 1) * PAGE + j % PAGE) * c));
	UNROLL
	for (int i = 0; i < 8; i++)
		UNROLL
		for (int m = PER; m < 32; m *= 2)
			v[i] += asFloat(shuffle(asBits(v[i]), m));
	if (first == 0) {
		u32x4 out;
		UNROLL
		for (int i = 0; i < 4; i++)
			out[i] = pack(v[2 * i] * sum, v[2 * i + 1] * sum);
		*(u32x4 *)(y + (u64)row * c + h + part) = out;
	}
}

// READ does the same for a tile of 128 rows of text BLOCK_X / tiles. One thread per row; the block loads page after page to shared memory. As in
// FlashAttention (T. Dao et al.), sums are rescaled when a larger score comes.
KERNEL_MANY(128, 2) READ(const u16 *qkv, const batch *b, const u16 *pages, u16 *y, int tiles, int c, float scale) {
	SHARED float kv[2][PAGE][SIZE];
	int text = BLOCK_X / tiles, h = BLOCK_Y * SIZE, t = THREAD;
	if (text >= b->texts)
		return;
	const int *last = listAt(b, b->last), *seen = listAt(b, b->seen);
	int end = last[text] + 1;
	int start = (text ? last[text - 1] + 1 : 0) + BLOCK_X % tiles * 128, row = start + t;
	if (start >= end)
		return;
	int all = seen[start + 128 < end ? start + 127 : end - 1], n = row < end ? seen[row] : 0;
	const int *table = listAt(b, b->tables) + (u64)text * b->wide;
	float q[SIZE], v[SIZE], most = -INFINITY_F, sum = 0;
	UNROLL
	for (int i = 0; i < SIZE; i++)
		q[i] = v[i] = 0;
	if (n)
		UNROLL
		for (int i = 0; i < SIZE; i += 8)
			scaled(q + i, scale * LOG2E, *(const u32x4 *)(qkv + (u64)row * 3 * c + h + i));
	for (int at = 0; at < all; at += PAGE) {
		const u16 *page = pages + (u64)table[at / PAGE] * 2 * PAGE * c + h;
		barrier();
		UNROLL
		for (int i = t * 8; i < 2 * PAGE * SIZE; i += 1024) {
			int which = i / SIZE; /* key of the page, or value after PAGE keys */
			f32x4 lo = {0, 0, 0, 0}, hi = lo;
			if (at + which % PAGE < all) {
				u32x4 x = *(const u32x4 *)(page + (u64)which * c + i % SIZE);
				lo = (f32x4){low(x[0]), high(x[0]), low(x[1]), high(x[1])};
				hi = (f32x4){low(x[2]), high(x[2]), low(x[3]), high(x[3])};
			}
			((f32x4 *)kv)[i / 4] = lo;
			((f32x4 *)kv)[i / 4 + 1] = hi;
		}
		barrier();
		if (at >= n)
			continue;
		for (int half = 0; half < PAGE; half += PAGE / 2) {
			float s[PAGE / 2], top = most;
			UNROLL
			for (int j = 0; j < PAGE / 2; j++) {
				s[j] = 0;
				UNROLL
				for (int i = 0; i < SIZE; i += 4) {
					f32x4 k = *(const f32x4 *)&kv[0][half + j][i];
					s[j] += q[i] * k[0] + q[i + 1] * k[1] + q[i + 2] * k[2] + q[i + 3] * k[3];
				}
				s[j] = at + half + j < n ? s[j] : -INFINITY_F;
				top = larger(top, s[j]);
			}
			float less = exp2_(most - top);
			most = top;
			sum *= less;
			UNROLL
			for (int i = 0; i < SIZE; i++)
				v[i] *= less;
			UNROLL
			for (int j = 0; j < PAGE / 2; j++) {
				float e = exp2_(s[j] - most);
				sum += e;
				UNROLL
				for (int i = 0; i < SIZE; i += 4) {
					f32x4 k = *(const f32x4 *)&kv[1][half + j][i];
					v[i] += e * k[0];
					v[i + 1] += e * k[1];
					v[i + 2] += e * k[2];
					v[i + 3] += e * k[3];
				}
			}
		}
	}
	if (n) {
		sum = reciprocal_(sum);
		UNROLL
		for (int i = 0; i < SIZE; i += 8) {
			u32x4 out = {pack(v[i] * sum, v[i + 1] * sum), pack(v[i + 2] * sum, v[i + 3] * sum),
				pack(v[i + 4] * sum, v[i + 5] * sum), pack(v[i + 6] * sum, v[i + 7] * sum)};
			*(u32x4 *)(y + (u64)row * c + h + i) = out;
		}
	}
}
