// The kernels, in the common subset of CUDA C and C. clang compiles them to kernels.ptx, without
// CUDA's headers; the tests compile them for the CPU, where threads run one after the other
// (testdata/fake.c). Matrices are stored row by row; bf16 operands of products are padded to a
// multiple of 128 rows. Widths are multiples of 32.

typedef unsigned int u32;
typedef unsigned short u16;
typedef unsigned long long u64;
typedef u32 u32x2 __attribute__((vector_size(8)));
typedef u32 u32x4 __attribute__((vector_size(16)));
typedef float f32x2 __attribute__((vector_size(8)));
typedef float f32x4 __attribute__((vector_size(16)));

#ifdef EMULATED
#include "emulated.h"
#else
#include "gpu.h"
#endif

#define LOG2E 1.4426950408889634f

DEVICE float low(u32 pair) { return asFloat(pair << 16); } // of a pair in bf16
DEVICE float high(u32 pair) { return asFloat(pair & 0xffff0000u); }

DEVICE float larger(float a, float b) { return a > b ? a : b; }

DEVICE float warpSum(float v) {
	UNROLL
	for (int m = 16; m; m >>= 1)
		v += asFloat(shuffle(asBits(v), m));
	return v;
}

DEVICE float warpMax(float v) {
	UNROLL
	for (int m = 16; m; m >>= 1)
		v = larger(v, asFloat(shuffle(asBits(v), m)));
	return v;
}

DEVICE int warpMin(int v) {
	UNROLL
	for (int m = 16; m; m >>= 1) {
		int other = (int)shuffle((u32)v, m);
		v = other < v ? other : v;
	}
	return v;
}

// gelu approximates the error function to 1.2e-7 (erfcc of Numerical Recipes).
DEVICE float gelu(float x) {
	float z = x * 0.7071067811865475f, a = z < 0 ? -z : z, t = reciprocal_(1 + 0.5f * a);
	float p = -1.26551223f + t * (1.00002368f + t * (0.37409196f + t * (0.09678418f + t * (-0.18628806f +
		t * (0.27886807f + t * (-1.13520398f + t * (1.48851587f + t * (-0.82215223f + t * 0.17087277f))))))));
	float q = t * exp2_((p - a * a) * LOG2E); // 1 - erf(a)
	return x * 0.5f * (z < 0 ? q : 2 - q);
}

// add sets n numbers of out to x + y.
KERNEL(256) add(const float *x, const float *y, float *out, int n) {
	int i = BLOCK_X * 256 + THREAD;
	if (i < n)
		out[i] = x[i] + y[i];
}

// product sets c (m, n) to a (m, k) by b (k, n), in float32, in tiles of 64 x 64.
KERNEL(256) product(const float *a, const float *b, float *c, int m, int n, int k) {
	SHARED float as[16][68];
	SHARED float bs[16][64];
	int t = THREAD, tx = t % 16, ty = t / 16, m0 = BLOCK_Y * 64, n0 = BLOCK_X * 64;
	float sum[4][4];
	UNROLL
	for (int i = 0; i < 16; i++)
		sum[i / 4][i % 4] = 0;
	for (int at = 0; at < k; at += 16) {
		UNROLL
		for (int i = 0; i < 4; i++) {
			int r = m0 + t / 4, p = at + t % 4 * 4 + i;
			as[t % 4 * 4 + i][t / 4] = r < m && p < k ? a[(u64)r * k + p] : 0;
			int q = at + t / 16, col = n0 + t % 16 * 4 + i;
			bs[t / 16][t % 16 * 4 + i] = q < k && col < n ? b[(u64)q * n + col] : 0;
		}
		barrier();
		UNROLL
		for (int p = 0; p < 16; p++) {
			f32x4 x = *(const f32x4 *)&as[p][ty * 4], y = *(const f32x4 *)&bs[p][tx * 4];
			UNROLL
			for (int i = 0; i < 16; i++)
				sum[i / 4][i % 4] += x[i / 4] * y[i % 4];
		}
		barrier();
	}
	UNROLL
	for (int i = 0; i < 16; i++) {
		int r = m0 + ty * 4 + i / 4, col = n0 + tx * 4 + i % 4;
		if (r < m && col < n)
			c[(u64)r * n + col] = sum[i / 4][i % 4];
	}
}

// A batch is the lists of a model.Batch: its counts, then where each list begins, in ints from
// the batch on. batch.go writes it. Grids may have more rows and texts than a batch.
typedef struct { int rows, texts, wide, k, index, place, seen, tables, text, last, allowed; } batch;

// listAt returns a list of b.
DEVICE const int *listAt(const batch *b, int at) { return (const int *)b + at; }

