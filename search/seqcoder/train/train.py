#!/usr/bin/env python3
"""Trains SeqCoder on pairs that `ktgen --packed` draws, on a GPU if there is one.

    ktgen --packed --longest 320 --without pairs.jsonl |
        train.py --out run --held-out held.bin --minutes 9

reads the pairs from standard input and writes weights.safetensors, log.csv, checkpoint.pt and curves.png to the
folder --out. A leg ends after a time, after a number of steps, or when --stop-file appears. The learning rate falls
with time or steps, whichever end first. Time in which the process was stopped does not count. See README.md.
"""
import argparse
import csv
import hashlib
import json
import math
import struct
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from data import Loader, padded, pieces
from language import TOKENS
from model import SeqCoder

LN2 = math.log(2)
SHORT = 48  # tokens of a text, at most, with which --curriculum begins: a fifth of the drawn pairs; arbitrary


def export(path, model, facts):
    """Writes the weights in 16 bits as safetensors, with the configuration."""
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


def load(path):
    """Returns the model of a file that export wrote."""
    data = path.read_bytes()
    size, = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + size])
    config = json.loads(header.pop("__metadata__")["config"])
    model = SeqCoder(**config)
    state = {}
    for name, t in header.items():
        first, end = t["data_offsets"]
        raw = torch.frombuffer(bytearray(data[8 + size + first:8 + size + end]), dtype={"F16": torch.float16, "F32": torch.float32}[t["dtype"]])
        state[name] = raw.reshape(t["shape"]).float()
    model.load_state_dict(state)
    return model


def losses(model, batch, autocast):
    """Returns the mean loss of the program's tokens, that of the sequence's, and the logits (B, T-1, V)."""
    x, program, sequence = batch
    with autocast():
        logits = model.head(model.hidden(x[:, :-1]))
    each = F.cross_entropy(logits.float().flatten(0, 1), x[:, 1:].flatten(), reduction="none").view(program.shape)
    return tuple((each * mask).sum() / mask.sum().clamp(min=1) for mask in (program, sequence)) + (logits,)


@torch.no_grad()
def evaluate(model, held, autocast):
    """Returns the loss per token of the program, the share of programs that are the likeliest token by token, and bits per byte."""
    model.eval()
    loss = count = right = texts = bits = places = 0
    for batch in held:
        x, program, sequence = batch
        of_program, of_sequence, logits = losses(model, batch, autocast)
        n, m = program.sum().item(), sequence.sum().item()
        loss, count = loss + of_program.item() * n, count + n
        bits, places = bits + of_sequence.item() / LN2 * m, places + m
        has = program.any(1)  # a program
        right += (((logits.argmax(2) == x[:, 1:]) | ~program).all(1) & has).sum().item()
        texts += has.sum().item()
    model.train()
    return loss / max(1, count), right / max(1, texts), bits / places


class Step:
    """Trains on a batch and returns the loss of the program's tokens."""

    def __init__(self, model, optimiser, weight, autocast):
        self.model, self.optimiser, self.weight, self.autocast = model, optimiser, weight, autocast

    def __call__(self, batch):
        self.optimiser.zero_grad(set_to_none=True)
        program, sequence, _ = losses(self.model, batch, self.autocast)
        (program + self.weight * sequence).backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        return program.detach()


class Graphs:
    """A Step that records its launches as a CUDA graph when a shape comes the second time, and replays them later."""

    def __init__(self, step):
        self.step, self.seen, self.made, self.pool = step, set(), {}, None

    def __call__(self, batch):
        shape = batch[0].shape
        if shape not in self.seen:  # libraries initialise themselves, which a graph can't record
            self.seen.add(shape)
            aside, here = torch.cuda.Stream(), torch.cuda.current_stream()
            aside.wait_stream(here)
            with torch.cuda.stream(aside):
                loss = self.step(batch)
            here.wait_stream(aside)
            return loss
        if shape not in self.made:
            graph, own = torch.cuda.CUDAGraph(), tuple(t.clone() for t in batch)
            self.step.optimiser.zero_grad(set_to_none=True)
            with torch.cuda.graph(graph, pool=self.pool, capture_error_mode="thread_local"):  # the loader pins memory meanwhile
                loss = self.step(own)
            self.pool = graph.pool()
            self.made[shape] = graph, own, loss
        graph, own, loss = self.made[shape]
        for to, t in zip(own, batch):
            to.copy_(t)
        graph.replay()
        return loss


def curves(out):
    """Draws the log, if matplotlib is installed."""
    try:
        import matplotlib
        matplotlib.use("Agg")
        from matplotlib import pyplot
    except ImportError:
        return
    rows = list(csv.DictReader((out / "log.csv").open()))
    figure, axes = pyplot.subplots(1, 3, figsize=(12, 3.5))
    for axis, names in zip(axes, (("loss", "held_loss"), ("exact",), ("bits_a_byte",))):
        for name in names:
            axis.plot([int(r["pairs"]) for r in rows], [float(r[name]) for r in rows], label=name)
        axis.set_xlabel("pairs")
        axis.legend()
    figure.tight_layout()
    figure.savefig(out / "curves.png", dpi=100)


