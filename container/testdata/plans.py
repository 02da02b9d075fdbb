"""Plans (FORMAT.md, section 9)."""
from collections import Counter
from itertools import accumulate
from math import gcd

from branches import branches, known
from columns import Framing, columns, fields, kinds
from disguise import lookup, multiples, scaled
from encoded import converted, distinct, normals
from letters import bits, letters
from lines import lines
from language import (
    ADD, BETWEEN, BRANCHES, COLUMNS, CONCATENATE, CONVERTED, DISTINCT, EXPAND, FIELDS, FLOATS, INTERLEAVE, KINDS, LETTERS, LINES, LMS, LOOKUP, MEDIAN, MIX, MULTIPLES, NORMALS, PACK, PAETH, PAYLOAD, PREDICT, RECORDS, REVERSE,
    SCALED, SCAN, TRANSPOSE, XOR, ZIGZAG, execute, need, reading)


def segment_steps(size):
    """What the programs of a segment may take together (§8)."""
    return 160 * min(size, 2**21) + 16384 - 4 * max(0, size - 2**21)


class Plan:
    """A plan for a segment of size bytes (§9)."""

    def __init__(self, nodes, output, size, version=3):
        need(output >= 0 and size <= (2**25 if version > 2 else 2**21), "plan")
        need(version > 2 or all(op < EXPAND for op, _, _ in nodes), "operation of version 3")
        self.part = min(size, 2**21)  # P
        self.nodes, self.output, self.size = nodes, output, size
        self.sizes, self.stated, self.streams = {output: size}, [], {}
        for op, args, refs in nodes:
            known = [self.stated[r] for r in refs]
            n = args[1] if op == BETWEEN else None if op in (PAYLOAD, PACK, EXPAND, LETTERS, LINES, LOOKUP, DISTINCT) or None in known else sum(known)
            self.stated.append(None if n is None or n < 0 else n)
        for i in range(output, -1, -1):
            if i in self.sizes:
                self.lay_out(i, self.sizes[i])
        need(sorted(self.streams) == list(range(len(self.streams))), "streams of a plan")
        need(sum(self.streams.values()) <= size + self.part + 4096, "length of the streams")
        self.count()

    def lay_out(self, i, z):
        """Notes how long the arguments of node i are, which has z bytes."""
        op, args, refs = self.nodes[i]
        self.check(op, args)
        wants = [z]
        if op == PAYLOAD:
            need(0 <= args[0] < 64 and self.streams.setdefault(args[0], z) == z, "stream")
        elif op == BETWEEN:
            need(args == [0, z], "indices in a plan")
        elif op == INTERLEAVE:
            wants = [z - z // 2, z // 2]
        elif op in (CONCATENATE, RECORDS, KINDS):
            s, t = (self.stated[r] for r in refs)
            if s is None and op == CONCATENATE:
                need(t is not None, "no stated length")
                s = z - t
            need(s is not None and 0 <= s <= z, "stated length")
            wants = [s, z - s]
        elif op == PACK:
            g, n = group(args[0])
            wants = [z // g * n * (4 if g == 3 and n == 1 else 2) + z % g]
        elif op == EXPAND:
            wants = [self.stated[r] for r in refs]
            need(None not in wants and wants[0] <= z and wants[1] % sum(args[1]) == 0, "stated lengths of an expand")
        elif op == LINES:
            wants = [self.stated[r] for r in refs]
            need(None not in wants and 1 <= args[1] <= z + 1, "stated lengths or rows of lines")
        elif op == LETTERS:
            wants = [self.stated[r] for r in refs]
            need(None not in wants, "stated lengths of letters")
        elif op == LOOKUP:
            w, i = abs(args[0]), args[1]
            t = self.stated[refs[1]]
            need(i in (1, 2) and t is not None and t % w == 0 and t // w <= 256**i, "table of a lookup")
            wants = [z // w * i + z % w, t]
        elif op == DISTINCT:
            w, i = args
            t = self.stated[refs[1]]
            need(1 <= w <= 255 and 1 <= i <= 4 and t is not None and t % w == 0 and t <= z, "groups of a distinct")
            wants = [z // w * i + z % w, t]
        for ref, want in zip(refs, wants):
            need(want <= max(4 * self.part, self.size) + 4096, "length of a list")
            need(self.sizes.setdefault(ref, want) == want, "two lengths of a list")

    def count(self):
        """The steps of the plan, and the bytes of lists that are in use at a time (§9)."""
        times, room, self.steps = {self.output: 1}, {}, 0
        for i in sorted(self.sizes, reverse=True):
            op, args, refs = self.nodes[i]
            for r in refs:
                times[r] = times.get(r, 0) + times[i]
            lengths = [self.sizes[r] for r in refs]
            self.steps += reading(op, args, refs) + times[i] * steps(op, args, self.sizes[i], *lengths)
        need(self.steps <= segment_steps(self.size), "steps of a plan")
        for i in sorted(self.sizes):
            op, args, refs = self.nodes[i]
            below = [room[r] for r in refs] + [{RECORDS: 2, KINDS: 10}[op] * (self.sizes[refs[0]] // args[0]) if op in (RECORDS, KINDS) else 0]
            own = sum(self.sizes[r] for r in refs) if op in (INTERLEAVE, TRANSPOSE, FIELDS, RECORDS, PACK, COLUMNS, KINDS, LINES, LOOKUP, LETTERS, DISTINCT) else 0
            own += self.sizes[refs[1]] if op == EXPAND else 0
            room[i] = own + max(below)
        self.room = room[self.output]
        need(self.room <= 4 * self.part + 4096, "lists of a plan")

    @staticmethod
    def check(op, args):
        if PREDICT <= op <= FLOATS or op in (MIX, SCALED, MULTIPLES, LOOKUP, CONVERTED):
            need(args[0] in (1, 2, 4, 8, -2, -4, -8), "element")
        if op in (PAETH, MEDIAN, XOR):
            need(min(args[1:]) >= 1, "distance")
        if op == PREDICT:
            need(0 <= args[1] <= 30 and len(args[2]) <= 64 and len(args[2]) % 2 == 0, "prediction")
            need(all(d >= 1 for d in args[2][::2]), "distance")
        if op == MIX:
            need(0 <= args[1] <= 30 and len(args[2]) <= 1024 and mixed(args[2]), "mix")
        if op == BRANCHES:
            need(known(args[0]) and args[1] >= 0, "branches")
        if op == SCALED:
            scaled(*args)
        if op == MULTIPLES:
            multiples(*args)
        if op == LETTERS:
            bits(args[0])
        if op == CONVERTED:
            converted(*args)
        if op == TRANSPOSE:
            need(min(args) >= 1, "transposition")
        if op == FIELDS:
            need(args[0] and min(args[0]) >= 1 and sum(args[0]) <= 2**21, "fields")
        if op == LMS:
            w, c, h, d = args
            need(w in (1, 2, 4, -2, -4) and 0 <= h <= 30 and 1 <= len(d) <= 32, "adaptive prediction")
            need(c >= 1 and c * len(d) <= 4096 and all(1 <= k <= 16384 for k in d), "adaptive prediction")
        if op == PACK:
            need((9 <= abs(args[0]) <= 15 or abs(args[0]) == 24) and 0 <= args[1] <= 2 and (args[1] < 2 or abs(args[0]) == 12), "packing")
        if op == EXPAND:
            need(1 <= args[0] <= 65536 and len(args[1]) == 3 and sum(args[1]) > 0 and all(0 <= w <= 4 for w in args[1]), "copies")
        if op == COLUMNS:
            need(args[0] and fields(args[0], 0), "columns")
        if op == KINDS:
            Framing(*args)
        if op == RECORDS:
            h, (p, w, c, *types) = args[0], args[1] if len(args[1]) >= 3 else (0, 8, 0)
            need(w in (0, 1, 2, 4, -2, -4) and 1 <= h <= 8 and 0 <= p <= h - max(abs(w), 1) and 0 <= c <= 65536, "records")
            need(len(types) % 2 == 0 and not (w and types), "types of records")
            need(all(0 <= t <= 255 for t in types[::2]) and all(n >= 0 for n in types[1::2]), "types of records")

    def make(self, streams):
        self.given = streams
        return self.list(self.output)

    def list(self, i):
        op, args, refs = self.nodes[i]
        if op == PAYLOAD:
            return self.given[args[0]]
        s, t = ([self.list(r) for r in refs] + [b""])[:2]
        if op == EXPAND:
            return expand(s, t, self.sizes[i], *args)
        if op == BRANCHES:
            return branches(s, *args)
        if op == LINES:
            return lines(s, t, self.sizes[i], *args)
        if op == LOOKUP:
            return lookup(s, t, self.sizes[i], *args)
        if op == LETTERS:
            return letters(s, t, self.sizes[i], *args)
        if op == DISTINCT:
            return distinct(s, t, self.sizes[i], *args)
        if op == NORMALS:
            return normals(s)
        return bytes(self.result(op, args, s, t))

    def result(self, op, args, s, t):
        if op == BETWEEN:
            return s
        if op == CONCATENATE:
            return s + t
        if op in (REVERSE, INTERLEAVE):
            return execute(op, args, list(s), list(t))
        if op in (SCAN, ADD):
            return [v & 255 for v in execute(op, args, list(s), list(t))]
        if op == TRANSPOSE:
            w, n = args
            count = len(s) // w
            order = [i for k in range(min(n, count)) for i in range(k, count, n)]
            out = bytearray(s)
            for at, i in enumerate(order):
                out[i * w:i * w + w] = s[at * w:at * w + w]
            return out
        if op == FIELDS:
            count, out = len(s) // sum(args[0]), bytearray()
            starts = [0, *accumulate(w * count for w in args[0])]
            for i in range(count):
                for at, w in zip(starts, args[0]):
                    out += s[at + i * w:at + i * w + w]
            return out + s[starts[-1]:]
        if op == RECORDS:
            return records(s, t, args[0], *args[1])
        if op == COLUMNS:
            return columns(s, *args)
        if op == KINDS:
            return kinds(s, t, *args)
        if op == LMS:
            return lms(s, *args)
        if op == PACK:
            return pack(s, *args)
        return elements(op, args, s)


def steps(op, args, z, s=0, t=0):
    """The steps of an execution for a list of z bytes, of arguments of s and t bytes (§9)."""
    m = sum(len(a) for a in args if isinstance(a, list))
    each = {ZIGZAG: 4, FLOATS: 4, XOR: 4, SCALED: 32, MULTIPLES: 12, LOOKUP: 8, CONVERTED: 64, MEDIAN: 16, PAETH: 18, PREDICT: 4 + m}.get(op)
    if op == LMS:
        channels, r = runs(args[1], args[3])
        each = 20 + m // 4 if r == 1 else 12 + 5 * r + m
    if op == MIX:
        each = 8
    if each is not None:
        e = z // abs(args[0])
        own = e * (each + (2 + -args[0] // 2 if args[0] < 0 else 0)) + (128 * min(channels, e) if op == LMS else 0)
        own += m * -(-e // len(mixed(args[2]))) if op == MIX else 0
    elif op == TRANSPOSE:
        own = 8 * (z // args[0])
    elif op == FIELDS:
        own = 8 * m * (z // sum(args[0]))
    elif op == RECORDS:
        own = 4 * z + 32 * (s // args[0])
    elif op == COLUMNS:
        own = 8 * m + 14 * z + 8 * (m // 3) * (z // sum(map(abs, args[0][::3])))
    elif op == KINDS:
        own = 8 * m + 32 * z + 32 * (s // args[0])
    elif op == LINES:
        own = z + 16 * (args[1] + s + t)
    elif op == LETTERS:
        own = 6 * z + 48 * t
    elif op == DISTINCT:
        own = z + 12 * s
    elif op == EXPAND:
        own = 64 * (t // sum(args[1]))
    else:
        own = z * {REVERSE: 1, ADD: 1, INTERLEAVE: 1, SCAN: 3, PACK: 8, NORMALS: 8, BRANCHES: 5}.get(op, 0)
    return 64 + 2 * m + z // 4 + own


def mixed(numbers):
    """The pairs of a distance and a coefficient of each channel of a mix (§9)."""
    channels, k = [], 0
    while k < len(numbers):
        n = numbers[k]
        need(0 <= n <= 32 and k + 2 * n < len(numbers), "pairs of a mix")
        pairs = numbers[k + 1:k + 1 + 2 * n]
        need(all(d >= 1 for d in pairs[::2]), "distance")
        channels.append(list(zip(pairs[::2], pairs[1::2])))
        k += 1 + 2 * n
    return channels


def runs(c, distances):
    """The channels of an adaptive prediction and the rows of its distances (§9)."""
    channels = 1 if any(d % c for d in distances) else c
    d = sorted(k // channels for k in distances)
    return channels, 1 + sum(b != a + 1 for a, b in zip(d, d[1:]))


def elements(op, args, s):
    """The result of an operation on elements (§9)."""
    size, order = abs(args[0]), "little" if args[0] > 0 else "big"
    bits, x = 8 * size, []
    mask = 2**bits - 1
    channels = mixed(args[2]) if op == MIX else []
    makers = {SCALED: scaled, MULTIPLES: multiples, CONVERTED: converted}
    element = makers[op](*args) if op in makers else None

    def at(i):
        return x[i] if i >= 0 else 0

    def signed(v, bits=bits):
        return v - 2**bits if v >> (bits - 1) else v

    for i in range(len(s) // size):
        r = int.from_bytes(s[i * size:i * size + size], order)
        if op == PREDICT:
            sums = sum(c * signed(at(i - d)) for d, c in zip(args[2][::2], args[2][1::2]))
            r += signed(sums % 2**64, 64) >> args[1]
        elif op == MIX:
            sums = sum(c * signed(at(i - d)) for d, c in channels[i % len(channels)])
            r += signed(sums % 2**64, 64) >> args[1]
        elif op in (PAETH, MEDIAN):
            d, e = args[1:]
            a, b, c = at(i - d), at(i - e), at(i - d - e)
            if op == PAETH:
                r += min((a, b, c), key=lambda v: abs(a + b - c - v))
            else:
                r += min(a, b) if c >= max(a, b) else max(a, b) if c <= min(a, b) else a + b - c
        elif op == ZIGZAG:
            r = r // 2 if r % 2 == 0 else -(r + 1) // 2
        elif op == XOR:
            r ^= at(i - args[1])
        elif element:
            r = element(r)
        elif r >> (bits - 1):
            r ^= mask >> 1
        x.append(r & mask)
    return b"".join(v.to_bytes(size, order) for v in x) + s[len(x) * size:]


def records(heads, bodies, h, p, w, c, *types):
    """Records of several kinds, as long together as both arguments (§9)."""
    need(len(heads) % h == 0, "heads of records")
    heads = [heads[i:i + h] for i in range(0, len(heads), h)]
    lengths = dict(zip(types[::2], types[1::2]))
    length = {k: (int.from_bytes(k[p:p + abs(w)], "little" if w > 0 else "big") if w else lengths.get(k[p], 0)) + c for k in heads}
    need(all(n >= h for n in length.values()) and len(length) <= 65536, "records")
    need(sum(length[k] - h for k in heads) == len(bodies), "records don't fill the list")
    rows, at = {}, 0
    for k, count in Counter(heads).items():  # in the order of the first of each
        n = length[k] - h
        rows[k] = iter([bodies[at + j:at + n * count:count] for j in range(count)])
        at += n * count
    return b"".join(k + next(rows[k]) for k in heads)


def lms(s, w, sets, h, distances):
    """The result of an adaptive prediction (§9)."""
    size, order = abs(w), "little" if w > 0 else "big"
    half, x = 2**(8 * size - 1), []
    weights = [[0] * len(distances) for _ in range(sets)]
    for i in range(len(s) // size):
        r = int.from_bytes(s[i * size:i * size + size], order, signed=True)
        past, v = [x[i - d] if i >= d else 0 for d in distances], weights[i % sets]
        total = r + (sum(a * b for a, b in zip(v, past)) >> h)
        x.append((total + half) % (2 * half) - half)
        for k, y in enumerate(past):
            v[k] += (r > 0) * (y > 0) + (r < 0) * (y < 0) - (r > 0) * (y < 0) - (r < 0) * (y > 0)
    return b"".join(v.to_bytes(size, order, signed=True) for v in x) + s[len(x) * size:]


def group(k):
    """Bytes and samples of a group of packed samples (§9)."""
    shared = gcd(abs(k), 8)
    return abs(k) // shared, 8 // shared


def pack(s, k, order):
    """Packed samples (§9)."""
    (g, n), bits, out = group(k), abs(k), bytearray()
    w = 4 if bits == 24 else 2
    while len(s) >= w * n:
        samples = [int.from_bytes(s[w * i:w * i + w], "little") % 2**bits for i in range(n)]
        if order == 0:
            out += sum(v << i * bits for i, v in enumerate(samples)).to_bytes(g, "little")
        elif order == 1:
            out += sum(v << i * bits for i, v in enumerate(reversed(samples))).to_bytes(g, "big")
        else:
            a, b = samples
            out += bytes([a & 255, a >> 8 | b >> 8 << 4, b & 255])
        s = s[w * n:]
    return out + s


def expand(literals, columns, z, least, widths):
    """Literals and copies, z bytes together (§9)."""
    n, at, numbers = len(columns) // sum(widths), 0, []
    for w in widths:
        planes = [columns[at + k * n:at + k * n + n] for k in range(w)]
        numbers.append([int.from_bytes(x, "little") for x in zip(*planes)] if w else [0] * n)
        at += w * n
    out, pos, last = bytearray(), 0, [1, 2, 4, 8]
    for run, length, number in zip(*numbers):
        need(run <= len(literals) - pos, "literals of an expand")
        out += literals[pos:pos + run]
        pos += run
        distance = last.pop(number) if number < 4 else number - 3
        last = [distance, *last][:4]
        length += least
        need(distance <= len(out) and len(out) + length + len(literals) - pos <= z, "a copy of an expand")
        piece = bytes(out[len(out) - distance:])[:length]
        out += (piece * (length // len(piece) + 1))[:length]
    out += literals[pos:]
    need(len(out) == z, "bytes of an expand")
    return bytes(out)
