"""Numbers in other encodings, groups by number, and normals of facets (FORMAT.md, section 9)."""
from fractions import Fraction
from math import isqrt
from struct import unpack

from language import need

IBM = 4


def digits(x, n):
    """The number of n digits of 4 bits that x has; None if they are none."""
    text = f"{x:0{n}x}"
    return int(text) if text.isdecimal() else None


def rank(x, n):
    """How many patterns of n digits of 4 bits below x are no numbers."""
    j = 0
    for k in range(n - 1, -1, -1):
        d, x = divmod(x, 16**k)
        if d > 9:
            return j + 10 * (16**k - 10**k) + (d - 10) * 16**k + x
        j += d * (16**k - 10**k)
    return j


def others(j, n):
    """The pattern of n digits of 4 bits that is no number and has j such patterns below it."""
    x = 0
    for k in range(n - 1, -1, -1):
        each = 16**k - 10**k  # of those that begin with a digit up to 9
        if j >= 10 * each:
            return x + 10 * 16**k + j - 10 * each
        x, j = x + j // each * 16**k, j % each


def signed(w, plus, y):
    """The decimal with a sign that stands for y."""
    n, all_ = 2 * w - 1, 256**w
    if y < 10**n:
        return int(f"{y}", 16) * 16 + plus
    if all_ - y < 10**n:
        return int(f"{all_ - y}", 16) * 16 + 13
    j, each = y - 10**n, 16**n - 10**n
    if j < 2 * each:
        return others(j % each, n) * 16 + (plus if j < each else 13)
    if j == 2 * each:
        return 13
    sign, x = divmod(j - 2 * each - 1, 16**n)
    return x * 16 + [s for s in range(16) if s not in (plus, 13)][sign]


def unsigned(w, plus, x):
    """What a decimal with a sign stands for."""
    n = 2 * w - 1
    x, sign = divmod(x, 16)
    v, each = digits(x, n), 16**n - 10**n
    if sign == plus:
        return 10**n + rank(x, n) if v is None else v
    if sign == 13:
        return 10**n + each + rank(x, n) if v is None else 256**w - v if v else 10**n + 2 * each
    return 10**n + 2 * each + 1 + [s for s in range(16) if s not in (plus, 13)].index(sign) * 16**n + x


def ieee(x):
    """The number of IEEE 754, without a sign, for that of IBM."""
    e, f = divmod(x, 2**24)
    if 34 <= e < 97 and f >= 2**20:
        z = 24 - f.bit_length()
        return (4 * (e - 64) + 126 - z) * 2**23 + f * 2**z - 2**23
    j = x if e < 34 else 34 * 2**24 + (e - 34) * 2**20 + f if e < 97 else x - 63 * 15 * 2**20
    for b in range(256):
        z = (2 - b) % 4
        n = 2**23 - 2**(23 - z) if 3 <= b < 255 else 2**23
        if j < n:
            return b * 2**23 + (j // (2**z - 1) * 2**z + j % (2**z - 1) + 1 if 3 <= b < 255 else j)
        j -= n


def ibm(y):
    """The number of IBM, without a sign, for that of IEEE 754."""
    e, f = divmod(y, 2**23)
    if 3 <= e < 255:
        z = (2 - e) % 4
        if f % 2**z == 0:
            return (64 + (e - 126 + z) // 4) * 2**24 + (2**23 + f) // 2**z
    j = 0  # how many of those below y are no numbers of IBM
    for b in range(min(e, 255)):
        z = (2 - b) % 4
        j += 2**23 - 2**(23 - z) if 3 <= b < 255 else 2**23
    z = (2 - e) % 4
    j += f - (f + 2**z - 1) // 2**z if 3 <= e < 255 else f
    if j < 34 * 2**24:
        return j
    j -= 34 * 2**24
    if j < 63 * 2**20:
        return (34 + j // 2**20) * 2**24 + j % 2**20
    return 97 * 2**24 + j - 63 * 2**20


def converted(w, k):
    """What each number of |w| bytes of a converted becomes."""
    w = abs(w)
    need(0 <= k <= IBM and 1 <= w <= 8 and (k < IBM or w == 4), "encoding")

    def number(y):
        if k == IBM:
            return y // 2**31 * 2**31 + ibm(y % 2**31)
        if k >= 2:
            return signed(w, 12 if k == 2 else 15, y)
        n = 2 * w
        x = int(f"{y}", 16) if y < 10**n else others(y - 10**n, n)
        if k == 1:
            x = int.from_bytes(bytes(c % 16 * 16 + c // 16 for c in x.to_bytes(w, "big")), "big")
        return x
    return number


def behind(w, k):
    """What each number of |w| bytes stands for: the inverse of converted."""
    w = abs(w)

    def number(x):
        if k == IBM:
            return x // 2**31 * 2**31 + ieee(x % 2**31)
        if k >= 2:
            return unsigned(w, 12 if k == 2 else 15, x)
        if k == 1:
            x = int.from_bytes(bytes(c % 16 * 16 + c // 16 for c in x.to_bytes(w, "big")), "big")
        v = digits(x, 2 * w)
        return 10**(2 * w) + rank(x, 2 * w) if v is None else v
    return number


def distinct(s, t, z, w, i):
    """Groups of w bytes by numbers of i bytes."""
    out, count = bytearray(), 0
    for k in range(z // w):
        back = int.from_bytes(s[k * i:k * i + i], "little")
        at = count - back
        count += back == 0
        need(0 <= at and (at + 1) * w <= len(t), "number of a group")
        out += t[at * w:at * w + w]
    need(count * w == len(t), "new groups")
    return bytes(out) + s[z // w * i:]


def single(a, b):
    """The bits of the number of IEEE 754 nearest to a / b, which is less than 2, ties to even."""
    if a == 0:
        return 0
    q = Fraction(abs(a), b)
    e = 0
    while q < 1:
        q, e = q * 2, e - 1
    return (2**31 if a < 0 else 0) + (e + 126) * 2**23 + round(q * 2**23)


def normal(b):
    """The normal of the triangle whose points b has, as bits of three numbers."""
    points = []
    for x in unpack("<9I", b):
        e, f = x >> 23 & 255, x % 2**23
        if e == 255:
            return [0, 0, 0]
        f = f + 2**23 if e else f
        points.append((-f if x >> 31 else f, max(e, 1)))
    most = max(e for _, e in points)
    p = [f * 2**30 >> most - e for f, e in points]
    u, v = [p[3 + k] - p[k] for k in range(3)], [p[6 + k] - p[k] for k in range(3)]
    c = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]]
    n = max(abs(x).bit_length() for x in c) - 62
    if n == -62:
        return [0, 0, 0]
    c = [(1 if x > 0 else -1) * (abs(x) >> n if n > 0 else abs(x) << -n) for x in c]
    return [single(x, isqrt(sum(y * y for y in c))) for x in c]


def normals(s):
    """Facets with normals, from those with differences."""
    out = bytearray(s)
    flip = lambda x: x ^ 2**31 - 1 if x >> 31 else x
    for at in range(0, len(s) - 49, 50):
        for k, e in enumerate(normal(s[at + 12:at + 48])):
            d = int.from_bytes(s[at + 4 * k:at + 4 * k + 4], "little")
            x = flip((flip(e) + (-(d + 1) // 2 if d % 2 else d // 2)) % 2**32)
            out[at + 4 * k:at + 4 * k + 4] = x.to_bytes(4, "little")
    return bytes(out)
