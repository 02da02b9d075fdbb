// A libcuda without a GPU: it checks its arguments, fails when it is told to, and runs the
// kernels on the CPU. The host can't access addresses of device memory.
#define _GNU_SOURCE 1
#define EMULATED
#include "../kernels.cu"
#include <stdio.h>

typedef int result;
enum { OK, INVALID_VALUE, OUT_OF_MEMORY, NO_DEVICE = 100, INVALID_DEVICE, INVALID_CONTEXT = 201, INVALID_HANDLE = 400, NOT_FOUND = 500, CAPTURING = 900 };
enum { DEVICE_BIT = 62 };
static const struct { int code; const char *name; } names[] = {
	{INVALID_VALUE, "CUDA_ERROR_INVALID_VALUE"}, {OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY"}, {NO_DEVICE, "CUDA_ERROR_NO_DEVICE"},
	{INVALID_DEVICE, "CUDA_ERROR_INVALID_DEVICE"}, {INVALID_CONTEXT, "CUDA_ERROR_INVALID_CONTEXT"}, {INVALID_HANDLE, "CUDA_ERROR_INVALID_HANDLE"},
	{NOT_FOUND, "CUDA_ERROR_NOT_FOUND"}, {CAPTURING, "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED"}, {700, "CUDA_ERROR_ILLEGAL_ADDRESS"}, {719, "CUDA_ERROR_LAUNCH_FAILED"},
};

static int started, version = 13000, devices = 1, major = 9, mostShared = 227 << 10, contexts, modules, streams, events, allocations, hosts, calls;
static int launched; // kernels that were run, by a graph or not
static __thread void *current;
static char failName[64];
static int failCode, failAfter;
static size_t budget = 1 << 30;
static int idle; // whether kernels do nothing
static unsigned given[64]; // shared memory that launches of a kernel may request
static struct { char *at; size_t n; } memory[256];

// Graphs: launches with a copy of their parameters. Executable graph i has the handle 1000 + i;
// the one that is being recorded is a graph until cuGraphInstantiate, with the handle 5.
enum { MAX_GRAPHS = 128, MAX_NODES = 128, MAX_PARAMS = 16 };
static struct graph { int used, nodes; struct node { unsigned function, gx, gy; uint64_t params[MAX_PARAMS]; } *node; } graphs[MAX_GRAPHS], recorded;
static int capturing;
static void drop(struct graph *g) { free(g->node); memset(g, 0, sizeof *g); }

// Called by the tests.
void fakeReset(void) {
	started = contexts = modules = streams = events = calls = launched = capturing = 0;
	drop(&recorded);
	for (int i = 0; i < MAX_GRAPHS; i++)
		drop(&graphs[i]);
	version = 13000, devices = 1, major = 9, mostShared = 227 << 10, failName[0] = 0, budget = 1 << 30;
	em.schedule = em.conflicts = idle = 0;
	for (int i = 0; i < 256; i++) {
		free(memory[i].at);
		memory[i].at = 0;
	}
	allocations = hosts = 0;
	memset(given, 0, sizeof given);
}
void fakeFail(const char *name, int code, int after) { snprintf(failName, sizeof failName, "%s", name); failCode = code; failAfter = after; }
void fakeDevice(int v, int n, int m) { version = v, devices = n, major = m; }
void fakeShared(int n) { mostShared = n; }
void fakeBudget(long n) { budget = n; }
int fakeLeft(void) {
	int n = contexts + modules + streams + events + allocations + hosts + recorded.used;
	for (int i = 0; i < MAX_GRAPHS; i++)
		n += graphs[i].used;
	return n;
}
int fakeLaunched(void) { return launched; }
int fakeCalls(void) { return calls; }
void fakeSchedule(int s) { em.schedule = s; em.random = s; }
long fakeConflicts(void) { return em.conflicts; }
void fakeIdle(int yes) { idle = yes; }

#define ENTER(name) do { calls++; if (!strcmp(failName, #name) && failAfter-- == 0) return failCode; } while (0)
#define NEED(x, code) do { if (!(x)) return code; } while (0)
#define CURRENT NEED(current && contexts, INVALID_CONTEXT)
#define STREAM(s) do { NEED((s) == (void *)3 && streams > 0, INVALID_HANDLE); NEED(!capturing, CAPTURING); } while (0)

// host returns the host address of n bytes at device address p; 0 if they are not allocated.
static char *host(uint64_t p, size_t n) {
	if (!(p >> DEVICE_BIT & 1))
		return 0;
	char *at = (char *)(p & ~((uint64_t)1 << DEVICE_BIT));
	for (int i = 0; i < 256; i++)
		if (memory[i].at && at >= memory[i].at && at + n <= memory[i].at + memory[i].n)
			return at;
	return 0;
}

result cuInit(unsigned flags) { ENTER(cuInit); NEED(flags == 0, INVALID_VALUE); NEED(devices, NO_DEVICE); started = 1; return OK; }
result cuDriverGetVersion(int *v) { ENTER(cuDriverGetVersion); *v = version; return OK; }
result cuDeviceGetCount(int *n) { ENTER(cuDeviceGetCount); NEED(started, INVALID_VALUE); *n = devices; return OK; }
result cuDeviceGet(int *d, int i) { ENTER(cuDeviceGet); NEED(i >= 0 && i < devices, INVALID_DEVICE); *d = 40 + i; return OK; }
result cuDeviceGetName(char *b, int n, int d) { ENTER(cuDeviceGetName); NEED(d >= 40, INVALID_DEVICE); snprintf(b, n, "fake GPU %d", d - 40); return OK; }
result cuDeviceGetAttribute(int *v, int a, int d) {
	ENTER(cuDeviceGetAttribute);
	NEED(d >= 40 && (a == 75 || a == 76 || a == 16 || a == 97), INVALID_VALUE);
	*v = a == 75 ? major : a == 76 ? 0 : a == 97 ? mostShared : 4;
	return OK;
}
result cuDevicePrimaryCtxRetain(void **c, int d) { ENTER(cuDevicePrimaryCtxRetain); NEED(d >= 40, INVALID_DEVICE); contexts++; *c = (void *)1; return OK; }
result cuDevicePrimaryCtxRelease_v2(int d) { ENTER(cuDevicePrimaryCtxRelease_v2); NEED(contexts > 0, INVALID_CONTEXT); contexts--; return OK; }
result cuCtxSetCurrent(void *c) { ENTER(cuCtxSetCurrent); NEED(c == (void *)1, INVALID_CONTEXT); current = c; return OK; }
result cuModuleLoadDataEx(void **m, const char *image, unsigned n, int *options, void **values) {
	ENTER(cuModuleLoadDataEx);
	CURRENT;
	NEED(n == 2 && options[0] == 5 && options[1] == 6 && strstr(image, ".version"), INVALID_VALUE);
	modules++;
	*m = (void *)2;
	return OK;
}
result cuModuleUnload(void *m) { ENTER(cuModuleUnload); CURRENT; NEED(m == (void *)2 && modules > 0, INVALID_HANDLE); modules--; return OK; }
result cuMemGetInfo_v2(size_t *left, size_t *total) { ENTER(cuMemGetInfo_v2); CURRENT; *left = budget, *total = budget; return OK; }
result cuMemAlloc_v2(uint64_t *p, size_t n) {
	ENTER(cuMemAlloc_v2);
	CURRENT;
	NEED(n > 0, INVALID_VALUE);
	NEED(n <= budget, OUT_OF_MEMORY);
	for (int i = 0; i < 256; i++)
		if (!memory[i].at) {
			memory[i].at = aligned_alloc(256, (n + 255) / 256 * 256);
			memory[i].n = n;
			memset(memory[i].at, 0xff, n); // NaN
			allocations++;
			*p = (uint64_t)memory[i].at | (uint64_t)1 << DEVICE_BIT;
			return OK;
		}
	return OUT_OF_MEMORY;
}
result cuMemFree_v2(uint64_t p) {
	ENTER(cuMemFree_v2);
	CURRENT;
	for (int i = 0; i < 256; i++)
		if (memory[i].at && host(p, 1) == memory[i].at) {
			free(memory[i].at);
			memory[i].at = 0;
			allocations--;
			return OK;
		}
	return INVALID_VALUE;
}
result cuMemHostAlloc(void **p, size_t n, unsigned flags) { ENTER(cuMemHostAlloc); CURRENT; NEED(flags == 0, INVALID_VALUE); *p = malloc(n); hosts++; return OK; }
result cuMemFreeHost(void *p) { ENTER(cuMemFreeHost); CURRENT; free(p); hosts--; return OK; }
result cuMemcpyHtoDAsync_v2(uint64_t d, const void *s, size_t n, void *stream) {
	ENTER(cuMemcpyHtoDAsync_v2);
	CURRENT;
	STREAM(stream);
	NEED(host(d, n), INVALID_VALUE);
	memcpy(host(d, n), s, n);
	return OK;
}
result cuMemcpyDtoHAsync_v2(void *d, uint64_t s, size_t n, void *stream) {
	ENTER(cuMemcpyDtoHAsync_v2);
	CURRENT;
	STREAM(stream);
	NEED(host(s, n), INVALID_VALUE);
	memcpy(d, host(s, n), n);
	return OK;
}
result cuMemcpyDtoDAsync_v2(uint64_t d, uint64_t s, size_t n, void *stream) {
	ENTER(cuMemcpyDtoDAsync_v2);
	CURRENT;
	STREAM(stream);
	NEED(host(d, n) && host(s, n), INVALID_VALUE);
	memmove(host(d, n), host(s, n), n);
	return OK;
}
result cuMemsetD32Async(uint64_t d, unsigned v, size_t n, void *stream) {
	ENTER(cuMemsetD32Async);
	CURRENT;
	STREAM(stream);
	NEED(host(d, 4 * n), INVALID_VALUE);
	for (size_t i = 0; i < n; i++)
		memcpy(host(d, 4 * n) + 4 * i, &v, 4);
	return OK;
}
result cuStreamCreate(void **s, unsigned flags) { ENTER(cuStreamCreate); CURRENT; NEED(flags == 1, INVALID_VALUE); streams++; *s = (void *)3; return OK; }
result cuStreamSynchronize(void *s) { ENTER(cuStreamSynchronize); CURRENT; STREAM(s); return OK; }
result cuStreamDestroy_v2(void *s) { ENTER(cuStreamDestroy_v2); CURRENT; STREAM(s); streams--; return OK; }
result cuEventCreate(void **e, unsigned flags) { ENTER(cuEventCreate); CURRENT; events++; *e = (void *)4; return OK; }
result cuEventRecord(void *e, void *s) { ENTER(cuEventRecord); CURRENT; STREAM(s); NEED(e == (void *)4, INVALID_HANDLE); return OK; }
result cuEventSynchronize(void *e) { ENTER(cuEventSynchronize); CURRENT; NEED(e == (void *)4, INVALID_HANDLE); return OK; }
result cuEventElapsedTime(float *ms, void *a, void *b) { ENTER(cuEventElapsedTime); CURRENT; *ms = 1.5f; return OK; }
result cuEventDestroy_v2(void *e) { ENTER(cuEventDestroy_v2); CURRENT; NEED(e == (void *)4, INVALID_HANDLE); events--; return OK; }
result cuGetErrorName(int r, const char **s) {
	for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].code == r) {
			*s = names[i].name;
			return OK;
		}
	return INVALID_VALUE;
}