def flags():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--out", type=Path, required=True)
    a.add_argument("--held-out", type=Path, required=True, help="packed pairs of another seed")
    a.add_argument("--held", type=int, default=2000, help="how many of them to use")
    a.add_argument("--last", type=Path, help="file of packed pairs for the last fifth; it may still grow")
    a.add_argument("--minutes", type=float, default=9, help="length of the leg")
    a.add_argument("--steps", type=int, default=10**9, help="of the leg, at most")
    a.add_argument("--stop-file", type=Path, help="ends the leg when it appears")
    a.add_argument("--batch", type=int, default=65536, help="tokens of a step")
    a.add_argument("--width", type=int, default=256)
    a.add_argument("--layers", type=int, default=6)
    a.add_argument("--heads", type=int, default=8)
    a.add_argument("--context", type=int, default=320)
    a.add_argument("--differences", type=int, default=4)
    a.add_argument("--rate", type=float, default=1.5e-3, help="of learning, at most")
    a.add_argument("--bytes", type=float, default=0.2, help="weight of the loss of the sequence's bytes")
    a.add_argument("--save", type=float, default=45, help="seconds between evaluations")
    a.add_argument("--seed", type=int, default=1)
    a.add_argument("--bf16", action="store_true", help="multiply in bf16 on a CPU, too")
    a.add_argument("--no-graphs", action="store_true", help="launch kernels one by one on a GPU")
    a.add_argument("--curriculum", action="store_true", help=f"begin with pairs of at most {SHORT} tokens; the limit grows until half of the leg is over")
    a.add_argument("--from", dest="weights", type=Path, help="weights to start from")
    return a.parse_args()


def main():
    o, began = flags(), time.time()
    cuda = torch.cuda.is_available()
    device = torch.device("cuda" if cuda else "cpu")

    def autocast():
        return torch.autocast(device.type, dtype=torch.bfloat16, enabled=cuda or o.bf16)

    torch.manual_seed(o.seed)
    model = load(o.weights) if o.weights else SeqCoder(TOKENS["vocabulary"], o.width, o.layers, o.heads, o.context, o.differences)
    model.to(device)
    context = model.config["context"]
    rate = torch.tensor(o.rate, device=device) if cuda else o.rate  # a graph reads it from device memory
    optimiser = torch.optim.AdamW(model.parameters(), lr=rate, betas=(0.9, 0.95), weight_decay=0.01, **(dict(fused=True, capturable=True) if cuda else {}))
    train = Step(model, optimiser, o.bytes, autocast)
    if cuda and not o.no_graphs:
        train = Graphs(train)
    with o.held_out.open("rb") as f:
        buf, s, n, m = next(pieces(f))
    keep = np.flatnonzero(n <= context)[:o.held]
    keep = keep[np.argsort(n[keep])]
    held = [tuple(t.to(device) for t in padded(buf, s[c], n[c], m[c])) for c in np.array_split(keep, max(1, len(keep) // 250))]
    o.out.mkdir(parents=True, exist_ok=True)
    log = (o.out / "log.csv").open("w")
    print("step,pairs,seconds,loss,held_loss,exact,bits_a_byte,step_ms,wait_ms", file=log)
    digest = hashlib.sha256()
    active, waited, step, pairs = 0.0, 0.0, 0, 0

    def progress(step):  # 1 at the end of the leg
        return max(step / o.steps, active / (60 * o.minutes))

    def limit(step):  # tokens of a text, at most; it depends on time only if time ends the leg
        return SHORT + (context - SHORT) * min(1, 2 * progress(step))

    loader = Loader(sys.stdin.buffer, o.last, context, o.batch, digest, cuda, limit if o.curriculum else None)
    batch = loader.next()
    print(f"{sum(p.numel() for p in model.parameters()) / 1e6:.2f} M parameters on {device}; ready after {time.time() - began:.1f} s", flush=True)
    now = time.time()
    since, marked, saved = 0, 0.0, 0.0  # steps and seconds at the last evaluation
    total = torch.zeros((), device=device)
    while batch is not None:
        batch = tuple(t.to(device, non_blocking=True) for t in batch)
        done = progress(step)
        if done >= 0.8:
            loader.last.set()
        now_rate = o.rate * min(1, (step + 1) / 200) * (0.02 + 0.98 * (1 + math.cos(math.pi * min(1, done))) / 2)
        for g in optimiser.param_groups:
            if cuda:
                g["lr"].fill_(now_rate)
            else:
                g["lr"] = now_rate
        total += train(batch)
        step, pairs = step + 1, pairs + len(batch[0])
        over = done >= 1 or step >= o.steps or o.stop_file is not None and o.stop_file.exists()
        if over or active - saved > o.save or step in (20, 100):
            each = 1 / max(1, step - since)
            mean, took = total.item() * each, 1000 * (active - marked) * each  # item() waits for the device
            export(o.out / "weights.safetensors", model, dict(seed=o.seed, step=step, pairs=pairs, seconds=round(active), digest=digest.hexdigest()))
            held_loss, exact, bits = evaluate(model, held, autocast)
            row = f"{step},{pairs},{active:.0f},{mean:.4f},{held_loss:.4f},{exact:.4f},{bits:.4f},{took:.2f},{1000 * waited * each:.2f}"
            print(row, file=log, flush=True)
            print(row, flush=True)
            total.zero_()
            since, marked, saved, waited = step, active, active, 0.0
        if over:
            break
        t = time.time()
        batch = loader.next()
        waited += time.time() - t
        active, now = active + min(time.time() - now, 2.0 if cuda else 60.0), time.time()  # if it is more, the process was stopped
    torch.save(dict(model=model.state_dict(), optimiser=optimiser.state_dict(), step=step, pairs=pairs), o.out / "checkpoint.pt")
    curves(o.out)


if __name__ == "__main__":
    main()
