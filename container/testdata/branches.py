"""Targets of instructions in machine code (FORMAT.md, section 9)."""
X86, WIDE, ARM, THUMB, ARM64, RISCV, XTENSA, LOADS, POWERPC = range(1, 10)
BIG = {ARM, THUMB, XTENSA, LOADS, POWERPC}  # may be big-endian

SHORT = {k + i: 0 for k in range(0, 64, 8) for i in (1, 3)} | {
    0x63: 0, 0x84: 0, 0x85: 0, 0x89: 0, 0x8B: 0, 0x8D: 0, 0x80: 1, 0x83: 1, 0xC6: 1, 0x81: 4, 0xC7: 4}
LONG = {*range(0x10, 0x18), *range(0x28, 0x30), *range(0x50, 0x70), 0xB6, 0xB7, 0xBE, 0xBF}


def known(a):
    """Whether there is an architecture a."""
    return X86 <= a <= POWERPC or -a in BIG


def signed(v, bits):
    """v modulo 2^bits, with a sign."""
    return (v + 2**(bits - 1)) % 2**bits - 2**(bits - 1)


def address(b, wide):
    """Where the address of the x86 instruction that b begins with is, and where that ends; None if it has none."""
    b = bytes(b) + bytes(3)
    if b[0] in (0xE8, 0xE9):
        return 1, 5
    if b[0] == 0x0F and b[1] >> 4 == 8:
        return 2, 6
    if not wide:
        return None
    if b[0] == 0xFF and b[1] in (0x15, 0x25):
        return 2, 6
    if b[0] == 0x0F and b[1] in LONG and b[2] & 0xC7 == 5:
        return 3, 7
    if b[0] in SHORT and b[1] & 0xC7 == 5:
        return 2, 6 + SHORT[b[0]]
    return None


def x86(out, a, o):
    """The result for x86 and x86-64."""
    for i in range(len(out)):
        found = address(out[i:i + 3], a == WIDE)
        if found and i + found[0] + 4 <= len(out):
            at, end = i + found[0], i + found[1]
            v = int.from_bytes(out[at:at + 4], "little", signed=True)
            if v == signed(v, 25):
                out[at:at + 4] = signed(v - o - end, 25).to_bytes(4, "little", signed=True)
    return out


def field(w, bits, at, by):
    """w with the number of some bits from bit at on less by."""
    mask = 2**bits - 1
    return w & ~(mask << at) | (((w >> at & mask) - by) & mask) << at


def riscv(w, x, p):
    """The instruction w, followed by x, at address p: with a distance, and x."""
    if w & 0xFFF == 0xEF:
        v = w >> 31 << 19 | (w >> 12 & 255) << 11 | (w >> 20 & 1) << 10 | w >> 21 & 1023
        v = (v - p // 2) % 2**20
        return w & 0xFFF | v >> 19 << 31 | (v & 1023) << 21 | (v >> 10 & 1) << 20 | (v >> 11 & 255) << 12, None
    if w & 127 != 0x17 or x is None or x & 127 not in (0x13, 0x03, 0x07, 0x67) or x >> 15 & 31 != w >> 7 & 31:
        return w, None
    v = (w >> 12 << 12 | x >> 20) - p
    low = signed(v, 12)
    return (v - low) % 2**32 | w & 0xFFF, x & 0xFFFFF | low % 4096 << 20


def arm64(w, p):
    """The instruction w at address p, with a distance."""
    if w >> 26 == 0x25:
        return field(w, 26, 0, p // 4)
    if w & 0x9F000000 == 0x90000000:
        v = signed(w >> 29 & 3 | (w >> 5 & 0x7FFFF) << 2, 21)
        if v == signed(v, 18):
            v = signed(v - p // 4096, 18) % 2**21
            return w & 0x9F00001F | (v & 3) << 29 | v >> 2 << 5
    return w


def branches(s, a, o):
    """Machine code with distances for targets."""
    out, order, kind = bytearray(s), "little" if a > 0 else "big", abs(a)
    if kind in (X86, WIDE):
        return x86(out, kind, o)

    def get(i, size):
        return int.from_bytes(out[i:i + size], order) if i + size <= len(out) else None

    def put(i, size, v):
        out[i:i + size] = v.to_bytes(size, order)

    i = 0
    while i < len(out):
        p, w = o + i, get(i, 4)
        if kind == THUMB:
            first, second = get(i, 2), get(i + 2, 2)
            if second is None or first >> 11 < 29:
                i += 2
                continue
            if first >> 11 == 30 and second >> 11 in (31, 23):
                v = ((first & 2047) << 11 | second & 2047) - p // 2
                put(i, 2, first >> 11 << 11 | v >> 11 & 2047)
                put(i + 2, 2, second >> 11 << 11 | v & 2047)
        elif kind in (XTENSA, LOADS):
            w = get(i, 3)
            op = (out[i] & 15 if a > 0 else out[i] >> 4) if w is not None else 0
            if op >= 8:
                i += 2
                continue
            if op == 5:
                put(i, 3, field(w, 18, 6 if a > 0 else 0, p // 4))
            elif op == 1 and kind == LOADS:
                put(i, 3, field(w, 16, 8 if a > 0 else 0, (p + 3) // 4))
            i += 3
            continue
        elif kind == RISCV:
            if w is None or w & 3 != 3:
                i += 2
                continue
            w, x = riscv(w, get(i + 4, 4), p)
            put(i, 4, w)
            if x is not None:
                put(i + 4, 4, x)
                i += 4
        elif w is not None and kind == ARM64:
            put(i, 4, arm64(w, p))
        elif w is not None and kind == ARM and w >> 24 == 0xEB:
            put(i, 4, field(w, 24, 0, p // 4))
        elif w is not None and kind == POWERPC and w & 0xFC000003 == 0x48000001:
            put(i, 4, field(w, 24, 2, p // 4))
        i += 4
    return out
