"""Numbers in disguise: scaled, multiples and lookup (FORMAT.md, section 9)."""
from language import need

SIGNIFICAND = {4: 23, 8: 52}  # bits


class Scale:
    """Exchanges integers with the floating-point numbers nearest to p / q times them."""

    def __init__(self, size, p, q):
        need(size in SIGNIFICAND and p >= 1 and q >= 1, "scale")
        self.bits, self.p, self.q = SIGNIFICAND[size], p, q
        self.width = 8 * size
        self.bias = 2**(self.width - self.bits - 2) - 1

    def nearest(self, i):
        """The bits of the number nearest to i p / q, ties to even."""
        if i == 0:
            return 0
        n, d = abs(i) * self.p, self.q
        e = n.bit_length() - d.bit_length()  # 2^e <= n / d < 2^(e + 1), after the next line
        e -= n < d << e if e >= 0 else n << -e < d
        up = self.bits - e
        n, d = (n << up, d) if up >= 0 else (n, d << -up)
        x, rest = divmod(n, d)
        x += 2 * rest > d or 2 * rest == d and x % 2
        return (e + self.bias - 1 << self.bits) + x + (1 << self.width - 1 if i < 0 else 0)

    def swap(self, x):
        """What the number with the bits x is exchanged with."""
        most, top = 2**self.bits, 2**(self.width - 1)
        i = x - 2 * top if x >= top else x
        if -most <= i <= most:
            return self.nearest(i)
        exponent, rest = x % top >> self.bits, x % most
        if exponent in (0, 2**(self.width - self.bits - 1) - 1):
            return x
        n, d, e = (most + rest) * self.q, self.p, exponent - self.bias - self.bits
        n, d = (n << e, d) if e >= 0 else (n, d << -e)
        i = (2 * n + d) // (2 * d)
        i = -i if x >= top else i
        return i % (2 * top) if -most <= i <= most and self.nearest(i) == x else x


def scaled(w, p, q):
    """What each element of a scaled becomes."""
    return Scale(abs(w), p, q).swap


def multiples(w, p, r, inverse=False):
    """What each element of a multiples becomes, or what becomes it."""
    all_, each = 2**(8 * abs(w)), abs(p)
    need(2 <= each < all_ // 2 and p != -2**31 and 0 <= r < each, "multiples")
    low = -all_ // 2 if p < 0 else 0
    start = low + (r - low) % each  # the first number in disguise
    first, count = start // each, -((start - low - all_) // each)

    def element(y):
        j = (y - first) % all_
        if j < count:
            return (start + j * each) % all_
        j += low - count  # as if no number were in disguise
        return (j if j < start else j + 1 + (j - start) // (each - 1)) % all_

    def behind(x):
        x = (x - low) % all_ + low
        quotient, rest = divmod(x - start, each)
        if x < start:
            return (first + count + x - low) % all_
        return (first + (quotient if rest == 0 else count + x - low - quotient - 1)) % all_
    return behind if inverse else element


def lookup(s, t, z, w, i):
    """Elements of the table t at the indices s."""
    w, out = abs(w), bytearray()
    for k in range(z // w):
        at = int.from_bytes(s[k * i:k * i + i], "little")
        need((at + 1) * w <= len(t), "index of a table")
        out += t[at * w:at * w + w]
    return bytes(out) + s[z // w * i:]
