#!/usr/bin/env python3
"""Restores a ktzip file from standard input to standard output.

Written from FORMAT.md (sections in parentheses) to show that it can be; slow,
and used by a test of package codec.
"""
import os
import sys
import zlib


class Invalid(Exception):
    pass


def need(ok, what):
    if not ok:
        raise Invalid(what)


class Bytes:
    def __init__(self, data, pos=0):
        self.data, self.pos = data, pos

    def take(self, n):
        need(self.pos + n <= len(self.data), "truncated")
        self.pos += n
        return self.data[self.pos - n:self.pos]

    def u8(self):
        return self.take(1)[0]

    def uvarint(self):  # (1)
        value = shift = 0
        while True:
            c = self.u8()
            value |= (c & 127) << shift
            if c < 128:
                need(c or not shift, "long uvarint")
                need(value < 1 << 64, "uvarint beyond 64 bits")
                return value
            shift += 7
            need(shift < 64, "uvarint beyond 64 bits")

    def crc(self, start):
        want = zlib.crc32(self.data[start:self.pos])
        need(int.from_bytes(self.take(4), "little") == want, "crc")


def load_models():
    """The initial state of all models (6)."""
    models = {}
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "edition1.tsv")
    with open(path) as f:
        for line in f:
            if not line.startswith("#"):
                number, p, n = map(int, line.split("\t"))
                models[number] = (p, n)
    return models


INITIAL = load_models()

# s: (name, integer arguments as (letter, model) in the order of the bits,
#     number of list arguments, order of the integers in the text) (7)
TABLE = {
    0: ("set_list", [("L", 2342)], 0),
    1: ("range_func_up", [("V", 3273), ("E", 3867)], 0),
    2: ("range_func_interval", [("N", 5135), ("V", 4204), ("E", 4798)], 0),
    3: ("repeat_num", [("N", 5472), ("V", 5809)], 0),
    4: ("repeat_list", [("N", 6403)], 1),
    5: ("reverse_list", [], 1),
    6: ("substitute", [("V", 6740), ("V", 7334)], 1),
    7: ("jumps", [("N", 7928)], 1),
    8: ("between", [("N", 8265), ("E", 8602)], 1),
    9: ("max_n", [("V", 8939)], 1),
    10: ("min_n", [("V", 9533)], 1),
    11: ("add_item", [("V", 10127)], 1),
    12: ("subtract_item", [("V", 10721)], 1),
    13: ("modulo_item", [("V", 11315)], 1),
    14: ("is_even", [], 1),
    15: ("is_odd", [], 1),
    16: ("is_not_zero", [], 1),
    17: ("scan_add", [], 1),
    18: ("add_two", [], 2),
    19: ("subtract_two", [], 2),
    20: ("modulo_two", [], 2),
    21: ("concatenate", [], 2),
    22: ("interleave", [], 2),
    23: ("payload", [("N", 11909)], 0),
}


