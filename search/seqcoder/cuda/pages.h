// Pages of keys and values (…, 2, PAGE, c) in bf16.

enum { PAGE = 16 }; // tokens

// remember stores the keys and values of qkv (rows, 3c) in pages: those of row r at token
// place[r], counted over all pages. One warp per row.
KERNEL(128) remember(const u16 *qkv, const batch *b, u16 *pages, int c) {
	int row = BLOCK_X * 4 + THREAD / 32;
	if (row >= b->rows)
		return;
	const int *at = listAt(b, b->place);
	const u16 *from = qkv + (u64)row * 3 * c + c;
	u16 *to = pages + ((u64)(at[row] / PAGE) * 2 * PAGE + at[row] % PAGE) * c;
	for (int i = THREAD % 32 * 8; i < 2 * c; i += 256)
		*(u32x4 *)(to + (i < c ? i : i - c + PAGE * c)) = *(const u32x4 *)(from + i);
}

// copyPages copies page from[i] to page to[i], i = BLOCK_X, in layer BLOCK_Y; a layer has each
// pages.
KERNEL(128) copyPages(u16 *pages, const int *from, const int *to, int each, int c) {
	u64 size = 2 * PAGE * c, layer = (u64)BLOCK_Y * each;
	const u16 *p = pages + (layer + from[BLOCK_X]) * size;
	u16 *q = pages + (layer + to[BLOCK_X]) * size;
	for (int i = THREAD * 8; i < (int)size; i += 1024)
		*(u32x4 *)(q + i) = *(const u32x4 *)(p + i);
}

enum { LONGEST = 1024 }; // tokens of a text

// dot returns sum plus the dot product of eight numbers and eight in bf16. scaled adds eight
// numbers in bf16, times f, to x.
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
