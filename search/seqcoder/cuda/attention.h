// Attention, and the pages of keys and values (…, 2, PAGE, c) in bf16 that it looks at.

enum { PAGE = 16 }; // tokens

// remember stores the keys and values of qkv (rows, 3c) in pages: of row r at place at[r] of
// the pages, counted in tokens. A warp each.
KERNEL(128) remember(const u16 *qkv, const int *at, u16 *pages, int rows, int c) {
	int row = BLOCK_X * 4 + THREAD / 32;
	if (row >= rows)
		return;
	const u16 *from = qkv + (u64)row * 3 * c + c;
	u16 *to = pages + ((u64)(at[row] / PAGE) * 2 * PAGE + at[row] % PAGE) * c;
	for (int i = THREAD % 32 * 8; i < 2 * c; i += 256)
		*(u32x4 *)(to + (i < c ? i : i - c + PAGE * c)) = *(const u32x4 *)(from + i);
}

// copyPages copies pages from to pages to in layer BLOCK_Y, of so many pages each.
KERNEL(128) copyPages(u16 *pages, const int *from, const int *to, int each, int c) {
	u64 size = 2 * PAGE * c, layer = (u64)BLOCK_Y * each;
	const u16 *p = pages + (layer + from[BLOCK_X]) * size;
	u16 *q = pages + (layer + to[BLOCK_X]) * size;
	for (int i = THREAD * 8; i < (int)size; i += 1024)
		*(u32x4 *)(q + i) = *(const u32x4 *)(p + i);
}

enum { LONGEST = 1024 }; // tokens of a text

// dot adds to sum the product of eight numbers and as many in bf16; scaled adds these by f
// to eight numbers.
DEVICE float dot(float sum, const float *x, u32x4 y) {
	UNROLL
	for (int i = 0; i < 4; i++)
		sum += x[2 * i] * low(y[i]) + x[2 * i + 1] * high(y[i]);
	return sum;
}
DEVICE void scaled(float *x, float f, u32x4 y) {
	UNROLL
	for (int i = 0; i < 4; i++) {
		x[2 * i] += f * low(y[i]);
		x[2 * i + 1] += f * high(y[i]);
	}
}

// attend sets y (rows, c), bf16, to what head BLOCK_Y of each row takes of the values of the
// tokens that it sees: seen[row], in the pages of its text that tables (texts, wide) name. A
// warp each, so that rows of one text find its pages in the cache. Heads have a multiple of
// 8 numbers, at most 256.
KERNEL(256) attend(const u16 *qkv, const int *text, const int *seen, const int *tables, const u16 *pages, u16 *y, int rows, int c, int heads, int wide, float scale) {
	SHARED float all[8][LONGEST];
	int row = BLOCK_X * 8 + THREAD / 32, lane = THREAD % 32;
	if (row >= rows)
		return;
	float *scores = all[THREAD / 32];
	int size = c / heads, h = BLOCK_Y * size, n = seen[row], per = 1; // lanes for a token
	while (per * 8 < size)
		per *= 2;
	int part = lane % per * 8, first = lane / per, apart = 32 / per, mine = part < size;
	const int *table = tables + (u64)text[row] * wide;
	const u16 *here = pages + h + part;
	float q[8];
	UNROLL
	for (int i = 0; i < 8; i++)
		q[i] = 0;
	if (mine)
		scaled(q, scale * LOG2E, *(const u32x4 *)(qkv + (u64)row * 3 * c + h + part));
	float most = -INFINITY_F;
	for (int at = 0; at < n; at += apart) {
		int j = at + first;
		float sum = 0;
		if (j < n && mine)
			sum = dot(0, q, *(const u32x4 *)(here + ((u64)table[j / PAGE] * 2 * PAGE + j % PAGE) * c));
		for (int m = per / 2; m; m >>= 1)
			sum += asFloat(shuffle(asBits(sum), m));
		if (j < n) {
			most = larger(most, sum);
			if (part == 0)
				scores[j] = sum;
		}
	}
	most = warpMax(most);
	warpBarrier();
	float sum = 0;
	for (int j = lane; j < n; j += 32) {
		scores[j] = exp2_(scores[j] - most);
		sum += scores[j];
	}
	sum = reciprocal_(warpSum(sum));
	warpBarrier();
	float v[8];
	UNROLL
	for (int i = 0; i < 8; i++)
		v[i] = 0;
	if (mine)
		for (int j = first; j < n; j += apart)
			scaled(v, scores[j], *(const u32x4 *)(here + (((u64)table[j / PAGE] * 2 + 1) * PAGE + j % PAGE) * c));
	UNROLL
	for (int i = 0; i < 8; i++)
		for (int m = per; m < 32; m *= 2)
			v[i] += asFloat(shuffle(asBits(v[i]), m));
	if (first == 0 && mine) {
		u32x4 out;
		UNROLL
		for (int i = 0; i < 4; i++)
			out[i] = pack(v[2 * i] * sum, v[2 * i + 1] * sum);
		*(u32x4 *)(y + (u64)row * c + h + part) = out;
	}
}
