"""Deflate data (RFC 1951) by the rules of FORMAT.md, section 4."""
from language import need

ORDER = (16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15)
# (base, extra bits) of the lengths from symbol 257 on, and of the distances (3.2.5).
LENGTHS = [(3 + i if i < 8 else (4 + i % 4 << i // 4 - 1) + 3, max(0, i // 4 - 1)) for i in range(28)] + [(258, 0)]
DISTANCES = [(1 + i if i < 4 else (2 + i % 2 << i // 2 - 1) + 1, max(0, i // 2 - 1)) for i in range(30)]
BLOCK_STEPS, DYNAMIC_STEPS = 16, 1024


def code(lengths, single):
    """The table of a Huffman code: (symbol, bits) by the next bits; and how many these are."""
    longest = max(lengths)
    unused = (1 << longest) - sum(1 << longest - n for n in lengths if n)
    need(unused == 0 or unused > 0 and single and longest <= 1, "Huffman code")
    table, at = [None] * (1 << longest), 0
    for n in range(1, longest + 1):
        for symbol, length in enumerate(lengths):
            if length == n:
                first = int(format(at >> longest - n, f"0{n}b")[::-1], 2)
                for k in range(first, 1 << longest, 1 << n):
                    table[k] = symbol, n
                at += 1 << longest - n
    return table, longest


FIXED = code([8] * 144 + [9] * 112 + [7] * 24 + [8] * 8, False), code([5] * 32, False)


class Inflater:
    def __init__(self, data):
        self.data, self.pos, self.acc, self.n = data, 0, 0, 0

    def fill(self):
        """At least 48 bits; zeros follow the data."""
        if self.n < 48:
            self.acc |= int.from_bytes(self.data[self.pos:self.pos + 8], "little") << self.n
            self.pos, self.n = self.pos + 8, self.n + 64

    def bits(self, k):
        v = self.acc & (1 << k) - 1
        self.acc, self.n = self.acc >> k, self.n - k
        return v

    def symbol(self, table):
        entries, longest = table
        entry = entries[self.acc & (1 << longest) - 1]
        need(entry, "bits without a symbol")
        self.acc, self.n = self.acc >> entry[1], self.n - entry[1]
        return entry[0]

    def inflate(self, most, steps):
        """The content, at most most bytes, and the steps that are left (§4, §8)."""
        out, final = bytearray(), False
        while not final:
            self.fill()
            final, kind = self.bits(1), self.bits(2)
            steps -= BLOCK_STEPS + (DYNAMIC_STEPS if kind == 2 else 0)
            need(steps >= 0, "steps of deflate blocks")
            need(kind < 3, "kind of a block")
            if kind:
                self.block(out, most, *(FIXED if kind == 1 else self.codes()))
                continue
            at = self.pos - self.n // 8
            self.acc = self.n = 0
            size = int.from_bytes(self.data[at:at + 2], "little")
            need(at + 4 + size <= len(self.data), "truncated")
            need(self.data[at + 2:at + 4] == (size ^ 0xFFFF).to_bytes(2, "little"), "length of a stored block")
            self.pos = at + 4 + size
            out += self.data[at + 4:self.pos]
            need(len(out) <= most, "member of too many bytes")
        need(self.pos - self.n // 8 == len(self.data), "deflate data does not end at the trailer")
        return bytes(out), steps

    def codes(self):
        literals, distances, n = self.bits(5) + 257, self.bits(5) + 1, self.bits(4) + 4
        need(literals <= 286 and distances <= 30, "number of symbols")
        meta = [0] * 19
        for k in ORDER[:n]:
            self.fill()
            meta[k] = self.bits(3)
        meta, lengths = code(meta, False), []
        while len(lengths) < literals + distances:
            self.fill()
            s = self.symbol(meta)
            need(s != 16 or lengths, "nothing to repeat")
            if s < 16:
                lengths.append(s)
            elif s == 16:
                lengths += lengths[-1:] * (3 + self.bits(2))
            else:
                lengths += [0] * (3 + self.bits(3) if s == 17 else 11 + self.bits(7))
        need(len(lengths) == literals + distances, "lengths of codes")
        need(lengths[256], "no code for the end")
        return code(lengths[:literals], True), code(lengths[literals:], True)

    def block(self, out, most, literals, distances):
        while True:
            self.fill()
            s = self.symbol(literals)
            need(self.pos - self.n // 8 <= len(self.data), "truncated")
            if s == 256:
                return
            if s < 256:
                out.append(s)
            else:
                need(s < 286, "symbol without a meaning")
                base, extra = LENGTHS[s - 257]
                length = base + self.bits(extra)
                s = self.symbol(distances)
                need(s < 30, "symbol without a meaning")
                base, extra = DISTANCES[s]
                distance = base + self.bits(extra)
                need(distance <= len(out), "distance")
                for _ in range(length):
                    out.append(out[-distance])
            need(len(out) <= most, "member of too many bytes")
