"""Text of few letters (FORMAT.md, section 9)."""
from language import need


def bits(alphabet):
    """How many bits a letter takes."""
    k = len(alphabet).bit_length() - 1
    need(1 <= k <= 6 and len(alphabet) == 2**k == len(set(alphabet)), "alphabet")
    need(all(0 <= c <= 255 for c in alphabet), "alphabet")
    return k


def uvarint(t, at):
    """A uvarint of t, and where it ends."""
    v, shift, start = 0, 0, at
    while True:
        need(at < len(t) and shift < 64, "run")
        v += (t[at] & 127) << shift
        shift, at = shift + 7, at + 1
        if t[at - 1] < 128:
            need((t[at - 1] or at - start == 1) and v < 2**64, "run")
            return v, at


def letters(s, t, z, alphabet):
    """Runs of letters, whose bits s has, and of other bytes, which t has."""
    k, out, at, bit = bits(alphabet), bytearray(), 0, 0
    packed, most = int.from_bytes(s, "big"), 8 * len(s)
    while at < len(t):
        v, at = uvarint(t, at)
        kind, n = v % 4, v // 4
        need(1 <= n <= z - len(out), "length of a run")
        if kind == 2:
            need(at + n <= len(t), "bytes of a run")
            out += t[at:at + n]
            at += n
            continue
        if kind == 3:
            skipped = -bit % 8
            need((packed >> most - bit - skipped) % 2**skipped == 0, "bits that are skipped")
            bit += skipped
        need(bit + n * k <= most, "letters of a run")
        for _ in range(n):
            bit += k
            out.append(alphabet[(packed >> most - bit) % 2**k] ^ (32 if kind == 1 else 0))
    need(len(out) == z and most - bit < 8 and packed % 2**(most - bit) == 0, "bytes of letters")
    return bytes(out)
