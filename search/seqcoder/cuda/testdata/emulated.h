// What kernels.cu takes of a GPU, on the CPU: the threads of a block are contexts that run
// one after the other, each until it waits for the others of its warp or block.
#include <math.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#define KERNEL(threads) static void
#define DEVICE static inline
#define SHARED static __attribute__((aligned(16)))
#define INFINITY_F INFINITY

enum { MAX_THREADS = 256, STACK = 64 << 10 };

static struct {
	ucontext_t thread[MAX_THREADS]; // to begin; then, without system calls:
	jmp_buf back, there[MAX_THREADS];
	char *stacks;
	int begun[MAX_THREADS];
	int done[MAX_THREADS], warps[MAX_THREADS], blocks[MAX_THREADS]; // how often each waited
	int now, threads, x, y;
	float values[MAX_THREADS];
	u32 a[MAX_THREADS][4], b[MAX_THREADS][2];
	const char *rows[MAX_THREADS];
	void (*kernel)(void **);
	void **params;
} em;

#define THREAD (em.now)
#define BLOCK_X (em.x)
#define BLOCK_Y (em.y)

static void yield(void) {
	if (!_setjmp(em.there[em.now]))
		_longjmp(em.back, 1);
}

// resume runs thread i until it waits.
static void resume(int i) {
	em.now = i;
	if (_setjmp(em.back))
		return;
	if (em.begun[i])
		_longjmp(em.there[i], 1);
	em.begun[i] = 1;
	setcontext(&em.thread[i]);
}

static void waitFor(int *count, int from, int to) {
	int mine = ++count[em.now];
	for (;;) {
		int all = 1;
		for (int i = from; i < to; i++)
			if (!em.done[i] && count[i] < mine)
				all = 0;
		if (all)
			return;
		yield();
	}
}

static void barrier(void) { waitFor(em.blocks, 0, em.threads); }
static void warpBarrier(void) {
	int from = em.now / 32 * 32;
	waitFor(em.warps, from, from + 32 < em.threads ? from + 32 : em.threads);
}

static float exp2_(float x) { return exp2f(x); }
static float log2_(float x) { return log2f(x); }
static float rsqrt_(float x) { return 1 / sqrtf(x); }

static float shuffle(float v, int mask) {
	em.values[em.now] = v;
	warpBarrier();
	float r = em.values[em.now ^ mask];
	warpBarrier();
	return r;
}

static u32 half_(float x) { // to bf16, to the nearest and even
	u32 u;
	memcpy(&u, &x, 4);
	if (x != x)
		return 0x7fff;
	return (u + 0x7fff + (u >> 16 & 1)) >> 16;
}
static float whole(u32 h) {
	u32 u = h << 16;
	float x;
	memcpy(&x, &u, 4);
	return x;
}
static u32 pack(float lo, float hi) { return half_(lo) | half_(hi) << 16; }

typedef const char *sharedAt;
static sharedAt inShared(const void *p) { return p; }
static void copyAsync(sharedAt to, const void *from) { memcpy((char *)to, from, 16); }
static void copyCommit(void) {}
static void copyWait1(void) {}
static void copyWait0(void) {}

static void loadTiles(u32 *r, sharedAt p) {
	em.rows[em.now] = p;
	warpBarrier();
	int warp = em.now / 32 * 32, lane = em.now % 32;
	for (int i = 0; i < 4; i++)
		memcpy(&r[i], em.rows[warp + 8 * i + lane / 4] + lane % 4 * 4, 4);
	warpBarrier();
}

static float at16(u32 pair, int high) { return whole(high ? pair >> 16 : pair & 0xffff); }

static void multiply(float *c, const u32 *a, const u32 *b) {
	memcpy(em.a[em.now], a, 16);
	memcpy(em.b[em.now], b, 8);
	warpBarrier();
	int warp = em.now / 32 * 32, lane = em.now % 32;
	for (int e = 0; e < 4; e++) {
		int row = lane / 4 + e / 2 * 8, col = lane % 4 * 2 + e % 2;
		for (int k = 0; k < 16; k++) {
			u32 x = em.a[warp + row % 8 * 4 + k % 8 / 2][row / 8 + k / 8 * 2];
			u32 y = em.b[warp + col * 4 + k % 8 / 2][k / 8];
			c[e] += at16(x, k % 2) * at16(y, k % 2);
		}
	}
	warpBarrier();
}

static void enter(void) {
	em.kernel(em.params);
	em.done[em.now] = 1;
	for (;;)
		yield();
}

static void runBlocks(void (*kernel)(void **), void **params, int gx, int gy, int threads) {
	if (!em.stacks)
		em.stacks = malloc((size_t)MAX_THREADS * STACK);
	em.kernel = kernel, em.params = params, em.threads = threads;
	for (em.y = 0; em.y < gy; em.y++)
		for (em.x = 0; em.x < gx; em.x++) {
			for (int i = 0; i < threads; i++) {
				em.done[i] = em.warps[i] = em.blocks[i] = em.begun[i] = 0;
				getcontext(&em.thread[i]);
				em.thread[i].uc_stack.ss_sp = em.stacks + (size_t)i * STACK;
				em.thread[i].uc_stack.ss_size = STACK;
				em.thread[i].uc_link = 0;
				makecontext(&em.thread[i], enter, 0);
			}
			for (int left = threads; left > 0;) {
				left = 0;
				for (int i = 0; i < threads; i++)
					if (!em.done[i]) {
						resume(i);
						left += !em.done[i];
					}
			}
		}
}
