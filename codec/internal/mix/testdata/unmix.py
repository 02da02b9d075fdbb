"""Decodes members of the package mix: a second decoder, direct, strict and slow.

decode(member, size, p) returns bytes; p has the fields of Samples. It does not count decisions."""

def i32(x): return (x + 2**31) % 2**32 - 2**31
def i64(x): return (x + 2**63) % 2**64 - 2**63
def clamp(x, a, b): return min(max(x, a), b)
def div(a, b):  # truncated
    q = abs(a) // abs(b)
    return q if (a >= 0) == (b >= 0) else -q
def shl(x, n): return x << n if n >= 0 else x >> -n

MAXLOGIT = 2815
def ln(x):
    n = x.bit_length()
    m, log = (x << (64 - n)) >> 32, n - 1
    for _ in range(24):
        m, log = m * m >> 31, log << 1
        if m >= 1 << 32: m, log = m >> 1, log | 1
    return log * 2839 >> 24
SQ, ST = [0] * (2 * MAXLOGIT + 1), []
power = 1 << 62
for i in range(MAXLOGIT + 1):
    q = (1 << 62) // ((1 << 46) + (power >> 16))
    SQ[MAXLOGIT + i], SQ[MAXLOGIT - i] = min(q, 65535), max(65536 - q, 1)
    power = power * 4593706758521714574 >> 62
