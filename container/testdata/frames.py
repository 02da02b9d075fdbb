"""Records, and what is known of the next byte of one (FORMAT.md, section 12)."""
from collections import defaultdict, namedtuple

from arith import bits, divide, signed
from language import CONTEXTS, EXPERTS, FRAMED, MATCH, MIXED, need

WORD = 2**32 - 1
VARINT = 16  # the element of a number of one or two bytes

Frame = namedtuple("Frame", "first length head at element unit plus align keys types")


class Records:
    """What a predictor says, within its limits."""

    def __init__(self, components, most_memory):
        kinds, said = [s for s, _ in components], dict(components)
        need(kinds == sorted(said) and {FRAMED, MIXED} <= set(kinds) <= {FRAMED, CONTEXTS, EXPERTS, MATCH, MIXED}, "components")
        (self.contexts,), (self.experts,), (self.match,) = (said.get(s, [0]) for s in (CONTEXTS, EXPERTS, MATCH))
        self.log, shape, sets = said[MIXED]
        need(0 <= self.contexts < 2**24 and 0 <= self.experts < 64 and self.contexts + self.experts, "contexts or experts")
        need(self.match == 0 or 2 <= self.match <= 32, "bytes of a match")
        need(16 <= self.log <= 25 and shape == 0 and not sets, "arguments of mixed")
        self.frame = frame_of(*said[FRAMED])
        need(self.memory() <= min(most_memory, 2**27), "memory of a predictor")

    def memory(self):
        contexts, experts = self.contexts.bit_count(), self.experts.bit_count()
        inputs = (2 * contexts + experts + 12) // 8 * 8
        size = (66 << self.log - 6) + 32768 * contexts + 138240 * experts + 86016 * inputs
        return size + 1130496 + (2**20 if self.match else 0)


def frame_of(first, length, list):
    """The frame of the arguments of framed."""
    need(0 <= first <= 2**30 and 0 <= length <= 2**21, "first or length of records")
    need(not list or len(list) > 6, "numbers of a frame")
    head, at, element, unit, plus, align, count = list[:7] or [0] * 7
    keys, types = list[7:7 + count], list[7 + count:]
    need(0 <= count == len(keys) and len(types) % 3 == 0, "keys or types")
    types = [types[k:k + 3] for k in range(0, len(types), 3)]
    if head == 0 or length:
        need(not any(list[:7]) and not types and (length or not first), "heads without lengths")
        return Frame(first, length, 0, 0, 0, 0, 0, 0, [], [])
    size = 2 if element == VARINT else max(abs(element), 1)
    need(0 <= head <= 64 and size <= 4 and 0 <= at <= head - size, "length in a head")
    need(1 <= unit <= 2**16 and 1 <= align <= 2**16 and -2**16 <= plus <= 2**16, "lengths of records")
    need(count <= 64 and len(types) <= 320 and (len(types) > 0) == (element == 0), "number of keys or types")
    need(all(0 <= k < head for k in keys), "key beyond a head")
    need(all(0 <= byte <= 255 and head <= n <= 2**21 and since >= 0 for byte, n, since in types), "type")
    need([t[2] for t in types] == sorted(t[2] for t in types), "order of types")
    return Frame(first, length, head, at, element, unit, plus, align, keys, types)


def hashed(h, v):
    h = (h * 0x9E3779B1 & WORD ^ v) * 0x85EBCA6B & WORD
    return h ^ h >> 15


def size_class(d):
    """The sign and the size of a difference modulo 256."""
    v = signed(d, 8)
    return bits(abs(v)) + 8 * (v < 0) & 15


