"""The numbers of groups that predictors code (FORMAT.md, section 12)."""
from collections import defaultdict

from arith import EVEN, Counter, Curve, Member, Pair, bits, divide, limit, mixed, moved, squash
from language import need
from predictors import Channel, Samples, scaled


class Mixer:
    """Decisions from the counters of all contexts and values, and a mixing of them."""

    def __init__(self, p, count):
        m, v = p.contexts.bit_count() + p.values.bit_count(), p.values.bit_count()
        self.shift = 32 - min(bits(count) + 4, 18) - bits(v - 1) if v else 0
        self.counters = defaultdict(Counter)
        self.weights = defaultdict(lambda: [58982 // m] * (m + 1))
        self.curves = defaultdict(Curve)

    def begin(self, contexts, values, scale, last):
        """Sets the classes of contexts, and origins and hashes of values, by their ranks."""
        self.contexts, self.values, self.scale, self.last = contexts, values, scale, last

    def hash(self, origin, h, mid, node):
        k = (h + (mid - origin) * 0xC2B2AE35 & 0xFFFFFFFF ^ node * 0x27D4EB2F & 0xFFFFFFFF) * 0x9E3779B1
        return (k & 0xFFFFFFFF) >> self.shift

    def code(self, coder, mid, node):
        found = [self.counters[k, c, node] for k, c in enumerate(self.contexts)]
        found += [self.counters[self.hash(*v, mid, node)] for v in self.values]
        inputs = [c.logit() for c in found] + [256]
        sets = [self.weights[node], self.weights[self.scale, min(node, 31)]]
        said = [mixed(s, inputs) for s in sets]
        logit, curve = divide(sum(said), 2), self.curves[self.last, node]
        bit = coder.decode(limit(squash(logit) + curve.refine(logit) >> 1, 1, 65535))
        for s, logit in zip(sets, said):
            s[:] = moved(s, inputs, 65535 * bit - squash(logit))
        for learner in [curve] + found:
            learner.learn(bit)
        return bit


def quant(v, scale):
    """The class of an error relative to a scale."""
    k = min(bits(4 * abs(v) // max(scale, 1)), 4)
    return -k if v < 0 else k


def half(v, scale):
    return divide(quant(v, scale), 2)


def ratio(a, b):
    return min(4 * a // max(b, 1), 7)


def near(v):
    return limit(v, -31, 31) % 64


class Decoder(Member):
    """The numbers of a member."""

    def __init__(self, member, p, count):
        super().__init__(member)
        self.p, self.count = p, count
        self.levels, self.inputs, self.wrong, self.gaps = ([0] * count for _ in range(4))
        self.left = p.decisions * count // 4 + 4096
        self.pairs = defaultdict(Pair)
        self.mixer = Mixer(p, count) if p.contexts or p.values else None
        self.even = 180 if p.values else 164
        self.channels = [self.channel(k) for k in range(min(p.channels, count))]

    def channel(self, turn):
        """Reads a lane."""
        p = self.p
        if p.floats:
            exponent = max(self.flat(p.exponent_bits), 1)
            most = 2**(p.fraction + p.hidden - p.drop) - 1
            h = Channel(p, turn, 0, 1, -most, most)
            h.exponent, h.gap, h.again = exponent, defaultdict(Pair), Pair()
            h.whole, h.low, h.stand_in = defaultdict(Pair), defaultdict(Pair), 0
            return h
        zero, step, least, most = (self.lane_number() for _ in range(4))
        zero, step, least = zero + p.least, step + 1, least - 2**31
        most += least
        need(zero <= p.most and most < 2**31, "lane")
        need(p.least <= zero + least * step and zero + most * step <= p.most, "lane")
        return Channel(p, turn, zero, step, least, most)

    def lane_number(self):
        n = self.flat(6)
        need(n <= 32, "number of a lane")
        return 1 << n - 1 | self.flat(n - 1) if n else 0

    def decision(self, code, *args):
        self.left -= 1
        need(self.left >= 0, "decisions of a predictor")
        return code(self, *args)

    def numbers(self):
        """Reads all numbers."""
        out = []
        for i in range(self.count):
            h = self.channels[i % self.p.channels]
            h.predict(self.levels, self.inputs, i)
            out.append(self.float(h, i) if self.p.floats else h.zero + h.step * self.level(h, i))
        return out

    def level(self, h, i):
        """Reads the level of number i, and learns it."""
        self.start, self.end = h.least, h.most + 1  # the level is from start to end - 1
        unit = self.contexts(h, i)
        middle = h.guess + 128 >> 8
        side = self.decide(middle, 0)
        reached, bucket, b = 0, 0, 0
        while self.start + 1 < self.end:
            reached += 1 << max(b - 2, 0) // 2 + unit
            bucket = min(b, 28)
            if self.decide(middle + reached if side else middle - reached, 1 + 2 * bucket + side) != side:
                break
            b += 1
        within, depth = 2 * min(bucket, 20) + side, 0
        while self.start + 1 < self.end:
            node = 60 + 50 * depth + within if depth < 2 else 160 + 2 * min(depth, 10) + side
            self.decide(self.start + self.end >> 1, node)
            depth += 1
        level = self.levels[i] = self.start
        self.inputs[i] = scaled(level, h.scaling)
        self.wrong[i] = h.learn(level, self.inputs[i])
        return level

    def decide(self, mid, node):
        """Reads whether the level is at least mid."""
        if mid <= self.start:
            return 1
        if mid >= self.end:
            return 0
        if node >= self.even:
            bit = self.decode(EVEN)
        elif self.mixer:
            bit = self.decision(self.mixer.code, mid, node)
        else:
            bit = self.decision(lambda coder: self.pairs[self.pair, node].code(coder))
        if bit:
            self.start = mid
        else:
            self.end = mid
        return bit

    def contexts(self, h, i):
        """Finds the contexts of number i, and returns the log2 of the unit of buckets."""
        p, c, r = self.p, self.p.channels, self.p.row
        e = lambda distance: self.wrong[i - distance] if i >= distance else 0
        scale = near_scale = h.fast + h.slow >> 1
        last, texture = quant(h.last[0], h.slow) + 4, 0
        if r:
            near_scale = (2 * abs(e(c)) + 2 * abs(e(r)) + abs(e(r - c)) + abs(e(r + c))) // 6
            scale = (h.fast + h.slow + 4 * near_scale) // 6
            texture = half(e(c), scale) + 2 + 5 * (half(e(r), scale) + 2)
        elif c > 1:
            texture = quant(e(1), h.slow) + 4 + 9 * (half(e(2), h.slow) + 2)
        size = bits(scale)
        v = 4 * min(size, 24) + (8 * scale >> size) % 4
        if not self.mixer:
            self.pair = v, texture % 9 if r or c > 1 else last
            return max(size - 9, 0)
        classes = [
            v,
            45 * last + 5 * (quant(h.last[1], h.slow) + 4) + half(h.last[2], h.slow) + 2,
            8 * min(v // 2, 47) + (h.guess >> 5) % 8,
            64 * ratio(h.fast, h.slow) + min(h.turn, 63),
            8 * texture + ratio(near_scale, h.slow),
            quant(4 * (h.first - h.guess), h.slow) + 4,
        ]
        self.mixer.begin([k for b, k in enumerate(classes) if p.contexts >> b & 1], self.values(h, i), v, last)
        return max(size - 9, 0)

    def values(self, h, i):
        """Origins and hashes of values."""
        p, level = self.p, lambda distance: self.levels[i - distance] if i >= distance else 0
        c, r = p.channels, p.row
        x1, x2, o1, o2 = level(c), level(2 * c), level(r or 1), level((r or 1) + c)
        q, q1 = h.guess + 128 >> 8, h.first + 128 >> 8
        all = [
            (0, 0),
            (x1, near(x1 - x2)),
            (q, near(h.last[0] >> 8)),
            (q, q % 65536),
            (x1, near(x1 - x2) + 64 * near(o1 - o2)),
            (q1, near(q - q1)),
            (o1, near(x1 - x2)),
            (q, (h.guess >> 5) % 8 + 8 * near(x1 - q)),
        ]
        some = [v for b, v in enumerate(all) if p.values >> b & 1]
        return [(o, (64 * j + min(h.turn, 63)) * 0x9E3779B1 + key * 0x85EBCA6B) for j, (o, key) in enumerate(some)]

    def float(self, h, i):
        """Reads the floating point number i."""
        p, gaps = self.p, lambda distance: self.gaps[i - distance] if i >= distance else 0
        above = gaps(p.row) if p.row else 0
        self.gaps[i] = self.decision(h.gap[4 * gaps(p.channels) + 2 * gaps(2 * p.channels) + above].code)
        if self.gaps[i]:
            self.levels[i] = h.guess + 128 >> 8
            self.inputs[i] = scaled(self.levels[i], h.scaling)
            if not h.again.code(self):
                h.stand_in = self.flat(p.size)  # the sign first
            return h.stand_in
        level = self.level(h, i)
        if level == 0:
            if self.decision(h.whole[0].code):
                return 0
            sign, (_, one) = self.flat(1), self.rest(h, 1)
            return sign << p.size - 1 | self.flat(bits(one - 1))
        n, v = self.rest(h, abs(level))
        if n and not self.decision(h.whole[n].code):
            zeros = (p.fraction + p.hidden - n - bits(abs(level))) % p.radix
            more = self.flat(max(n - 12, 0))
            for k in reversed(range(min(n, 12))):
                more = 2 * more + h.low[k, zeros].code(self)
            v += more
        return v | (level < 0) << p.size - 1

    def rest(self, h, level):
        """How many bits a level leaves over, and the number if these are 0."""
        p = self.p
        missing = p.fraction + p.hidden - p.drop - bits(level)
        down = min(missing // p.radix, h.exponent - p.hidden)
        n = p.drop + down * p.radix
        s = level << n
        if not p.hidden:
            return n, (h.exponent - down << p.fraction) + s
        e = h.exponent - down if s >> p.fraction else 0
        return n, (e << p.fraction) + s % 2**p.fraction


def predicted(components, member, size, most_memory):
    """The group of so many bytes that the member restores to by a predictor."""
    p = Samples(components, most_memory)
    d = Decoder(member, p, size // 3 * 2 if p.packed else size // p.width)
    out = p.bytes(d.numbers())
    out += bytes(d.flat(8) for _ in range(size - len(out)))
    d.finish()
    return out
