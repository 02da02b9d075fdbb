// The kernels, in what CUDA C and C have in common: clang makes kernels.ptx of them, without
// CUDA's headers, and the tests a program that runs them on the CPU (testdata/fake.c), a
// thread after the other. Matrices are row by row; rows of what is multiplied in bf16 are
// padded to 128 (activations) and 64 (weights).

typedef unsigned int u32;
typedef unsigned short u16;
typedef unsigned long long u64;

#ifdef EMULATED
#include "emulated.h"
#else
#define KERNEL(threads) extern "C" __attribute__((global)) __attribute__((launch_bounds(threads))) void
#define DEVICE __attribute__((device)) static inline __attribute__((always_inline))
#define SHARED static __attribute__((shared)) __attribute__((aligned(16)))
#define THREAD __nvvm_read_ptx_sreg_tid_x()
#define BLOCK_X __nvvm_read_ptx_sreg_ctaid_x()
#define BLOCK_Y __nvvm_read_ptx_sreg_ctaid_y()
#define barrier() __syncthreads()
#define INFINITY_F __builtin_inff()

DEVICE float exp2_(float x) { float y; asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x)); return y; }
DEVICE float log2_(float x) { float y; asm("lg2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x)); return y; }
DEVICE float rsqrt_(float x) { float y; asm("rsqrt.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x)); return y; }

// shuffle is v of the lane whose number differs by the bits of mask.
DEVICE float shuffle(float v, int mask) {
	float r;
	asm volatile("shfl.sync.bfly.b32 %0, %1, %2, 0x1f, 0xffffffff;" : "=f"(r) : "f"(v), "r"(mask));
	return r;
}

// pack is two numbers as bf16, lo in the low half.
DEVICE u32 pack(float lo, float hi) {
	u32 r;
	asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(r) : "f"(hi), "f"(lo));
	return r;
}

typedef u32 sharedAt; // an address in shared memory

DEVICE sharedAt inShared(const void *p) {
	u32 r;
	asm("{ .reg .u64 t; cvta.to.shared.u64 t, %1; cvt.u32.u64 %0, t; }" : "=r"(r) : "l"(p));
	return r;
}

// multiply adds to the 16 x 8 tile c of a warp the product of a (16 x 16) and b (16 x 8).
DEVICE void multiply(float *c, const u32 *a, const u32 *b) {
	asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
		: "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
		: "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

// loadTiles loads four 8 x 8 tiles whose rows lanes 0-7, 8-15, 16-23, 24-31 give.
DEVICE void loadTiles(u32 *r, sharedAt p) {
	asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
		: "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3]) : "r"(p) : "memory");
}

DEVICE void copyAsync(sharedAt to, const void *from) { // 16 bytes
	asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(to), "l"(from) : "memory");
}
DEVICE void copyCommit(void) { asm volatile("cp.async.commit_group;" ::: "memory"); }
DEVICE void copyWait1(void) { asm volatile("cp.async.wait_group 1;" ::: "memory"); }
DEVICE void copyWait0(void) { asm volatile("cp.async.wait_group 0;" ::: "memory"); }
#endif

DEVICE float exp_(float x) { return exp2_(x * 1.4426950408889634f); }

DEVICE float warpSum(float v) {
	for (int m = 16; m; m >>= 1)
		v += shuffle(v, m);
	return v;
}

DEVICE float larger(float a, float b) { return a > b ? a : b; }

DEVICE float warpMax(float v) {
	for (int m = 16; m; m >>= 1)
		v = larger(v, shuffle(v, m));
	return v;
}

// gelu by an approximation of the error function to 1.2e-7 (W. J. Cody's form in Numerical
// Recipes, erfcc).
DEVICE float gelu(float x) {
	float z = x * 0.7071067811865475f, a = z < 0 ? -z : z, t = 1 / (1 + 0.5f * a);
	float p = -1.26551223f + t * (1.00002368f + t * (0.37409196f + t * (0.09678418f + t * (-0.18628806f +
		t * (0.27886807f + t * (-1.13520398f + t * (1.48851587f + t * (-0.82215223f + t * 0.17087277f))))))));
	float q = t * exp_(-a * a + p); // 1 - erf(a)
	return x * 0.5f * (z < 0 ? q : 2 - q);
}

// add sets out to x + y, n numbers.
KERNEL(256) add(const float *x, const float *y, float *out, int n) {
	int i = BLOCK_X * 256 + THREAD;
	if (i < n)
		out[i] = x[i] + y[i];
}

// product sets c (m, n) to a (m, k) by b (k, n), in float32: tiles of 64 x 64.
KERNEL(256) product(const float *a, const float *b, float *c, int m, int n, int k) {
	SHARED float as[16][68];
	SHARED float bs[16][64];
	int t = THREAD, tx = t % 16, ty = t / 16, m0 = BLOCK_Y * 64, n0 = BLOCK_X * 64;
	float sum[4][4];
	for (int i = 0; i < 4; i++)
		for (int j = 0; j < 4; j++)
			sum[i][j] = 0;
	for (int at = 0; at < k; at += 16) {
		for (int i = 0; i < 4; i++) {
			int r = m0 + t / 4, p = at + t % 4 * 4 + i;
			as[t % 4 * 4 + i][t / 4] = r < m && p < k ? a[(u64)r * k + p] : 0;
			int q = at + t / 16, col = n0 + t % 16 * 4 + i;
			bs[t / 16][t % 16 * 4 + i] = q < k && col < n ? b[(u64)q * n + col] : 0;
		}
		barrier();
		for (int p = 0; p < 16; p++)
			for (int i = 0; i < 4; i++)
				for (int j = 0; j < 4; j++)
					sum[i][j] += as[p][ty * 4 + i] * bs[p][tx * 4 + j];
		barrier();
	}
	for (int i = 0; i < 4; i++)
		for (int j = 0; j < 4; j++) {
			int r = m0 + ty * 4 + i, col = n0 + tx * 4 + j;
			if (r < m && col < n)
				c[(u64)r * n + col] = sum[i][j];
		}
}

// toBF16 sets out to x, n numbers, an even number of them.
KERNEL(256) toBF16(const float *x, u32 *out, int n) {
	int i = BLOCK_X * 256 + THREAD;
	if (2 * i < n)
		out[i] = pack(x[2 * i], x[2 * i + 1]);
}

// embed sets x (rows, c) to the sums of rows of a table (…, c): of the j numbers in each row
// of index; a negative one is none.
KERNEL(128) embed(const float *table, const int *index, float *x, int j, int c) {
	int row = BLOCK_X;
	for (int i = THREAD; i < c; i += 128) {
		float sum = 0;
		for (int k = 0; k < j; k++) {
			int at = index[(u64)row * j + k];
			if (at >= 0)
				sum += table[(u64)at * c + i];
		}
		x[(u64)row * c + i] = sum;
	}
}

// norm sets rows of y (…, c), bf16, to those of x that pick names, or all in their order
// where it is 0, with mean 0 and variance 1, by gain, and bias; a warp each. c is even.
KERNEL(128) norm(const float *x, const int *pick, const float *gain, const float *bias, u32 *y, int rows, int c) {
	int row = BLOCK_X * 4 + THREAD / 32, lane = THREAD % 32;
	if (row >= rows)
		return;
	const float *from = x + (u64)(pick ? pick[row] : row) * c;
	float mean = 0, variance = 0;
	for (int i = lane; i < c; i += 32)
		mean += from[i];
	mean = warpSum(mean) / c;
	for (int i = lane; i < c; i += 32)
		variance += (from[i] - mean) * (from[i] - mean);
	float scale = rsqrt_(warpSum(variance) / c + 1e-5f);
	for (int i = 2 * lane; i < c; i += 64)
		y[((u64)row * c + i) / 2] = pack((from[i] - mean) * scale * gain[i] + bias[i], (from[i + 1] - mean) * scale * gain[i + 1] + bias[i + 1]);
}

// What linear does with a product and its bias.
enum { STORE, STORE_GELU_BF16, ADD };

// linear computes a (m, k) by the rows of w (n, k), bf16 both, and bias (0: none), in tiles
// of 128 x 64, four warps of 64 x 32; k is a multiple of 32. Rows up to the next 128 of a
// and 64 of w are read.
KERNEL(128) linear(const u16 *a, const u16 *w, const float *bias, void *out, int m, int n, int k, int mode) {
	enum { STRIDE = 40 }; // of 32 numbers in shared memory, so that rows fall into different banks
	SHARED u16 as[2][128 * STRIDE];
	SHARED u16 ws[2][64 * STRIDE];
	int t = THREAD, warp = t / 32, lane = t % 32, m0 = BLOCK_Y * 128, n0 = BLOCK_X * 64;
	int rows = (warp & 1) * 64, cols = (warp >> 1) * 32;
	float sum[4][4][4];
	for (int i = 0; i < 4; i++)
		for (int j = 0; j < 4; j++)
			for (int e = 0; e < 4; e++)
				sum[i][j][e] = 0;
	sharedAt sa = inShared(as), sw = inShared(ws);
	for (int at = -32; at < k; at += 32) {
		if (at + 32 < k) { // the next 32 columns, while these are multiplied
			int next = (at + 32) / 32 & 1;
			for (int i = 0; i < 4; i++) {
				int q = t + i * 128, r = q / 4, c = q % 4 * 8;
				copyAsync(sa + (next * 128 * STRIDE + r * STRIDE + c) * 2, a + (u64)(m0 + r) * k + at + 32 + c);
			}
			for (int i = 0; i < 2; i++) {
				int q = t + i * 128, r = q / 4, c = q % 4 * 8;
				copyAsync(sw + (next * 64 * STRIDE + r * STRIDE + c) * 2, w + (u64)(n0 + r) * k + at + 32 + c);
			}
			copyCommit();
			if (at < 0)
				continue;
			copyWait1();
		} else {
			copyWait0();
		}
		barrier();
		int now = at / 32 & 1;
		for (int p = 0; p < 32; p += 16) {
			u32 x[4][4], y[4][2];
			for (int i = 0; i < 4; i++)
				loadTiles(x[i], sa + (now * 128 * STRIDE + (rows + i * 16 + lane % 16) * STRIDE + p + lane / 16 * 8) * 2);
			for (int j = 0; j < 2; j++) {
				u32 r[4];
				loadTiles(r, sw + (now * 64 * STRIDE + (cols + j * 16 + lane % 8 + lane / 16 * 8) * STRIDE + p + lane / 8 % 2 * 8) * 2);
				y[2 * j][0] = r[0];
				y[2 * j][1] = r[1];
				y[2 * j + 1][0] = r[2];
				y[2 * j + 1][1] = r[3];
			}
			for (int i = 0; i < 4; i++)
				for (int j = 0; j < 4; j++)
					multiply(sum[i][j], x[i], y[j]);
		}
		barrier();
	}
	for (int i = 0; i < 4; i++)
		for (int j = 0; j < 4; j++)
			for (int half = 0; half < 2; half++) {
				int r = m0 + rows + i * 16 + lane / 4 + half * 8, c = n0 + cols + j * 8 + lane % 4 * 2;
				if (r >= m || c >= n)
					continue;
				float v0 = sum[i][j][2 * half] + (bias ? bias[c] : 0);
				float v1 = c + 1 < n ? sum[i][j][2 * half + 1] + (bias ? bias[c + 1] : 0) : 0;
				u64 place = (u64)r * n + c;
				if (mode == STORE_GELU_BF16) {
					((u32 *)out)[place / 2] = pack(gelu(v0), gelu(v1)); // n is even
				} else {
					float *o = (float *)out + place;
					o[0] = mode == ADD ? o[0] + v0 : v0;
					if (c + 1 < n)
						o[1] = mode == ADD ? o[1] + v1 : v1;
				}
			}
}

enum { PAGE = 16 }; // tokens

// remember stores the keys and values of qkv (rows, 3c) in pages (…, 2, PAGE, c): of row r at
// place at[r] of the pages, counted in tokens.
KERNEL(128) remember(const float *qkv, const int *at, float *pages, int c) {
	int row = BLOCK_X, page = at[row] / PAGE, token = at[row] % PAGE;
	const float *from = qkv + (u64)row * 3 * c + c;
	float *keys = pages + ((u64)page * 2 * PAGE + token) * c, *values = keys + (u64)PAGE * c;
	for (int i = THREAD; i < c; i += 128) {
		keys[i] = from[i];
		values[i] = from[c + i];
	}
}

enum { LONGEST = 1024 }; // tokens of a text

// attend sets y (rows, c), bf16, to what head BLOCK_Y of row BLOCK_X takes of the values of
// the tokens that it sees: seen[row], in the pages of its text that tables (texts, wide)
// name. Heads have an even number of numbers.
KERNEL(128) attend(const float *qkv, const int *text, const int *seen, const int *tables, const float *pages, u32 *y, int c, int heads, int wide, float scale) {
	SHARED float scores[LONGEST];
	SHARED float each[4];
	int row = BLOCK_X, size = c / heads, h = BLOCK_Y * size, n = seen[row], t = THREAD, warp = t / 32, lane = t % 32;
	const float *q = qkv + (u64)row * 3 * c + h;
	const int *table = tables + (u64)text[row] * wide;
	float most = -INFINITY_F;
	for (int j = warp; j < n; j += 4) {
		const float *key = pages + ((u64)table[j / PAGE] * 2 * PAGE + j % PAGE) * c + h;
		float sum = 0;
		for (int i = lane; i < size; i += 32)
			sum += q[i] * key[i];
		sum = warpSum(sum) * scale;
		if (lane == 0)
			scores[j] = sum;
		most = larger(most, sum);
	}
	if (lane == 0)
		each[warp] = most;
	barrier();
	most = larger(larger(each[0], each[1]), larger(each[2], each[3]));
	barrier();
	float sum = 0;
	for (int j = t; j < n; j += 128) {
		float e = exp_(scores[j] - most);
		scores[j] = e;
		sum += e;
	}
	sum = warpSum(sum);
	if (lane == 0)
		each[warp] = sum;
	barrier();
	sum = each[0] + each[1] + each[2] + each[3];
	for (int i = 2 * t; i < size; i += 256) {
		float v0 = 0, v1 = 0;
		for (int j = 0; j < n; j++) {
			const float *value = pages + (((u64)table[j / PAGE] * 2 + 1) * PAGE + j % PAGE) * c + h + i;
			v0 += scores[j] * value[0];
			v1 += scores[j] * value[1];
		}
		y[((u64)row * c + h + i) / 2] = pack(v0 / sum, v1 / sum);
	}
}

// best sets ids and scores (rows, k) to the k largest logits of each row (n) among those
// whose bits are set in mask (rows, words), the largest first and of equal ones the first,
// -1 where there are no more; and totals to the logarithms of the sums of their exponential
// functions. n is at most 1024.
KERNEL(128) best(const float *logits, const u32 *mask, int *ids, float *scores, float *totals, int n, int words, int k) {
	SHARED float left[1024];
	SHARED float each[4];
	SHARED int which[4];
	int row = BLOCK_X, t = THREAD, warp = t / 32, lane = t % 32;
	for (int i = t; i < n; i += 128)
		left[i] = mask[(u64)row * words + i / 32] >> i % 32 & 1 ? logits[(u64)row * n + i] : -INFINITY_F;
	barrier();
	float first = 0;
	for (int round = 0; round < k; round++) {
		float most = -INFINITY_F;
		int at = 1 << 30;
		for (int i = t; i < n; i += 128)
			if (left[i] > most) {
				most = left[i];
				at = i;
			}
		float top = warpMax(most);
		// The first place of those that have it, as a float: exact below 2^24.
		float place = -warpMax(most == top && at < n ? -(float)at : -1e9f);
		if (lane == 0) {
			each[warp] = top;
			which[warp] = (int)place;
		}
		barrier();
		int winner = 0;
		for (int w = 1; w < 4; w++)
			if (each[w] > each[winner] || (each[w] == each[winner] && which[w] < which[winner]))
				winner = w;
		top = each[winner];
		int found = top > -INFINITY_F;
		if (round == 0) { // before any is taken out
			first = top;
			barrier();
			float sum = 0;
			for (int i = t; i < n; i += 128)
				sum += exp_(left[i] - first);
			sum = warpSum(sum);
			int keep = which[winner];
			barrier();
			if (lane == 0)
				each[warp] = sum;
			barrier();
			if (t == 0)
				totals[row] = found ? first + log2_(each[0] + each[1] + each[2] + each[3]) * 0.6931471805599453f : -INFINITY_F;
			barrier();
			if (t == 0) {
				ids[(u64)row * k] = found ? keep : -1;
				scores[(u64)row * k] = top;
				if (found)
					left[keep] = -INFINITY_F;
			}
		} else if (t == 0) {
			ids[(u64)row * k + round] = found ? which[winner] : -1;
			scores[(u64)row * k + round] = top;
			if (found)
				left[which[winner]] = -INFINITY_F;
		}
		barrier();
	}
}