class Section:
    """Bits, numbers and programs of a section (6, 7)."""

    def __init__(self, data):
        self.data, self.pos = data, 0
        self.models = dict(INITIAL)
        self.low, self.high, self.x = 0, 2**32 - 1, 0
        for _ in range(4):
            self.x = self.x << 8 | self.next()
        self.flags = (0, 0)

    def next(self):
        self.pos += 1
        need(self.pos <= len(self.data) + 8, "section ends")
        return self.data[self.pos - 1] if self.pos <= len(self.data) else 0

    def decode(self, p):
        mid = self.low + ((self.high - self.low) * p >> 16)
        bit = int(self.x <= mid)
        if bit:
            self.high = mid
        else:
            self.low = mid + 1
        while self.low >> 24 == self.high >> 24:
            self.low = self.low << 8 & 0xFFFFFFFF
            self.high = (self.high << 8 | 255) & 0xFFFFFFFF
            self.x = (self.x << 8 | self.next()) & 0xFFFFFFFF
        need(self.pos <= len(self.data) + 4, "section ends")
        return bit

    def bit(self, m):
        p, n = self.models.get(m, (32768, 0))
        b = self.decode(p)
        p += (65536 * b - p) * (65536 // (2 * n + 3)) >> 15
        self.models[m] = (min(max(p, 32), 65504), min(n + 1, 127))
        return b

    def symbol(self, k, m):
        node = 1
        for _ in range(k):
            node = 2 * node + self.bit(m + node)
        return node - (1 << k)

    def integer(self, m):
        length = self.symbol(6, m)
        need(length <= 33, "length of a number")
        if length == 0:
            return 0
        v = t = 1
        for _ in range(length - 1):
            if t < 8:
                b = self.bit(m + 64 + 8 * length + t)
                t = 2 * t + b
            else:
                b = self.decode(32768)
            v = 2 * v + b
        return -v if self.bit(m + 336) else v

    def number(self, m):
        return small(self.integer(m))

    def value(self, m):
        return self.number(m + 257) if self.bit(m) else self.symbol(8, m + 1)

    def flag(self):
        before, last = self.flags
        f = self.bit(2 * before + last)
        self.flags = (last, f)
        return f

    def program(self, parent, elements):
        self.nodes, self.begun, self.elements = [], 0, elements
        self.expr(parent, 0)
        return self.nodes

    def expr(self, parent, arg):
        s = self.symbol(5, 4 + 64 * parent + 32 * arg)
        if s == 24:
            d = self.number(1668)
            need(0 <= d < len(self.nodes), "reference")
            return len(self.nodes) - 1 - d
        need(s < 24 and (s != 23 or self.plan), "operation")
        self.begun += 1
        need(self.begun <= 1024, "nodes")
        name, numbers, lists = TABLE[s]
        args = []
        for letter, m in numbers:
            if letter == "V":
                args.append(self.value(m))
            elif letter == "N":
                args.append(self.number(m))
            elif letter == "L":
                n = self.number(m)
                need(0 <= n <= self.elements, "literal")
                self.elements -= n
                args.append([self.value(m + 337) for _ in range(n)])
            else:
                k = args[0] if name == "range_func_interval" else 1
                step = max(k, 1)
                q = self.integer(m)
                r = self.integer(2005) if step > 1 else 0
                need(0 <= r < step, "rest")
                args.append(small(args[-1] + 1 + q * step + r))
        if name == "range_func_interval":
            args = [args[1], args[2], args[0]]
        refs = [self.expr(s, a) for a in range(lists)]
        self.nodes.append((name, args, refs))
        return len(self.nodes) - 1


def small(v):
    need(-2**31 <= v < 2**31, "number beyond 32 bits")
    return v


def run(nodes, size):
    """The output of a program of a block of size bytes, and its steps (8)."""
    lists, steps, elements = [], 0, 0
    for name, args, refs in nodes:
        s = lists[refs[0]] if refs else []
        t = lists[refs[1]] if len(refs) > 1 else []
        a, b, c = (args + [0, 0, 0])[:3]
        literal, params = 0, len(args) + len(refs)
        if name == "set_list":
            z = literal = len(a)
        elif name == "range_func_up":
            z = b - a + 1
        elif name == "range_func_interval":
            z = len(range(a, b, c)) if c else 0
        elif name == "repeat_num":
            z = a
        elif name == "repeat_list":
            z = a * len(s)
        elif name in ("concatenate", "interleave"):
            z = len(s) + len(t)
        elif len(refs) == 2:
            z = min(len(s), len(t))
        else:
            z = len(s)
        z = max(z, 0)
        need(elements + z <= 64 * size + 1024, "elements")
        steps += 32 + 64 * params + 64 * literal + len(s) + len(t) + z
        if name in ("max_n", "min_n"):
            steps += 2 * len(s) * len(s).bit_length()
        need(steps <= 256 * size + 4096, "steps")
        need(name != "range_func_interval" and name != "jumps" or (c if name[0] == "r" else a), "step of 0")
        need(name != "modulo_item" or a, "modulus of 0")
        out = {
            "set_list": lambda: a,
            "range_func_up": lambda: range(a, b + 1),
            "range_func_interval": lambda: range(a, b, c),
            "repeat_num": lambda: [b] * a,
            "repeat_list": lambda: s * a,
            "reverse_list": lambda: s[::-1],
            "substitute": lambda: [b if v == a else v for v in s],
            "jumps": lambda: s[::a],
            "between": lambda: s[a:b],
            "max_n": lambda: sorted(s, reverse=True)[:a],
            "min_n": lambda: sorted(s)[:a],
            "add_item": lambda: [v + a for v in s],
            "subtract_item": lambda: [v - a for v in s],
            "modulo_item": lambda: [v % a for v in s],
            "is_even": lambda: [v for v in s if v % 2 == 0],
            "is_odd": lambda: [v for v in s if v % 2],
            "is_not_zero": lambda: [v for v in s if v],
            "scan_add": lambda: [sum(s[:i + 1]) for i in range(len(s))],
            "add_two": lambda: [v + w for v, w in zip(s, t)],
            "subtract_two": lambda: [v - w for v, w in zip(s, t)],
            "modulo_two": lambda: [v % w for v, w in zip(s, t) if w],
            "concatenate": lambda: s + t,
            "interleave": lambda: [v for p in zip(s, t) for v in p] + s[len(t):] + t[len(s):],
        }[name]()
        out = [small(v) for v in out]
        elements += len(out)
        lists.append(out)
    return lists[-1], steps


def member(data):
    """The content of a GZIP member (4)."""
    need(len(data) >= 18 and data[:4] == b"\x1f\x8b\x08\x00", "GZIP header")
    z = zlib.decompressobj(-15)
    try:
        raw = z.decompress(data[10:])
    except zlib.error as e:
        raise Invalid(e)
    need(z.eof and len(z.unused_data) == 8, "GZIP end")
    need(z.unused_data == zlib.crc32(raw).to_bytes(4, "little") + len(raw).to_bytes(4, "little"), "GZIP trailer")
    return raw


def segment(f, start, block, most):
    """What a segment restores to (3, 4)."""
    size, programs, raw = f.uvarint(), f.uvarint(), f.uvarint()
    need(1 <= size <= most and programs + raw <= size + size // 256 + 128, "sizes")
    total = int.from_bytes(f.take(4), "little")
    section, gz = Section(f.take(programs)), f.take(raw)
    f.crc(start)
    rest = member(gz) if raw else b""
    section.plan = True
    need(section.program(24, 0) == [("payload", [0], [])], "plan")
    section.plan = False
    out = bytearray()
    steps = 128 * min(size, 2**22) + 8192 - 64 * programs
    while len(out) < size:
        n = min(block, size - len(out))
        if section.flag():
            values, took = run(section.program(25, 64 * n + 1024), n)
            steps -= took
            need(len(values) == n and min(values) >= 0 and max(values) < 256, "output")
            need(steps >= 0, "steps of a segment")
            out += bytes(values)
        else:
            need(len(rest) >= n, "raw blocks")
            out += rest[:n]
            rest = rest[n:]
    need(not rest and section.pos >= programs and zlib.crc32(out) == total, "segment")
    return bytes(out)


def file(f, write):
    """Restores one file (2) and checks its index (5)."""
    start = f.pos
    need(f.take(4) == b"\x9cKTZ", "magic")
    need(f.u8() == 1, "unsupported version")
    flags, edition, block, most = f.take(4)
    need(flags < 16, "flags")
    name = f.take(f.uvarint()) if flags & 1 else b"x"
    if flags & 2:
        f.uvarint()
        need(f.uvarint() <= 999999999, "nanoseconds")
    need(not flags & 4 or f.uvarint() <= 0o777, "mode")
    size = f.uvarint() if flags & 8 else None
    f.crc(start)
    need(edition == 1, "unsupported version")
    need(4 <= block <= 12 and block <= most <= 26, "block or segment size")
    need(len(name) <= 4096 and not set(name) & set(b"/\\\0") and name not in (b"", b".", b".."), "name")
    parts, total = [f.pos - start], 0
    while True:
        at = f.pos
        tag = f.u8()
        if tag != 1:
            break
        data = segment(f, at, 1 << block, 1 << most)
        write(data)
        parts += [f.pos - at, len(data)]
        total += len(data)
    need(tag == 2, "tag")
    parts.insert(1, len(parts) // 2)
    need([f.uvarint() for _ in parts] == parts, "index")
    need(size is None or size == total, "size")
    f.crc(at)
    groups = sevens(f.pos - at)  # written from the highest down: a reverse uvarint
    back = bytes(reversed([c | 128 for c in groups[:-1]] + groups[-1:]))
    need(f.take(len(back) + 1) == back + b"\xe5", "end")


def sevens(v):
    """The groups of 7 bits of v, least significant first."""
    groups = [v & 127]
    while v > 127:
        v >>= 7
        groups.append(v & 127)
    return groups


def main():
    f = Bytes(sys.stdin.buffer.read())
    sys.setrecursionlimit(10000)
    try:
        need(f.data, "no bytes")
        while f.pos < len(f.data):
            file(f, sys.stdout.buffer.write)
    except Invalid as e:
        sys.exit(f"unktz: near byte {f.pos}: {e}")


main()