class Framer:
    """Follows records."""

    def __init__(self, frame):
        self.p, self.head = frame, frame.head
        self.start, self.end, self.last, self.count = 0, frame.first, 0, 0
        self.kind = self.before = self.older = 0
        self.lasts = []  # where the last four records of this kind before this one begin, the last one first
        self.starts = defaultdict(list)  # of the kinds: the same, with this record from its body on
        self.bodies = []  # (start, kind) of the last 64 records whose bodies began
        if not frame.length and not frame.head:
            self.end = None

    def move(self, b):
        """Moves to the byte after b."""
        if len(b) == self.end:
            self.begin()
        if self.kind == 0 and self.count and len(b) == self.start + self.head:
            self.begin_body(b)
            if len(b) == self.end:
                self.begin()

    def begin(self):
        self.older, self.before, self.kind = self.before, self.kind, 0
        self.last, self.start, self.end = self.start, self.end, None
        self.lasts, self.count = [], self.count + 1

    def begin_body(self, b):
        head, kind = b[self.start:], 1
        self.end = self.start + (self.p.length or self.length(head))
        for k in self.p.keys:
            kind = hashed(kind, head[k])
        self.kind = kind | 1
        place = self.kind >> 20
        self.lasts = self.starts[place]
        self.starts[place] = ([self.start] + self.lasts)[:4]
        self.bodies = (self.bodies + [(self.start, place)])[-64:]

    def length(self, head):
        p, x = self.p, head[self.p.at:]
        if p.element == 0:
            return max([p.head] + [t[1] for t in p.types if t[0] == x[0] and t[2] < self.count][-1:])
        if p.element == VARINT:
            n = x[0] + 1 if x[0] < 128 else x[0] - 128 + 128 * x[1] + 2
        else:
            n = int.from_bytes(x[:abs(p.element)], "little" if p.element > 0 else "big")
        n = -(-(n * p.unit + p.plus) // p.align) * p.align
        return max(min(n, 2**21), p.head)

    def find(self, k):
        """The kind of the record of byte k, and which of that kind it is, the last one being 0; or None."""
        start, place = next((r for r in reversed(self.bodies) if r[0] <= k), (0, 0))
        return (place, self.starts[place].index(start)) if start in self.starts[place] else None

    def column_hash(self, column):
        return hashed(self.kind, min(column, 4000) if self.count else 0)


class View:
    """What is known of the byte after b."""

    def __init__(self, b, f, followed):
        i, column, at = len(b), len(b) - f.start, lambda k: b[k] if k >= 0 else 0
        above = f.lasts if f.kind else [f.last] if f.count > 1 else []
        self.rows = len(above)
        three = [(at(s + column), at(s + column - 1), at(s + column - 2)) for s in above]
        self.up, self.up_w, self.up_ww = zip(*three + [(0, 0, 0)] * (4 - self.rows))
        self.next = 0
        if f.kind and above and above[0] + column + 1 < i:
            self.next = at(above[0] + column + 1) - (at(above[1] + column + 1) if self.rows > 1 else 0) & 255
        self.w, self.ww = at(i - 1), at(i - 2)
        self.old = [at(f.last + column - k) if f.last + column < f.start else 0 for k in range(3)]
        self.column = self.place = f.column_hash(column)
        if not f.kind:
            self.place = hashed(hashed(f.before, f.older), self.column)
            if column:
                self.place = hashed(self.place, self.w)
        self.before, self.past = f.before, bytes(6) + b[-6:]
        self.d = [self.up[k] - self.up[k + 1] & 255 for k in range(3)]
        self.dw, self.dww = self.w - self.up_w[0] & 255, self.ww - self.up_ww[0] & 255
        self.side = (self.w > self.up_w[0]) - (self.w < self.up_w[0]) + 1
        self.after = followed[self.w, self.ww]
        self.set_numbers()

    def set_numbers(self):
        """Sets the numbers above, the known bytes of this one, and the guess."""
        x = [65536 * u + 256 * w + ww for u, w, ww in zip(self.up, self.up_w, self.up_ww)]
        y = [u + 256 * w + 65536 * ww for u, w, ww in zip(self.up, self.up_w, self.up_ww)]
        self.known, self.known_big = 256 * self.w + self.ww, 256 * self.w + 65536 * self.ww
        if self.rows == 0:
            x, y = [self.known] * 3, [self.known_big] * 2
        elif self.rows == 1:
            x, y = x[:1] * 3, y[:1] * 2
        elif self.rows == 2:
            x[2] = 2 * x[1] - x[0]
        self.x, self.y = x, y
        self.guess = x[0] - self.known + 2**15 >> 16 & 255

    def expected(self):
        """What the experts expect, in their order."""
        x, y = self.x, self.y
        step = signed(x[0] - x[1], 24)
        old = 65536 * self.old[0] + 256 * self.old[1] + self.old[2]
        return [x[0], x[0] + step, x[0] + divide(step, 2), 3 * (x[0] - x[1]) + x[2], old, 2 * y[0] - y[1]]

    def contexts(self):
        """The hashes of all contexts, in their order."""
        d, w, ww, dw = self.d, self.w, self.ww, self.dw
        sizes = size_class(d[0]) + 16 * size_class(d[1]) + 256 * size_class(d[2])
        keys = [
            self.up[0], d[0], dw, d[0] + 256 * dw, d[0] + 256 * d[1], self.up[0] + 256 * dw,
            dw + 256 * self.dww, self.up[0] + 256 * w, d[0] + 256 * d[1] + 65536 * d[2],
            (self.old[0] - self.up[0] & 255) + 256 * (w - self.old[1] & 255), w + 256 * ww, None,
            d[0] + 256 * self.next, sizes + 65536 * self.side,
            dw + 256 * (self.up_w[0] - self.up_w[1] & 255) + 65536 * d[0], self.after - self.guess & 255,
            w + 256 * ww + 65536 * self.up[0],
        ]
        list = [self.place] + [hashed(self.place, k) for k in keys if k is not None]
        list.insert(12, hashed(hashed(self.place, self.before), d[0]))
        return list + [self.anywhere(n) for n in (1, 2, 3, 4, 6)] + [self.sparse()]

    def anywhere(self, n):
        """The last n bytes, whatever the column."""
        x = int.from_bytes(self.past[-n:], "big") << 64 - 8 * n
        return hashed(hashed(x & WORD ^ n, x >> 32), self.guess)

    def sparse(self):
        """The byte before the last one, and the one before that."""
        return hashed(int.from_bytes(self.past[-3:-1], "big") + 65536, self.guess)
