#!/usr/bin/env python3
"""Trains SeqCoder on pairs that `ktgen --packed` draws.

    ktgen --packed --longest 320 --without pairs.jsonl |
        train.py --out run --held-out held.bin --minutes 9

reads them from standard input; --out keeps weights.safetensors, checkpoint.pt, log.csv and curves.png, and the
same command goes on from there, in legs of any length. See README.md beside it.
"""
import argparse
import csv
import hashlib
import json
import math
import random
import struct
import sys
import time
from pathlib import Path

import torch
from torch.nn import functional as F

from language import TOKENS, Invalid, execute, program, uniform_bits
from model import SeqCoder, greedy


def texts(stream, digest=None):
    """The texts of a packed stream: (tokens, how many are the sequence)."""
    while True:
        head = stream.read(4)
        if len(head) < 4:
            return
        n, m = struct.unpack("<HH", head)
        body = stream.read(2 * n)
        if len(body) < 2 * n:
            return
        if digest:
            digest.update(head + body)
        yield struct.unpack(f"<{n}H", body), m


def batches(source, context, tokens):
    """Batches of texts of about one length: tokens (B, T), and what is to be foreseen (B, T-1), -1 elsewhere."""
    pool = []
    for text in source:
        if len(text[0]) <= context:
            pool.append(text)
        if len(pool) == 4096:
            pool.sort(key=lambda p: len(p[0]))
            chunks, at = [], 0
            while at < len(pool):
                n = max(1, tokens // len(pool[min(at + tokens // 64, len(pool) - 1)][0]))
                chunks.append(pool[at:at + n])
                at += n
            random.shuffle(chunks)
            for chunk in chunks:
                yield padded(chunk)
            pool = []


def padded(chunk):
    longest = max(len(t) for t, _ in chunk)
    x = torch.full((len(chunk), longest), TOKENS["pad"])
    y = torch.full((len(chunk), longest - 1), -1)
    for i, (t, m) in enumerate(chunk):
        row = torch.tensor(t)
        x[i, :len(t)] = row
        y[i, m:len(t) - 1] = row[m + 1:]  # the program only
    return x, y


def evaluate(model, held, device, autocast):
    """Loss, the share of sequences that the likeliest program makes, CompressionRate (the rest raw)."""
    model.eval()
    loss, count, right, bits, length = 0.0, 0, 0, 0.0, 0
    with torch.no_grad():
        for at in range(0, len(held), 32):
            x, y = padded(held[at:at + 32])
            with autocast():
                logits, _ = model(x[:, :-1].to(device))
            loss += F.cross_entropy(logits.float().flatten(0, 1), y.flatten().to(device), ignore_index=-1, reduction="sum").item()
            count += (y >= 0).sum().item()
        by_length = {}
        for t, m in held:
            by_length.setdefault(m, []).append(t[:m])
        for m, sequences in by_length.items():
            with autocast():
                made = greedy(model, sequences, TOKENS["program"], TOKENS["end"], 200)
            for s, text in zip(sequences, made):
                cost = 8.0 * m
                try:
                    lines = program(text)
                    if execute(lines) == list(s):
                        right += 1
                        cost = min(cost, uniform_bits(lines))
                except (Invalid, OverflowError, MemoryError):
                    pass
                bits, length = bits + cost + 1, length + m
    model.train()
    return loss / max(count, 1), right / len(held), bits / (8 * length)


def export(path, model, facts):
    """Weights in 16 bits as safetensors, with the configuration."""
    header, body, at = {"__metadata__": {"config": json.dumps(model.config), **{k: str(v) for k, v in facts.items()}}}, [], 0
    for name, p in model.state_dict().items():
        raw = p.detach().to("cpu", torch.float16).contiguous().numpy().tobytes()
        header[name] = {"dtype": "F16", "shape": list(p.shape), "data_offsets": [at, at + len(raw)]}
        body.append(raw)
        at += len(raw)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    scratch = path.with_suffix(".new")
    scratch.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(body))
    scratch.replace(path)


def load(path, model):
    """Puts the weights of a file that export wrote into a model of the same configuration."""
    data = path.read_bytes()
    size, = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + size])
    facts = header.pop("__metadata__")
    if json.loads(facts["config"]) != model.config:
        sys.exit(f"{path} is of another configuration: {facts['config']}")
    state = {}
    for name, t in header.items():
        first, end = t["data_offsets"]
        raw = torch.frombuffer(bytearray(data[8 + size + first:8 + size + end]), dtype={"F16": torch.float16, "F32": torch.float32}[t["dtype"]])
        state[name] = raw.reshape(t["shape"]).float()
    model.load_state_dict(state)
    return facts


