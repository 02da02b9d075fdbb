#!/usr/bin/env python3
"""PyTorch's bf16 products (cuBLAS) of the shapes of BenchmarkLinear."""
import torch

for m, n, k in ((8192, 384, 128), (8192, 128, 128), (8192, 512, 128), (8192, 128, 512), (8192, 960, 320), (8192, 1280, 320), (8192, 320, 1280), (4096, 4096, 4096)):
    x = torch.randn(m, k, device="cuda", dtype=torch.bfloat16)
    w = torch.randn(n, k, device="cuda", dtype=torch.bfloat16)
    for _ in range(10):
        x @ w.T
    start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    start.record()
    for _ in range(100):
        x @ w.T
    end.record()
    torch.cuda.synchronize()
    print(f"{m}x{n}x{k} {2 * m * n * k * 100 / (start.elapsed_time(end) * 1e-3) / 1e12:.1f} TFLOP/s")
