// The parts of a GPU that the kernels use: threads, barriers, shuffles, tensor cores, copies to
// shared memory. testdata/emulated.h emulates them on a CPU.

#define KERNEL(threads) extern "C" __attribute__((global)) __attribute__((launch_bounds(threads))) void
// KERNEL_MANY limits the registers so that this number of blocks fits a multiprocessor.
#define KERNEL_MANY(threads, blocks) extern "C" __attribute__((global)) __attribute__((launch_bounds(threads, blocks))) void
#define DEVICE __attribute__((device)) static inline __attribute__((always_inline))
#define SHARED static __attribute__((shared)) __attribute__((aligned(128)))
extern __attribute__((shared)) __attribute__((aligned(128))) char dynamic[]; // as much as the launch requests
#define UNROLL _Pragma("unroll")
#define THREAD ((int)__nvvm_read_ptx_sreg_tid_x())
#define BLOCK_X ((int)__nvvm_read_ptx_sreg_ctaid_x())
#define BLOCK_Y ((int)__nvvm_read_ptx_sreg_ctaid_y())
#define barrier() __syncthreads()
#define INFINITY_F __builtin_inff()
// forget hides the value of x from the compiler; forgetPlace that of a pointer.
#define forget(x) asm volatile("" : "+r"(x))
#define forgetPlace(x) asm volatile("" : "+l"(x))

DEVICE void warpBarrier(void) { asm volatile("bar.warp.sync 0xffffffff;" ::: "memory"); }

DEVICE float exp2_(float x) { float y; asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x)); return y; }
DEVICE float log2_(float x) { float y; asm("lg2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x)); return y; }
DEVICE float rsqrt_(float x) { float y; asm("rsqrt.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x)); return y; }

DEVICE float reciprocal_(float x) { float y; asm("rcp.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x)); return y; }

DEVICE float asFloat(u32 u) { return __builtin_bit_cast(float, u); }
DEVICE u32 asBits(float x) { return __builtin_bit_cast(u32, x); }

// shuffle returns v of the lane whose number differs from this lane's in the bits of mask.
DEVICE u32 shuffle(u32 v, int mask) {
	u32 r;
	asm volatile("shfl.sync.bfly.b32 %0, %1, %2, 0x1f, 0xffffffff;" : "=r"(r) : "r"(v), "r"(mask));
	return r;
}

// pack returns two numbers in bf16, lo in the low half.
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

// multiply adds the product of a (16 x 16) and b (16 x 8) to the tile c (16 x 8) of a warp.
DEVICE void multiply(float *c, const u32 *a, const u32 *b) {
	asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
		: "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
		: "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

// loadTiles loads four 8 x 8 tiles. Lanes 0-7, 8-15, 16-23, 24-31 give the addresses of their
// rows.
DEVICE void loadTiles(u32 *r, sharedAt p) {
	asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
		: "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3]) : "r"(p) : "memory");
}

// flipped returns p with bits flipped.
DEVICE sharedAt flipped(sharedAt p, int bits) { return p ^ bits; }

// copyAsync begins to copy bytes bytes, then zeros, 16 bytes in all; copyCommit ends a group of copies; copyWait(n)
// waits for all groups of the thread but the last n.
DEVICE void copyAsync(sharedAt to, const void *from, int bytes) {
	if (__builtin_constant_p(bytes) && bytes == 16)
		asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(to), "l"(from) : "memory");
	else
		asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(to), "l"(from), "r"(bytes) : "memory");
}
DEVICE void copyCommit(void) { asm volatile("cp.async.commit_group;" ::: "memory"); }
#define copyWait(n) asm volatile("cp.async.wait_group %0;" ::"n"(n) : "memory")