// embed sets each row of x (rows, c) to the sum of the rows of table (…, c) that index (rows, j)
// lists; negative numbers are skipped. One warp per row.
KERNEL(128) embed(const float *table, const batch *b, float *x, int j, int c) {
	int row = BLOCK_X * 4 + THREAD / 32;
	if (row >= b->rows)
		return;
	const int *index = listAt(b, b->index);
	for (int i = THREAD % 32 * 4; i < c; i += 128) {
		f32x4 sum = {0, 0, 0, 0};
		for (int k = 0; k < j; k++) {
			int at = index[(u64)row * j + k];
			if (at >= 0)
				sum += *(const f32x4 *)&table[(u64)at * c + i];
		}
		*(f32x4 *)&x[(u64)row * c + i] = sum;
	}
}

// norm sets the rows of y (…, c), bf16, to the rows of x in order, or to the last ones of texts,
// shifted and scaled to mean 0 and variance 1, times gain plus bias. One warp per row.
KERNEL(128) norm(const float *x, const batch *b, const float *gain, const float *bias, u32 *y, int last, int c) {
	int row = BLOCK_X * 4 + THREAD / 32, lane = THREAD % 32;
	if (row >= (last ? b->texts : b->rows))
		return;
	const float *from = x + (u64)(last ? listAt(b, b->last)[row] : row) * c;
	float mean = 0, variance = 0, each = reciprocal_(c);
	for (int i = 2 * lane; i < c; i += 64) {
		f32x2 v = *(const f32x2 *)&from[i];
		mean += v[0] + v[1];
	}
	mean = warpSum(mean) * each;
	for (int i = 2 * lane; i < c; i += 64) {
		f32x2 v = *(const f32x2 *)&from[i] - mean;
		variance += v[0] * v[0] + v[1] * v[1];
	}
	float scale = rsqrt_(warpSum(variance) * each + 1e-5f);
	for (int i = 2 * lane; i < c; i += 64) {
		f32x2 v = (*(const f32x2 *)&from[i] - mean) * scale * *(const f32x2 *)&gain[i] + *(const f32x2 *)&bias[i];
		y[((u64)row * c + i) / 2] = pack(v[0], v[1]);
	}
}

#include "tiles.h"

#define LINEAR linear64
#define COLUMNS 64
#define CHUNKS 4
#define STAGES 4
#define BLOCKS 4
#define AHEAD 0
#include "linear.h"

#define LINEAR linear128
#define COLUMNS 128
#define CHUNKS 8
#define STAGES 3
#define BLOCKS 2
#define AHEAD 1
#include "linear.h"

#include "pages.h"

#define SIZE 16
#define WRITE write16
#define READ read16
#include "heads.h"
#undef SIZE
#undef WRITE
#undef READ

#define SIZE 32
#define WRITE write32
#define READ read32
#include "heads.h"
#undef SIZE
#undef WRITE
#undef READ

#define SIZE 64
#define WRITE write64
#define READ read64
#include "heads.h"
#undef SIZE
#undef WRITE
#undef READ

// best writes to results: ids and scores (texts, k), the k largest logits (n) of each text among
// those whose bits are set in allowed (texts, words): the largest first, of equal ones the first,
// then -1; and totals (texts), the log of the sum of exp(logit) over all whose bits are set. n is
// at most 1024. One warp per text.
KERNEL(128) best(const float *logits, const batch *b, int *results, int n, int words) {
	SHARED float all[4][1024];
	int row = BLOCK_X * 4 + THREAD / 32, lane = THREAD % 32;
	float *left = all[THREAD / 32], most = -INFINITY_F; // the lane's largest logit, and its number
	int at = 1 << 30, texts = b->texts, k = b->k;
	if (row >= texts)
		return;
	const u32 *mask = (const u32 *)listAt(b, b->allowed);
	int *ids = results;
	float *scores = (float *)results + (u64)texts * k, *totals = scores + (u64)texts * k;
	for (int i = lane; i < n; i += 32) {
		float v = mask[(u64)row * words + i / 32] >> lane & 1 ? logits[(u64)row * n + i] : -INFINITY_F;
		left[i] = v;
		if (v > most) {
			most = v;
			at = i;
		}
	}
	float first = warpMax(most), sum = 0;
	for (int i = lane; i < n; i += 32)
		sum += left[i] > -INFINITY_F ? exp2_((left[i] - first) * LOG2E) : 0;
	sum = warpSum(sum);
	if (lane == 0)
		totals[row] = first > -INFINITY_F ? first + log2_(sum) * 0.6931471805599453f : -INFINITY_F;
	for (int round = 0; round < k; round++) {
		float top = warpMax(most);
		int place = warpMin(most == top ? at : 1 << 30), found = top > -INFINITY_F;
		if (lane == 0) {
			ids[(u64)row * k + round] = found ? place : -1;
			scores[(u64)row * k + round] = top;
		}
		if (found && place % 32 == lane) { // this lane had it
			left[place] = most = -INFINITY_F;
			for (int i = lane; i < n; i += 32)
				if (left[i] > most) {
					most = left[i];
					at = i;
				}
		}
	}
}
