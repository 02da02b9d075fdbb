"""What the members of predictors share: bits, probabilities, mixing (FORMAT.md, section 12)."""
from functools import cache

from language import Coder, need

EVEN = 32768


def bits(x):
    return x.bit_length()


def limit(x, least, most):
    return min(max(x, least), most)


def signed(x, size):
    """x modulo 2^size, as a two's complement number."""
    half = 1 << (size - 1)
    return (x + half & 2 * half - 1) - half


def divide(x, y):
    """x / y, y > 0, rounded towards 0."""
    return x // y if x >= 0 else -(-x // y)


@cache
def ln(x):
    """The natural logarithm of x > 0, with 12 bits of fraction."""
    log, m = bits(x) - 1, x << 32 - bits(x)
    for _ in range(24):
        m, log = m * m >> 31, 2 * log
        if m >= 2**32:
            m, log = m >> 1, log + 1
    return log * 2839 >> 24


def squashes():
    """squash of -2815 to 2815."""
    power, squash = 2**62, [0] * 5631
    for i in range(2816):
        p = 2**62 // (2**46 + (power >> 16))
        squash[2815 + i], squash[2815 - i] = min(p, 65535), max(65536 - p, 1)
        power = power * 4593706758521714574 >> 62
    return squash


SQUASH = squashes()
STRETCH = [ln(2 * i + 1) - ln(8191 - 2 * i) >> 4 for i in range(4096)]  # of 16 i to 16 i + 15


def squash(logit):
    return SQUASH[2815 + logit]


def stretch(p):
    return STRETCH[p >> 4]


def mixed(weights, inputs):
    """The logit that a mixer says."""
    return limit(sum(w * x for w, x in zip(weights, inputs)) >> 16, -2815, 2815)


def moved(weights, inputs, e):
    """The weights after an error e, modulo 2^32."""
    return [(w + (x * e + 8192 >> 14) + 2**31 & 2**32 - 1) - 2**31 for w, x in zip(weights, inputs)]


class Keyed(dict):
    """Values that a function makes of their keys."""

    def __init__(self, make):
        self.make = make

    def __missing__(self, key):
        self[key] = self.make(key)
        return self[key]


class Pair:
    """Two probabilities of a decision."""

    def __init__(self):
        self.fast = self.slow = EVEN

    def code(self, coder):
        bit = coder.decode(limit(self.fast + self.slow >> 1, 32, 65503))
        self.fast += 65535 * bit - self.fast >> 4
        self.slow += 65535 * bit - self.slow >> 7
        return bit


class Counter:
    """A probability of 22 bits, and how often it was used."""

    def __init__(self, p=2**21, n=0):
        self.p, self.n = p, n

    def logit(self):
        return stretch(self.p >> 6)

    def learn(self, bit):
        self.p += (bit * (2**22 - 1) - self.p) * (2**17 // (2 * self.n + 7)) >> 16
        self.n = min(self.n + 1, 255)


class Curve:
    """What followed logits in a context."""

    def __init__(self):
        self.points = [squash(limit(176 * (k - 16), -2815, 2815)) for k in range(33)]

    def refine(self, logit):
        k, r = divmod(logit + 2816, 176)
        self.at = k + (r > 88)
        return (self.points[k] * (176 - r) + self.points[k + 1] * r) // 176

    def learn(self, bit):
        self.points[self.at] += 65535 * bit - self.points[self.at] >> 5


class Member(Coder):
    """The decoder of a member."""

    def flat(self, n):
        """A flat number of n bits."""
        v = 0
        for _ in range(n):
            v = 2 * v + self.decode(EVEN)
        return v

    def finish(self):
        """Checks that the member is the shortest one."""
        need(self.pos - len(self.data) == (3 if self.low else 4), "length of a member")
        need(not self.low or self.x == (self.low >> 24) + 1 << 24, "end of a member")