def curves(out):
    try:
        import matplotlib
        matplotlib.use("Agg")
        from matplotlib import pyplot
    except ImportError:
        return
    rows = list(csv.DictReader((out / "log.csv").open()))
    figure, axes = pyplot.subplots(1, 3, figsize=(12, 3.5))
    for axis, names in zip(axes, (("loss", "held_loss"), ("accuracy",), ("rate",))):
        for name in names:
            axis.plot([int(r["pairs"]) for r in rows], [float(r[name]) for r in rows], label=name)
        axis.set_xlabel("pairs")
        axis.legend()
    figure.tight_layout()
    figure.savefig(out / "curves.png", dpi=120)


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--out", type=Path, required=True)
    a.add_argument("--held-out", type=Path, required=True, help="packed pairs of another seed")
    a.add_argument("--held", type=int, default=256, help="how many of them are used")
    a.add_argument("--minutes", type=float, default=9, help="of this leg")
    a.add_argument("--steps", type=int, default=20000, help="of all legs: the cosine ends there")
    a.add_argument("--batch", type=int, default=16384, help="tokens")
    a.add_argument("--width", type=int, default=256)
    a.add_argument("--layers", type=int, default=6)
    a.add_argument("--heads", type=int, default=8)
    a.add_argument("--context", type=int, default=320)
    a.add_argument("--differences", type=int, default=4, help="bytes before each that it is told apart from")
    a.add_argument("--rate", type=float, default=1e-3)
    a.add_argument("--every", type=int, default=500, help="steps between evaluations")
    a.add_argument("--bf16", action="store_true", help="also on a CPU, where that is faster")
    a.add_argument("--from", dest="weights", type=Path, help="weights to begin with, of the same configuration")
    a.add_argument("--seed", type=int, default=1)
    o = a.parse_args()
    began = time.time()
    torch.manual_seed(o.seed)
    random.seed(o.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.backends.cuda.matmul.allow_tf32 = True

    def autocast():
        return torch.autocast(device, dtype=torch.bfloat16, enabled=device == "cuda" or o.bf16)

    o.out.mkdir(parents=True, exist_ok=True)
    model = SeqCoder(TOKENS["vocabulary"], o.width, o.layers, o.heads, o.context, o.differences).to(device)
    optimiser = torch.optim.AdamW(model.parameters(), lr=o.rate, betas=(0.9, 0.95), weight_decay=0.01)
    state = dict(step=0, pairs=0, seconds=0.0, digest="")
    checkpoint = o.out / "checkpoint.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location=device)
        model.load_state_dict(saved["model"])
        optimiser.load_state_dict(saved["optimiser"])
        state = saved["state"]
    elif o.weights:
        facts = load(o.weights, model)
        state.update(pairs=int(facts["pairs"]), seconds=float(facts["seconds"]), digest=facts["digest"])
    with o.held_out.open("rb") as f:
        held = [t for t in texts(f) if len(t[0]) <= o.context][:o.held]
    print(f"{sum(p.numel() for p in model.parameters()) / 1e6:.1f} M parameters on {device}, from step {state['step']}", flush=True)

    digest = hashlib.sha256(state["digest"].encode())
    seen = state["seconds"]

    def save(loss):
        state["seconds"], state["digest"] = seen + time.time() - began, digest.hexdigest()
        held_loss, accuracy, rate = evaluate(model, held, device, autocast)
        new = not (o.out / "log.csv").exists()
        with (o.out / "log.csv").open("a") as f:
            if new:
                f.write("step,pairs,seconds,loss,held_loss,accuracy,rate\n")
            f.write(f"{state['step']},{state['pairs']},{state['seconds']:.0f},{loss:.4f},{held_loss:.4f},{accuracy:.4f},{rate:.4f}\n")
        print(f"step {state['step']}, {state['pairs']} pairs, {state['seconds']:.0f} s: loss {loss:.3f}, held out {held_loss:.3f}, "
              f"accuracy {accuracy:.3f}, rate {rate:.3f}", flush=True)
        export(o.out / "weights.safetensors", model, dict(seed=o.seed, **state))  # first what is needed
        scratch = checkpoint.with_suffix(".new")
        torch.save(dict(model=model.state_dict(), optimiser=optimiser.state_dict(), state=state), scratch)
        scratch.replace(checkpoint)
        curves(o.out)

    sums, n = 0.0, 0
    for x, y in batches(texts(sys.stdin.buffer, digest), o.context, o.batch):
        step = state["step"]
        warm = min(1.0, (step + 1) / 200)
        for g in optimiser.param_groups:
            g["lr"] = o.rate * warm * (0.05 + 0.95 * (1 + math.cos(math.pi * min(1.0, step / o.steps))) / 2)
        with autocast():
            logits, _ = model(x[:, :-1].to(device, non_blocking=True))
        loss = F.cross_entropy(logits.float().flatten(0, 1), y.flatten().to(device), ignore_index=-1)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        state["step"], state["pairs"] = step + 1, state["pairs"] + len(x)
        if state["step"] % 20 == 0 or device == "cpu":
            sums, n = sums + loss.item(), n + 1
        over = time.time() - began > 60 * o.minutes or state["step"] >= o.steps
        if state["step"] % o.every == 0 or over:
            save(sums / max(n, 1))
            sums, n = 0.0, 0
        if over:
            break


if __name__ == "__main__":
    main()