for i in range(4096): ST.append((ln(2 * i + 1) - ln(8192 - 2 * i - 1)) >> 4)
RECIP = [131072 // (2 * n + 7) for n in range(256)]
ROOTS = [int(__import__('math').isqrt(m << 8)) for m in range(256)]
def squash(x): return SQ[x + MAXLOGIT]
def logit(x): return clamp(x, -MAXLOGIT, MAXLOGIT)

class Corrupt(Exception): pass

class Coder:
    def __init__(s, b):
        s.b, s.at, s.low, s.high, s.code = b, 0, 0, 2**32 - 1, 0
        for _ in range(4): s.code = s.code << 8 | s.next()
    def next(s):
        s.at += 1
        return s.b[s.at - 1] if s.at <= len(s.b) else 0
    def bit(s, p):
        mid = s.low + ((s.high - s.low) * p >> 16)
        bit = int(s.code <= mid)
        if bit: s.high = mid
        else: s.low = mid + 1
        while (s.low ^ s.high) >> 24 == 0:
            s.code = (s.code << 8 | s.next()) % 2**32
            s.low, s.high = s.low << 8 & 2**32 - 1, (s.high << 8 | 255) & 2**32 - 1
        return bit
    def number(s, n):
        v = 0
        for _ in range(n): v = v << 1 | s.bit(1 << 15)
        return v
    def finish(s):
        n, last = s.at - 4, 0
        if s.low > 0: n, last = n + 1, (s.low >> 24) + 1 << 24
        if len(s.b) != n or s.code != last: raise Corrupt('end')

class Pair:
    def __init__(s): s.fast = s.slow = 1 << 15
    def code(s, c):
        bit = c.bit(clamp((s.fast + s.slow) // 2, 32, 65503))
        y = bit * 65535
        s.fast += y - s.fast >> 4
        s.slow += y - s.slow >> 7
        return bit

class Counter:
    def __init__(s): s.p, s.n = 1 << 21, 0
    def update(s, bit):
        s.p += (bit * (2**22 - 1) - s.p) * RECIP[s.n] >> 16
        s.n = min(s.n + 1, 255)

class Stage:
    def __init__(s, n):
        s.n, s.w, s.curves = n, {}, {}
        s.start = 9 * 65536 // 10 // (n - 1)
    def code(s, c, x, node, scale, refined):
        ws = [s.w.setdefault(k, [s.start] * s.n) for k in ((0, node), (1, scale))]
        l = [logit(sum(a * b for a, b in zip(w, x)) >> 16) for w in ws]
        g = div(l[0] + l[1], 2)
        points = s.curves.setdefault(refined, [squash(logit((i - 16) * 176)) for i in range(33)])
        k, f = divmod(g + 16 * 176, 176)
        p = (squash(g) + (points[k] * (176 - f) + points[k + 1] * f) // 176) // 2
        bit = c.bit(clamp(p, 1, 65535))
        for w, a in zip(ws, l):
            e = bit * 65535 - squash(a)
            for i in range(s.n): w[i] = i32(w[i] + (x[i] * e + 8192 >> 14))
        k += f // 89
        points[k] += bit * 65535 - points[k] >> 5
        return bit

class OLS:
    def __init__(s, n, every, fade):
        s.n, s.every, s.fade, s.rows, s.w = n, every, fade, [], [0] * n
        s.r = [[0] * (n + 1) for _ in range(n + 1)]
    def predict(s, x):
        s.x = x
        return sum(a * b for a, b in zip(s.w, x))
    def update(s, target):
        s.rows.append(s.x + [target])
        if len(s.rows) < s.every: return
        n = s.n
        for i in range(n + 1):
            for j in range(i, n + 1):
                s.r[i][j] += sum(v[i] * v[j] for v in s.rows) - (s.r[i][j] >> s.fade)
        s.rows = []
        top = max(s.r[i][i] for i in range(n + 1))
        if top == 0: return
        scale = max(60 - top.bit_length(), 0)
        l, inv = [], []
        for j in range(n):
            col = [i64((s.r[j][i] << scale) - sum(c[j] * c[i] for c in l)) if i >= j else 0 for i in range(n + 1)]
            pivot = col[j] + 2**32
            if pivot < 2**30: return
            half = (pivot.bit_length() + 1) // 2
            root = ROOTS[pivot >> 2 * half - 8] << half - 8
            for _ in range(2): root = root + pivot // root >> 1
            inv.append(2**62 // root)
            l.append([clamp(i64(v * inv[j] >> 62), -(2**31 - 1), 2**31 - 1) if i > j else 0 for i, v in enumerate(col)])
        for i in reversed(range(n)):
            v = i64((l[i][n] << 16) - sum(l[i][k] * s.w[k] for k in range(i + 1, n)))
            s.w[i] = clamp(i64(v * inv[i] >> 62), -(64 << 16), 64 << 16)

class NLMS:
    def __init__(s, taps, shift):
        s.n, s.shift, s.w, s.past, s.power, s.step, s.double = taps, shift, [0] * taps, [0] * (taps + 1), 0, 0, 0
    def predict(s):
        sum = 0
        for i in range(s.n):
            s.w[i] = i32(s.w[i] + ((s.past[i] << s.double) * s.step + 2**31 >> 32))
            sum += s.w[i] * s.past[i + 1]
        s.step = 0
        return i64(sum) >> 20
    def update(s, wrong, x, fraction):
        power = s.power + (1 << 2 * max(fraction, 0))
        half = (power.bit_length() + 1) // 2
        s.double = 30 - half
        s.step = clamp(div(i64(wrong << 34 - s.shift), shl(power, 8 - half) + 1), -(2**31 - 1), 2**31 - 1)
        s.power += x * x - s.past[1] ** 2
        s.past = s.past[1:] + [x]

NEARBY = [(0, 0), (0, 1), (1, 0), (1, -1), (1, 1), (2, 0), (0, 2), (2, -1)]
def distances(p):
    o, ch, row = p['OLS'], p['Channels'], p['Row']
    d = [(i + 1) * ch for i in range(o['Own'])]
    for i in range(1, ch):
        for k in range(o['Other']):
            d.append(i + NEARBY[k][0] * row + NEARBY[k][1] * ch if row else i + k * ch)
    r = o['Rings']
    for y in range(1, r + 1):
        for x in range(-r, r + 1):
            if x * x + y * y <= r * r + 1 and y * row - x * ch > 0: d.append(y * row - x * ch)
    return d

def quant(v, scale):
    k = min((abs(v) * 4 // max(scale, 1)).bit_length(), 4)
    return k if v >= 0 else -k
def ratio(a, b): return min(a * 4 // max(b, 1), 7)

class Floats:
    def __init__(f, p, exponent):
        f.all, f.ibm, f.exponent = 8 * p['Width'], p['Kind'] == 3, max(exponent, 1)
        f.m = f.all - 1 - ebits(p)
        f.radix, f.hidden = (4, 0) if f.ibm else (1, 1 << f.m)
        f.sig = f.m + (not f.ibm)
        f.drop = max(f.sig - p['Precision'], 0)
        f.gap, f.again, f.last = [Pair() for _ in range(8)], Pair(), 0
        f.whole, f.low = [Pair() for _ in range(65)], [Pair() for _ in range(48)]
    def most(f): return 2 ** (f.sig - f.drop) - 1
    def rest(f, level):
        least = 0 if f.ibm else 1
        missing = f.sig - f.drop - level.bit_length()
        down = min(missing // f.radix, f.exponent - least)
        n = f.drop + down * f.radix
        s, e = level << n, f.exponent - down
        if f.hidden and not s & f.hidden: e = 0
        return n, e << f.m | s & ~f.hidden
def ebits(p): return 7 if p['Kind'] == 3 else {2: 5, 4: 8, 8: 11}[p['Width']]

class Channel: pass

def decode(member, size, p):
    c = Coder(member)
    flt, packed = p['Kind'] >= 2, p['Packing'] > 0
    n = size // 3 * 2 if packed else size // p['Width']
    nbits = 12 if packed else 8 * p['Width']
    least, most = (0, 2**nbits - 1) if p['Kind'] == 1 else (-(2 ** (nbits - 1)), 2 ** (nbits - 1) - 1)
    ch, row, o = p['Channels'], p['Row'], p['OLS']
    chans = []
    for turn in range(min(ch, n)):
        h = Channel(); chans.append(h)
        if flt:
            h.f = Floats(p, c.number(ebits(p)))
            h.zero, h.step, h.least, h.most = 0, 1, -h.f.most(), h.f.most()
        else:
            v = []
            for _ in range(4):
                k = c.number(6)
                if k > 32: raise Corrupt('lane')
                v.append(1 << k - 1 | c.number(k - 1) if k > 1 else k)
            h.zero, h.step, h.least = v[0] + least, v[1] + 1, v[2] - 2**31
            h.most = v[3] + h.least
            if h.zero > most or h.most > 2**31 - 1 or h.least < div(least - h.zero, h.step) or h.most > div(most - h.zero, h.step): raise Corrupt('lane')
        bits = max(h.most, -h.most, h.least, -h.least).bit_length()
        h.scaling, h.fraction = 20 - bits, min(23 - bits, 8)
        h.d = distances(p) if o['Every'] else []
        if h.d: h.ols = OLS(len(h.d), o['Every'], o['Fade'])
        h.filters = [NLMS(*t) for t in p['NLMS'] or []]
        h.fast = h.slow = 64 << 8
        h.last = [0, 0, 0]
    nc, nv = bin(p['Contexts']).count('1'), bin(p['Values']).count('1')
    fast = nc + nv == 0
    pairs, counters, stage = {}, {}, None if fast else Stage(nc + nv + 1)
    if nv:
        hashbits = min(n.bit_length() + 4, 18) + (nv - 1).bit_length()
    even = 180 if nv else 164
    L, X, W, G, out = {}, {}, {}, {}, []
    get = lambda a, t: a.get(t, 0)
    for t in range(n):
        h = chans[t % len(chans)]; turn = t % len(chans)
        if h.d: first = shl(h.ols.predict([get(X, t - d) for d in h.d]), 8 - 16 - h.scaling)
        elif row:
            w, nn, nw = get(L, t - ch), get(L, t - row), get(L, t - row - ch)
            first = max(min(w, nn), min(max(w, nn), w + nn - nw)) << 8
        else: first = get(L, t - ch) << 8
        cl = lambda x: clamp(x, h.least << 8, h.most << 8)
        first = guess = cl(first)
        said = []
        for f in h.filters:
            said.append(clamp(f.predict(), -(2**23), 2**23))
            guess = cl(guess + (said[-1] << 8 - h.fraction))
        if flt:
            f = h.f
            k = get(G, t - ch) << 2 | get(G, t - 2 * ch) << 1 | (get(G, t - row) if row else 0)
            G[t] = f.gap[k].code(c)
            if G[t]:
                L[t] = guess + 128 >> 8
                X[t] = shl(L[t], h.scaling)
                if not f.again.code(c):
                    neg = c.number(1)
                    f.last = c.number(f.all - 1) | neg << f.all - 1
                out.append(f.last)
                continue
        # contexts
        scale = near = (h.fast + h.slow) // 2
        texture, last = 0, quant(h.last[0], h.slow) + 4
        wr = lambda d: get(W, t - d)
        if row:
            west, north = wr(ch), wr(row)
            near = (2 * abs(west) + 2 * abs(north) + abs(wr(row - ch)) + abs(wr(row + ch))) // 6
            scale = (h.fast + h.slow + 4 * near) // 6
            texture = div(quant(west, scale), 2) + 2 + 5 * (div(quant(north, scale), 2) + 2)
        elif ch > 1:
            texture = quant(wr(1), h.slow) + 4 + 9 * (div(quant(wr(2), h.slow), 2) + 2)
        sz = scale.bit_length()
        level = min(sz, 24) * 4 + (scale << 3 >> sz & 3)
        unit = max(sz - 9, 0)
        if fast:
            if row or ch > 1: last = texture % 9
        else:
            classes = [level, last * 45 + (quant(h.last[1], h.slow) + 4) * 5 + div(quant(h.last[2], h.slow), 2) + 2,
                       min(level // 2, 47) * 8 + (guess >> 5 & 7), ratio(h.fast, h.slow) * 64 + min(turn, 63),
                       texture * 8 + ratio(near, h.slow), quant((first - guess) * 4, h.slow) + 4]
            classes = [(i, v) for i, v in enumerate(classes) if p['Contexts'] >> i & 1]
        if nv:
            x1, x2 = get(L, t - ch), get(L, t - 2 * ch)
            o1, o2 = (get(L, t - row), get(L, t - row - ch)) if row else (get(L, t - 1), get(L, t - 1 - ch))
            r, r0 = guess + 128 >> 8, first + 128 >> 8
            nr = lambda v: clamp(v, -31, 31) & 63
            of = [(0, 0), (x1, nr(x1 - x2)), (r, nr(h.last[0] >> 8)), (r, r & 65535), (x1, nr(x1 - x2) | nr(o1 - o2) << 6),
                  (r0, nr(r - r0)), (o1, nr(x1 - x2)), (r, guess >> 5 & 7 | nr(x1 - r) << 3)]
            of = [v for i, v in enumerate(of) if p['Values'] >> i & 1]
            of = [(a, ((k * 64 + min(turn, 63)) * 0x9E3779B1 + b * 0x85EBCA6B) % 2**32) for k, (a, b) in enumerate(of)]
        low, high = h.least, h.most + 1
        def decide(middle, node):
            nonlocal low, high
            if middle <= low: return 1
            if middle >= high: return 0
            if node >= even: bit = c.bit(1 << 15)
            elif fast: bit = pairs.setdefault((level, last, node), Pair()).code(c)
            else:
                cs = [counters.setdefault((i, v, node), Counter()) for i, v in classes]
                if nv:
                    for a, b in of:
                        k = ((b + (middle - a) * 0xC2B2AE35) ^ node * 0x27D4EB2F) % 2**32 * 0x9E3779B1 % 2**32 >> 32 - hashbits
                        cs.append(counters.setdefault(k, Counter()))
                x = [ST[(q.p << 10 | q.n) >> 16 >> 4] for q in cs] + [256]
                bit = stage.code(c, x, node, (level, min(node, 31)), (last, node))
                for q in cs: q.update(bit)
            if bit: low = middle
            else: high = middle
            return bit
        middle = guess + 128 >> 8
        side = decide(middle, 0)
        frm = bucket = b = 0
        while low + 1 < high:
            frm, bucket = frm + (1 << max((b - 2) // 2, 0) + unit) if b >= 2 else frm + (1 << unit), min(b, 28)
            if decide(middle + frm * (2 * side - 1), 1 + 2 * bucket + side) != side: break
            b += 1
        within, depth = min(bucket, 20) * 2 + side, 0
        while low + 1 < high:
            decide(low + high >> 1, 60 + depth * 50 + within if depth < 2 else 160 + min(depth, 10) * 2 + side)
            depth += 1
        v = low
        # learn
        L[t] = v
        X[t] = shl(v, h.scaling)
        if h.d: h.ols.update(X[t])
        wrong = (v << 8) - first >> 8 - h.fraction
        for f, s in zip(h.filters, said):
            given = clamp(wrong, -(2**24 - 1), 2**24 - 1)
            wrong -= s
            f.update(wrong, given, h.fraction)
        w = W[t] = (v << 8) - guess
        h.fast += abs(w) - h.fast >> 3
        h.slow += abs(w) - h.slow >> 6
        h.last = [w] + h.last[:2]
        if not flt:
            out.append(h.zero + v * h.step)
            continue
        f = h.f
        if v == 0:
            m = neg = 0
            if not f.whole[0].code(c):
                neg = c.number(1)
                m = c.number((f.rest(1)[1] - 1).bit_length())
        else:
            neg = v < 0
            k, m = f.rest(abs(v))
            if k > 0 and not f.whole[k].code(c):
                zeros = (f.sig - k - abs(v).bit_length()) & f.radix - 1
                lo = min(k, 12)
                r = c.number(k - lo)
                for i in reversed(range(lo)): r = r << 1 | f.low[4 * i + zeros].code(c)
                m += r
        out.append(m | neg << f.all - 1)
    # bytes
    b = bytearray()
    if packed:
        for x, y in zip(out[::2], out[1::2]):
            x, y = x & 4095, y & 4095
            if p['Packing'] == 2: b += bytes([x & 255, x >> 8 | y >> 8 << 4, y & 255])
            elif p['BigEndian']: b += bytes([x >> 4, (x << 4 | y >> 8) & 255, y & 255])
            else: b += bytes([x & 255, (x >> 8 | y << 4) & 255, y >> 4])
    else:
        for x in out: b += (x % 2**nbits).to_bytes(p['Width'], 'big' if p['BigEndian'] else 'little')
    while len(b) < size: b.append(c.number(8))
    c.finish()
    return bytes(b)

if __name__ == '__main__':
    import json, sys
    for line in sys.stdin:  # as TestSecondDecoder writes them
        j = json.loads(line)
        j['p']['NLMS'] = [(f['Taps'], f['Shift']) for f in j['p']['NLMS'] or []]
        try: print(decode(bytes.fromhex(j['member']), j['size'], j['p']).hex())
        except Corrupt as e: print('corrupt')
