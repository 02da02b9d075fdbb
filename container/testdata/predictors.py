"""Predictors: what they say, and how they predict numbers (FORMAT.md, section 12)."""
from math import isqrt

from arith import bits, divide, limit, signed
from language import CODE, FIXED, FLOATING, IBM, NLMS, OLS, PACKED12, UNSIGNED, need


def scaled(x, k):
    """floor(x 2^k)."""
    return x << k if k >= 0 else x >> -k


class Samples:
    """What a predictor says (its parameters), within its limits."""

    def __init__(self, components, most_memory):
        kinds = [s for s, _ in components]
        need(kinds == sorted(kinds) and kinds.count(FIXED) == (kinds[0] in (FLOATING, IBM)), "order of components")
        need(kinds.count(OLS) <= 1 and kinds.count(NLMS) <= 3 and kinds.count(CODE) == 1, "number of components")
        need(kinds[-1] == CODE, "end of a predictor")
        self.ols, self.filters, precision = None, [args for s, args in components if s == NLMS], 0
        for s, args in components:
            if s < FIXED:
                source, (a, self.channels, self.row) = s, args
            elif s == FIXED:
                precision = args[0]
                need(8 <= precision <= 24, "precision")
            elif s == OLS:
                self.ols = args
            elif s == CODE:
                self.contexts, self.values, self.decisions = args
        self.set_source(source, a, precision)
        need(1 <= self.channels <= 256, "channels")
        need(self.row == 0 or 2 * self.channels <= self.row <= 2**17 and self.row % self.channels == 0, "row")
        need(0 <= self.contexts < 64 and 0 <= self.values < 256, "contexts or values")
        need(1 <= self.decisions <= 80, "decisions")
        need(all(8 <= a <= 1024 and a % 8 == 0 and 4 <= b <= 15 for a, b in self.filters), "taps or shift of a filter")
        self.distances = self.neighbours() if self.ols else []
        need(self.memory() <= min(most_memory, 2**27), "memory of a predictor")

    def set_source(self, s, a, precision):
        self.big, self.width, self.floats = a < 0, abs(a), s in (FLOATING, IBM)
        allowed = {FLOATING: (2, 4, 8), IBM: (4,), PACKED12: (1, 2)}.get(s, (1, 2, 3, 4))
        need(self.width in allowed and (s != PACKED12 or a > -2), "bytes of a number")
        self.packed = a if s == PACKED12 else 0
        self.size = 12 if self.packed else 8 * self.width
        self.least, self.most = (0, 2**self.size - 1) if s == UNSIGNED else (-2**(self.size - 1), 2**(self.size - 1) - 1)
        if self.floats:
            self.exponent_bits = 7 if s == IBM else {2: 5, 4: 8, 8: 11}[self.width]
            self.fraction = self.size - 1 - self.exponent_bits
            self.hidden, self.radix = (0, 4) if s == IBM else (1, 1)
            self.drop = max(self.fraction + self.hidden - precision, 0)

    def neighbours(self):
        """How far before a number the inputs of ols are."""
        a, b, three = self.ols
        need(len(three) == 3, "parameters of ols")
        (own, other, rings), c, r = three, self.channels, self.row
        need(0 <= own <= 32 and 0 <= other <= 8 and 0 <= rings <= 4 and (rings == 0 or r), "inputs of ols")
        need(2 <= a <= 12 and 1 <= b <= 256 and b << a <= 2**18, "window of ols")
        list = [(k + 1) * c for k in range(own)]
        near = [(0, 0), (0, 1), (1, 0), (1, -1), (1, 1), (2, 0), (0, 2), (2, -1)]
        for k in range(1, c):
            list += [k + y * r + x * c for y, x in near[:other]] if r else [k + j * c for j in range(other)]
        for y in range(1, rings + 1):
            list += [y * r - x * c for x in range(-rings, rings + 1) if x * x + y * y <= rings * rings + 1 and y * r > x * c]
        need(1 <= len(list) <= 48 and len(list)**3 // 6 <= 4096 * b, "number of inputs of ols")
        return list

    def memory(self):
        n = len(self.distances)
        reach = max([2 * self.channels + 1, self.row + self.channels if self.row else 0] + self.distances)
        chunk = max(4096, reach + reach % 2)
        channel = 1024 + sum(8 * a + 16516 for a, _ in self.filters)
        if self.ols:
            stride = n // 4 * 4 + 4
            channel += 12 * n + 4 * self.ols[1] * stride + 12 * stride * stride + 12 * stride
        if self.floats:
            channel += 4 << self.exponent_bits
        contexts, values = self.contexts.bit_count(), self.values.bit_count()
        if contexts + values == 0:
            coder = 9 * 100 * 192 * 4
        else:
            coder = contexts * 512 * 192 * 4 + (contexts + values + 1) * (192 + 3200) * 4 + 9 * 192 * 33 * 2
        if values:
            coder += 4 << 18 + bits(values - 1)
        return 17 * (reach + chunk) + 8 * chunk + self.channels * channel + coder

    def bytes(self, list):
        """The bytes in which the numbers of the list stand."""
        order = "big" if self.big else "little"
        if not self.packed:
            return b"".join((v % 2**self.size).to_bytes(self.width, order) for v in list)
        out = bytearray()
        for v, w in zip(list[::2], list[1::2]):
            v, w = v % 4096, w % 4096
            if self.packed == 1:
                out += bytes([v % 256, v // 256 + w % 16 * 16, w // 16])
            elif self.packed == 2:
                out += bytes([v % 256, v // 256 + w // 256 * 16, w % 256])
            else:
                out += bytes([v // 16, v % 16 * 16 + w // 256, w % 256])
        return bytes(out)


class Ols:
    """Least squares over n inputs."""

    def __init__(self, n, fade, every):
        self.n, self.fade, self.every, self.rows = n, fade, every, []
        self.weights, self.sums = [0] * n, [[0] * (n + 1) for _ in range(n + 1)]

    def sum(self, inputs):
        return sum(w * u for w, u in zip(self.weights, inputs))

    def learn(self, row):
        self.rows.append(row)
        if len(self.rows) < self.every:
            return
        for j, sums in enumerate(self.sums):
            for k in range(j, self.n + 1):
                sums[k] += sum(r[j] * r[k] for r in self.rows) - (sums[k] >> self.fade)
        self.rows = []
        self.solve()

    def solve(self):
        top, n, most = max(self.sums[j][j] for j in range(self.n + 1)), self.n, 2**31 - 1
        if top == 0:
            return
        scale, g, inverse = max(60 - bits(top), 0), [], []  # g: columns
        for j in range(n):
            t = [0] * j + [signed((self.sums[j][k] << scale) - sum(c[j] * c[k] for c in g), 64) for k in range(j, n + 1)]
            pivot = signed(t[j] + 2**32, 64)
            if pivot < 2**30:
                return
            inverse.append(2**62 // root(pivot))
            g.append([0] * (j + 1) + [limit(t[k] * inverse[j] >> 62, -most, most) for k in range(j + 1, n + 1)])
        for j in reversed(range(n)):
            s = (g[j][n] << 16) - sum(g[j][k] * self.weights[k] for k in range(j + 1, n))
            self.weights[j] = limit(s * inverse[j] >> 62, -2**22, 2**22)


def root(v):
    """About the root of v."""
    h = (bits(v) + 1) // 2
    r = isqrt(256 * (v >> 2 * h - 8)) << h - 8
    for _ in range(2):
        r = r + v // r >> 1
    return r


class Filter:
    """An NLMS filter: the inputs and weights, the last input first."""

    def __init__(self, taps, shift):
        self.shift, self.weights, self.inputs = shift, [0] * taps, [0] * taps

    def predict(self):
        self.said = limit(signed(sum(w * y for w, y in zip(self.weights, self.inputs)), 64) >> 20, -2**23, 2**23)
        return self.said

    def learn(self, e, fraction):
        """Learns that the number was e, and returns what was wrong with the prediction."""
        wrong = e - self.said
        power = sum(y * y for y in self.inputs) + 4**max(fraction, 0)
        h = (bits(power) + 1) // 2
        g = limit(divide(wrong << 34 - self.shift, scaled(power, 8 - h) + 1), 1 - 2**31, 2**31 - 1)
        if g:
            self.weights = [signed(w + ((y << 30 - h) * g + 2**31 >> 32), 32) for w, y in zip(self.weights, self.inputs)]
        self.inputs = [limit(e, 1 - 2**24, 2**24 - 1)] + self.inputs[:-1]
        return wrong


class Channel:
    """A channel: its lane, what it predicts and what it learns."""

    def __init__(self, p, turn, zero, step, least, most):
        self.turn, self.zero, self.step, self.least, self.most = turn, zero, step, least, most
        size = bits(max(abs(least), abs(most)))
        self.scaling, self.fraction = 20 - size, min(23 - size, 8)
        self.p, self.ols = p, Ols(len(p.distances), *p.ols[:2]) if p.ols else None
        self.filters = [Filter(*f) for f in p.filters]
        self.fast, self.slow, self.last = 16384, 16384, [0, 0, 0]

    def clamp(self, guess):
        return limit(guess, 256 * self.least, 256 * self.most)

    def predict(self, levels, inputs, i):
        """Predicts the level of number i."""
        p, level = self.p, lambda distance: levels[i - distance] if i >= distance else 0
        c, r = p.channels, p.row
        if p.ols:
            self.inputs = [inputs[i - d] if i >= d else 0 for d in p.distances]
            first = scaled(self.ols.sum(self.inputs), -8 - self.scaling)
        elif r:
            first = 256 * sorted([level(c), level(r), level(c) + level(r) - level(r + c)])[1]
        else:
            first = 256 * level(c)
        self.first = self.guess = self.clamp(first)
        for f in self.filters:
            self.guess = self.clamp(self.guess + scaled(f.predict(), 8 - self.fraction))

    def learn(self, level, input):
        """Learns what the level is, and as an input of ols; returns what was wrong with the prediction."""
        if self.p.ols:
            self.ols.learn(self.inputs + [input])
        e = 256 * level - self.first >> 8 - self.fraction
        for f in self.filters:
            e = f.learn(e, self.fraction)
        w = 256 * level - self.guess
        self.fast += abs(w) - self.fast >> 3
        self.slow += abs(w) - self.slow >> 6
        self.last = [w] + self.last[:2]
        return w
