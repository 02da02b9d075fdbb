"""Makes batches of tensors of the packed texts that `ktgen --packed` writes.

A text has no program if its sequence's mark is its last token: then only its bytes are predicted.

Shapes: B texts, T tokens. A batch is x (B, T), int64, padded, and two masks (B, T-1) of the places whose next token
is predicted: of the program, and of the sequence (with the mark that ends it). B depends on T only, so that there are
few shapes, and each can be a CUDA graph.
"""
import queue
import threading

import numpy as np
import torch

from language import TOKENS

PAD, STEP = TOKENS["pad"], 16  # T is a multiple of STEP


def pieces(stream, digest=None, size=8 << 20):
    """Yields the whole texts in each size bytes of a stream: a buffer (u16), and for each text its start, its length and its sequence's length."""
    rest = b""
    while data := stream.read(size):
        if digest:
            digest.update(data)
        raw = rest + data
        buf = np.frombuffer(raw, dtype="<u2", count=len(raw) // 2)
        view = memoryview(raw)[:len(raw) // 2 * 2].cast("H")
        starts, lengths, sequences, at = [], [], [], 0
        while at + 2 <= len(view) and at + 2 + view[at] <= len(view):
            starts.append(at + 2)
            lengths.append(view[at])
            sequences.append(view[at + 1])
            at += 2 + view[at]
        rest = raw[2 * at:]
        yield buf, np.array(starts, dtype=np.int64), np.array(lengths), np.array(sequences)


def padded(buf, starts, lengths, sequences):
    """Returns the batch of some texts of a piece."""
    t = (int(lengths.max()) + STEP - 1) // STEP * STEP
    j = np.arange(t)
    x = np.where(j < lengths[:, None], buf[np.minimum(starts[:, None] + j, len(buf) - 1)], PAD).astype(np.int64)
    known, program = j[1:] < lengths[:, None], j[:-1] >= sequences[:, None]
    return tuple(torch.from_numpy(a) for a in (x, known & program, known & ~program))


def batches(stream, context, tokens, digest=None, limit=None):
    """Yields batches of tokens / T texts of about T tokens. The last batches of a piece repeat some texts.

    If there is a limit, batch k has no text of more than limit(k) tokens, unless the piece has none so short: batches
    of longer ones are left out.
    """
    rng, k = np.random.default_rng(1), 0
    for buf, starts, lengths, sequences in pieces(stream, digest):
        chunks = []
        for t in range(STEP, context // STEP * STEP + 1, STEP):
            like = rng.permutation(np.flatnonzero((lengths <= t) & (lengths > t - STEP)))
            if n := len(like):
                rows = max(1, tokens // t)
                like = np.concatenate((like, rng.choice(like, -n % rows)))
                chunks += list(like.reshape(-1, rows))
        longest = [int(lengths[c].max()) for c in chunks]
        for i in rng.permutation(len(chunks)):
            if limit is None or longest[i] <= max(limit(k), min(longest)):
                c, k = chunks[i], k + 1
                yield padded(buf, starts[c], lengths[c], sequences[c])


class Loader:
    """Makes batches in a thread: of live and, once self.last is set, of the file last, again and again. The file may still grow."""

    def __init__(self, live, last, context, tokens, digest, pin, limit):
        self.queue, self.last = queue.Queue(8), threading.Event()
        self.thread = threading.Thread(target=self.fill, args=(live, last, context, tokens, digest, pin, limit), daemon=True)
        self.thread.start()

    def fill(self, live, last, context, tokens, digest, pin, limit):
        def put(b):
            self.queue.put(tuple(t.pin_memory() for t in b) if pin else b)

        for b in batches(live, context, tokens, digest, limit):
            put(b)
            if last and self.last.is_set():
                break
        while last and self.last.is_set():
            with open(last, "rb") as f:
                for b in batches(f, context, tokens, digest):
                    put(b)
        self.queue.put(None)

    def next(self):
        """Returns the next batch, or None after the end."""
        return self.queue.get()
