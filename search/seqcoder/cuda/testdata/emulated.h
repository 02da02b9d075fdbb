// Emulates the parts of a GPU that kernels.cu uses (gpu.h) on the CPU. The threads of a block
// are contexts that run one after the other, in an order that the tests choose, each until it
// waits for its warp or block. Shared memory is NaN at first, and so is the target of a copy
// until the thread waits for the copy.
#include <math.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#define KERNEL(threads) static void
#define KERNEL_MANY(threads, blocks) static void
#define DEVICE static inline
#define SHARED static __attribute__((aligned(128), section("emulated_shared")))
SHARED char dynamic[96 << 10];
#define UNROLL
#define INFINITY_F INFINITY
#define forget(x) (void)(x)
#define forgetPlace(x) (void)(x)

enum { MAX_THREADS = 256, STACK = 64 << 10, MAX_COPIES = 64 };

static struct {
	ucontext_t thread[MAX_THREADS]; // where it starts; then, without system calls:
	jmp_buf back, there[MAX_THREADS];
	char *stacks;
	int begun[MAX_THREADS];
	int done[MAX_THREADS], warps[MAX_THREADS], blocks[MAX_THREADS]; // how often each has waited
	int now, threads, x, y;
	u32 values[MAX_THREADS];
	u32 a[MAX_THREADS][4], b[MAX_THREADS][2];
	const char *rows[MAX_THREADS];
	struct {
		int copies, group;
		struct { char *to; const char *from; int group; } copy[MAX_COPIES];
	} async[MAX_THREADS];
	void (*kernel)(void **);
	void **params;
	int schedule; // 0: the first thread first; 1: the last one first; else at random
	u32 random;
	long conflicts; // of banks, in loadTiles
} em;

extern char __start_emulated_shared[], __stop_emulated_shared[];

#define THREAD (em.now)
#define BLOCK_X (em.x)
#define BLOCK_Y (em.y)

static void yield(void) {
	if (!_setjmp(em.there[em.now]))
		_longjmp(em.back, 1);
}

// resume runs thread i until it waits or ends.
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
static float reciprocal_(float x) { return 1 / x; }

static float asFloat(u32 u) {
	float x;
	memcpy(&x, &u, 4);
	return x;
}
static u32 asBits(float x) {
	u32 u;
	memcpy(&u, &x, 4);
	return u;
}

static u32 shuffle(u32 v, int mask) {
	em.values[em.now] = v;
	warpBarrier();
	u32 r = em.values[em.now ^ mask];
	warpBarrier();
	return r;
}

static u32 half_(float x) { // in bf16, to the nearest, ties to even
	u32 u = asBits(x);
	if (x != x)
		return 0x7fff;
	return (u + 0x7fff + (u >> 16 & 1)) >> 16;
}
static u32 pack(float lo, float hi) { return half_(lo) | half_(hi) << 16; }

typedef const char *sharedAt;
static sharedAt inShared(const void *p) { return p; }

static const char zeros[16];
static sharedAt flipped(sharedAt p, int bits) { return (sharedAt)((uintptr_t)p ^ bits); }

static void copyAsync(sharedAt to, const void *from, int bytes) {
	int k = em.async[em.now].copies++;
	if (k == MAX_COPIES)
		abort();
	em.async[em.now].copy[k].to = (char *)to;
	em.async[em.now].copy[k].from = bytes ? from : zeros;
	em.async[em.now].copy[k].group = em.async[em.now].group;
	memset((char *)to, 0xff, 16);
}
static void copyCommit(void) { em.async[em.now].group++; }
static void copyWait(int n) {
	int left = 0;
	for (int i = 0; i < em.async[em.now].copies; i++) {
		if (em.async[em.now].copy[i].group < em.async[em.now].group - n)
			memcpy(em.async[em.now].copy[i].to, em.async[em.now].copy[i].from, 16);
		else
			em.async[em.now].copy[left++] = em.async[em.now].copy[i];
	}
	em.async[em.now].copies = left;
}

static void loadTiles(u32 *r, sharedAt p) {
	em.rows[em.now] = p;
	warpBarrier();
	int warp = em.now / 32 * 32, lane = em.now % 32;
	for (int i = 0; i < 4; i++)
		memcpy(&r[i], em.rows[warp + 8 * i + lane / 4] + lane % 4 * 4, 4);
	if (lane % 8 == 0) { // 8 rows of 16 bytes are loaded at a time, from banks of 128 bytes
		int each[8] = {0};
		for (int i = 0; i < 8; i++)
			if (each[(uintptr_t)em.rows[warp + lane + i] / 16 % 8]++)
				em.conflicts++;
	}
	warpBarrier();
}

static float at16(u32 pair, int high) { return asFloat(high ? pair & 0xffff0000 : pair << 16); }

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

// permute puts the numbers of threads in the order in which they run next.
static void permute(int *order, int n) {
	for (int i = 0; i < n; i++)
		order[i] = em.schedule == 1 ? n - 1 - i : i;
	for (int i = n - 1; em.schedule > 1 && i > 0; i--) {
		em.random = em.random * 1664525 + 1013904223;
		int k = em.random / 65536 % (i + 1), t = order[i];
		order[i] = order[k];
		order[k] = t;
	}
}

static void runBlocks(void (*kernel)(void **), void **params, int gx, int gy, int threads) {
	if (!em.stacks)
		em.stacks = malloc((size_t)MAX_THREADS * STACK);
	em.kernel = kernel, em.params = params, em.threads = threads;
	for (em.y = 0; em.y < gy; em.y++)
		for (em.x = 0; em.x < gx; em.x++) {
			memset(__start_emulated_shared, 0xff, __stop_emulated_shared - __start_emulated_shared);
			for (int i = 0; i < threads; i++) {
				em.done[i] = em.warps[i] = em.blocks[i] = em.begun[i] = 0;
				em.async[i].copies = em.async[i].group = 0;
				getcontext(&em.thread[i]);
				em.thread[i].uc_stack.ss_sp = em.stacks + (size_t)i * STACK;
				em.thread[i].uc_stack.ss_size = STACK;
				em.thread[i].uc_link = 0;
				makecontext(&em.thread[i], enter, 0);
			}
			for (int left = threads, order[MAX_THREADS]; left > 0;) {
				left = 0;
				permute(order, threads);
				for (int k = 0; k < threads; k++)
					if (!em.done[order[k]]) {
						resume(order[k]);
						left += !em.done[order[k]];
					}
			}
		}
}