// The kernels with their parameters: A a number, D device memory, Z device memory or 0.
#define A(type, i) (*(type *)p[i])
#define D(i) ((void *)host(A(uint64_t, i), 1))
#define Z(i) (A(uint64_t, i) ? D(i) : 0)
static void callAdd(void **p) { add(D(0), D(1), D(2), A(int, 3)); }
static void callProduct(void **p) { product(D(0), D(1), D(2), A(int, 3), A(int, 4), A(int, 5)); }
static void callEmbed(void **p) { embed(D(0), D(1), D(2), A(int, 3), A(int, 4)); }
static void callNorm(void **p) { norm(D(0), D(1), D(2), D(3), D(4), A(int, 5), A(int, 6)); }
static void callLinear64(void **p) { linear64(D(0), D(1), Z(2), D(3), A(int, 4), A(int, 5), A(int, 6), A(int, 7)); }
static void callLinear128(void **p) { linear128(D(0), D(1), Z(2), D(3), A(int, 4), A(int, 5), A(int, 6), A(int, 7)); }
static void callRemember(void **p) { remember(D(0), D(1), D(2), A(int, 3)); }
static void callCopyPages(void **p) { copyPages(D(0), D(1), D(2), A(int, 3), A(int, 4)); }
static void callWrite16(void **p) { write16(D(0), D(1), D(2), D(3), A(int, 4), A(float, 5)); }
static void callWrite32(void **p) { write32(D(0), D(1), D(2), D(3), A(int, 4), A(float, 5)); }
static void callWrite64(void **p) { write64(D(0), D(1), D(2), D(3), A(int, 4), A(float, 5)); }
static void callRead16(void **p) { read16(D(0), D(1), D(2), D(3), A(int, 4), A(int, 5), A(float, 6)); }
static void callRead32(void **p) { read32(D(0), D(1), D(2), D(3), A(int, 4), A(int, 5), A(float, 6)); }
static void callRead64(void **p) { read64(D(0), D(1), D(2), D(3), A(int, 4), A(int, 5), A(float, 6)); }
static void callBest(void **p) { best(D(0), D(1), D(2), A(int, 3), A(int, 4)); }

