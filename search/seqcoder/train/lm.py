#!/usr/bin/env python3
"""Measures how SeqCoder compresses files as a byte-level language model: the arithmetic coding of Delétang et al.,
"Language Modeling Is Compression" (arXiv 2309.10668), with ideal code lengths.

    lm.py --weights weights.safetensors [--length 128] [--limit BYTES] FILE...

A .jsonl file is coded sequence by sequence, any other file in sequences of --length bytes. Each sequence is coded by
itself; its first byte costs 8 bits, and tokens that are not bytes have no probability. Rates are compressed size /
size of what was read, without the weights and with them (16 bits per parameter).
"""
import argparse
import json
import math
from pathlib import Path

import torch
from torch.nn import functional as F

from data import PAD
from train import load


def sequences(path, length, limit):
    if path.suffix == ".jsonl":
        return [json.loads(line)["sequence"] for line in path.open()]
    data = path.read_bytes()[:limit or None]
    return [list(data[i:i + length]) for i in range(0, len(data), length)]


@torch.no_grad()
def bits(model, all, device):
    """Returns the bits of all sequences together."""
    most = model.config["context"]
    all = sorted((s[i:i + most] for s in all for i in range(0, len(s), most)), key=len)
    total = 8 * len(all)
    for i in range(0, len(all), 256):
        part = all[i:i + 256]
        x = torch.full((len(part), max(2, max(map(len, part)))), PAD)
        for k, s in enumerate(part):
            x[k, :len(s)] = torch.tensor(s)
        x = x.to(device)
        logits = model.head(model.hidden(x[:, :-1])).float()[..., :256]
        want = torch.where(x[:, 1:] < 256, x[:, 1:], torch.full_like(x[:, 1:], -1))
        total += F.cross_entropy(logits.flatten(0, 1), want.flatten(), ignore_index=-1, reduction="sum").item() / math.log(2)
    return total


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--weights", type=Path, required=True)
    a.add_argument("--length", type=int, default=128)
    a.add_argument("--limit", type=int, default=0, help="bytes to read of a file; 0 for all")
    a.add_argument("files", nargs="+", type=Path)
    o = a.parse_args()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model = load(o.weights).to(device).eval()
    size = 2 * sum(p.numel() for p in model.parameters())
    print("file,bytes,rate,rate_with_weights")
    for path in o.files:
        all = sequences(path, o.length, o.limit)
        n, b = sum(map(len, all)), bits(model, all, device) / 8
        print(f"{path.name},{n},{b / n:.4f},{(b + size) / n:.4f}", flush=True)


if __name__ == "__main__":
    main()
