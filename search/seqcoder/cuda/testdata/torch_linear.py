#!/usr/bin/env python3
"""Measures PyTorch's bf16 products (cuBLAS) of BenchmarkLinear's shapes.

    torch_linear.py [FILE]   # FILE: the output of BenchmarkLinear, to be compared in percent of cuBLAS's rates
"""
import sys
import time

import torch

SHAPES = (
    (8192, 384, 128), (8192, 128, 128), (8192, 512, 128), (8192, 128, 512),
    (8192, 768, 256), (8192, 256, 256), (8192, 1024, 256), (8192, 256, 1024),
    (8192, 960, 320), (8192, 320, 320), (8192, 1280, 320), (8192, 320, 1280), (4096, 4096, 4096),
)
TIMES = 100


def benchmarks(lines):
    """Returns the rates by shape and by metric."""
    rates = {}
    for line in lines:
        words = line.split()
        if words and words[0].startswith("BenchmarkLinear/"):
            shape = words[0].split("/")[1].split("-")[0]
            rates[shape] = {unit: float(v) for v, unit in zip(words[2::2], words[3::2]) if unit.endswith("TFLOP/s")}
    return rates


def seconds(f, scratch):
    """Returns the GPU's time for f, measured after half a second in which its clock rises. The
    GPU fills scratch until all calls are queued, so that it never waits for the host."""
    start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    until = time.monotonic() + 0.5
    while True:
        for _ in range(24):
            scratch.zero_()
        start.record()
        for _ in range(TIMES):
            f()
        end.record()
        torch.cuda.synchronize()
        if time.monotonic() > until:
            return start.elapsed_time(end) * 1e-3 / TIMES


def main():
    ours = {}
    if len(sys.argv) > 1:
        with open(sys.argv[1]) as f:
            ours = benchmarks(f)
    scratch = torch.empty(256 << 20, device="cuda", dtype=torch.uint8)
    for m, n, k in SHAPES:
        x, w = (torch.rand(rows, k, device="cuda").mul_(2).sub_(1).bfloat16() for rows in (m, n))
        y, wt = torch.empty(m, n, device="cuda", dtype=torch.bfloat16), w.T
        rate = 2 * m * n * k / seconds(lambda: torch.mm(x, wt, out=y), scratch) / 1e12
        shape = f"{m}x{n}x{k}"
        shares = (f"{unit}: {v:.1f} is {100 * v / rate:.0f} %" for unit, v in sorted(ours.get(shape, {}).items()))
        print(f"{shape} {rate:.1f} TFLOP/s", *shares, sep="; ")


if __name__ == "__main__":
    main()