static const struct { const char *name; void (*call)(void **); int threads, pointers, params; unsigned optional, shared; } functions[] = {
	{"add", callAdd, 256, 3, 4, 0}, {"product", callProduct, 256, 3, 6, 0}, {"embed", callEmbed, 128, 3, 5, 0},
	{"norm", callNorm, 128, 5, 7, 0}, {"remember", callRemember, 128, 3, 4, 0}, {"copyPages", callCopyPages, 128, 3, 5, 0}, {"best", callBest, 128, 3, 5, 0},
	{"linear64", callLinear64, 128, 4, 8, 1 << 2}, {"linear128", callLinear128, 128, 4, 8, 1 << 2, 98304},
	{"read16", callRead16, 128, 4, 7, 0}, {"read32", callRead32, 128, 4, 7, 0}, {"read64", callRead64, 128, 4, 7, 0},
	{"write16", callWrite16, 256, 4, 6, 0}, {"write32", callWrite32, 256, 4, 6, 0}, {"write64", callWrite64, 256, 4, 6, 0},
};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

result cuModuleGetFunction(void **f, void *m, const char *name) {
	ENTER(cuModuleGetFunction);
	NEED(m == (void *)2, INVALID_HANDLE);
	for (int i = 0; i < FUNCTIONS; i++)
		if (!strcmp(functions[i].name, name)) {
			*f = (void *)(uintptr_t)(100 + i);
			return OK;
		}
	return NOT_FOUND;
}
result cuFuncSetAttribute(void *f, int attribute, int v) {
	ENTER(cuFuncSetAttribute);
	CURRENT;
	unsigned i = (uintptr_t)f - 100;
	NEED(i < FUNCTIONS, INVALID_HANDLE);
	NEED(attribute == 8 && v >= 0 && v <= mostShared || attribute == 9 && v >= -1 && v <= 100, INVALID_VALUE);
	if (attribute == 8)
		given[i] = v;
	return OK;
}
// run runs a kernel, whose pointers must be to device memory.
static result run(unsigned i, void **p, unsigned gx, unsigned gy) {
	for (int k = 0; k < functions[i].pointers; k++)
		NEED(host(A(uint64_t, k), 1) || (functions[i].optional >> k & 1 && !A(uint64_t, k)), INVALID_VALUE);
	launched++;
	if (!idle)
		runBlocks(functions[i].call, p, gx, gy, functions[i].threads);
	return OK;
}
result cuLaunchKernel(void *f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared, void *stream, void **p, void **extra) {
	ENTER(cuLaunchKernel);
	CURRENT;
	NEED(stream == (void *)3 && streams > 0, INVALID_HANDLE);
	unsigned i = (uintptr_t)f - 100;
	NEED(i < FUNCTIONS, INVALID_HANDLE);
	NEED(gx > 0 && gy > 0 && gz == 1 && by == 1 && bz == 1 && shared == functions[i].shared && shared <= given[i] && !extra && bx == functions[i].threads, INVALID_VALUE);
	if (!capturing)
		return run(i, p, gx, gy);
	NEED(recorded.nodes < MAX_NODES, INVALID_VALUE);
	struct node *n = &recorded.node[recorded.nodes++];
	n->function = i, n->gx = gx, n->gy = gy;
	for (int k = 0; k < functions[i].params; k++)
		memcpy(&n->params[k], p[k], functions[i].pointers > k ? 8 : 4);
	return OK;
}
result cuStreamBeginCapture_v2(void *stream, int mode) {
	ENTER(cuStreamBeginCapture_v2);
	CURRENT;
	STREAM(stream);
	NEED(mode == 1 && !recorded.used, INVALID_VALUE);
	recorded.node = calloc(MAX_NODES, sizeof *recorded.node);
	capturing = 1;
	return OK;
}
static result endCapture(void *stream) {
	ENTER(cuStreamEndCapture);
	CURRENT;
	NEED(stream == (void *)3 && streams > 0, INVALID_HANDLE);
	NEED(capturing, INVALID_VALUE);
	recorded.used = 1;
	return OK;
}
result cuStreamEndCapture(void *stream, void **graph) {
	result r = endCapture(stream);
	*graph = r ? 0 : (void *)5;
	if (r)
		drop(&recorded);
	capturing = 0;
	return r;
}
result cuGraphInstantiateWithFlags(void **executable, void *graph, unsigned long long flags) {
	ENTER(cuGraphInstantiateWithFlags);
	CURRENT;
	NEED(graph == (void *)5 && recorded.used && flags == 0, INVALID_VALUE);
	for (int i = 0; i < MAX_GRAPHS; i++)
		if (!graphs[i].used) {
			graphs[i] = recorded;
			graphs[i].node = malloc(MAX_NODES * sizeof *recorded.node);
			memcpy(graphs[i].node, recorded.node, MAX_NODES * sizeof *recorded.node);
			*executable = (void *)(uintptr_t)(1000 + i);
			return OK;
		}
	return OUT_OF_MEMORY;
}
result cuGraphDestroy(void *graph) { ENTER(cuGraphDestroy); CURRENT; NEED(graph == (void *)5 && recorded.used, INVALID_VALUE); drop(&recorded); return OK; }
static struct graph *executableGraph(void *p) {
	uintptr_t i = (uintptr_t)p - 1000;
	return i < MAX_GRAPHS && graphs[i].used ? &graphs[i] : 0;
}
result cuGraphLaunch(void *executable, void *stream) {
	ENTER(cuGraphLaunch);
	CURRENT;
	STREAM(stream);
	struct graph *g = executableGraph(executable);
	NEED(g, INVALID_VALUE);
	for (int k = 0; k < g->nodes; k++) {
		struct node *n = &g->node[k];
		void *p[MAX_PARAMS];
		for (int i = 0; i < MAX_PARAMS; i++)
			p[i] = &n->params[i];
		NEED(!run(n->function, p, n->gx, n->gy), INVALID_VALUE);
	}
	return OK;
}
result cuGraphExecDestroy(void *executable) {
	ENTER(cuGraphExecDestroy);
	CURRENT;
	struct graph *g = executableGraph(executable);
	NEED(g, INVALID_VALUE);
	drop(g);
	return OK;
}
