"""The bytes of groups that predictors of records code (FORMAT.md, section 12)."""
from collections import defaultdict

from arith import Counter, Curve, Keyed, Member, bits, limit, ln, mixed, moved, signed, squash, stretch
from frames import WORD, Framer, Records, View, hashed, size_class


def log2(x):
    """The binary logarithm of x + 1, with 8 bits of fraction."""
    n = bits(x + 1)
    return n - 1 << 8 | (x + 1 << 8) >> n - 1 & 255


class Prophet:
    """Whether what is foretold comes true, by how sure it is."""

    def __init__(self):
        self.counters, self.counter = defaultdict(Counter), None

    def inputs(self, v, sure, k, known):
        """The inputs of a decision; v is foretold, less the guess, so sure."""
        self.counter = None
        if sure < 0 or k > 0 and (v == 0 or (v | 256) >> 9 - k != known):
            return [0, 0]
        one = v == 0 if k == 0 else v >> 8 - k & 1
        self.counter = self.counters[sure, one, min(k, 1)]
        return [self.counter.logit(), (self.counter.p >> 6) - 32768 >> 5]

    def learn(self, bit):
        if self.counter:
            self.counter.learn(bit)


class Matcher(Prophet):
    """Foretells what followed the same bytes."""

    def __init__(self, least):
        super().__init__()
        self.least, self.places, self.at, self.length = least, {}, 0, 0

    def move(self, b):
        i = len(b)
        if not self.least or i < self.least:
            return
        if self.length and b[self.at] == b[-1]:
            self.length, self.at = min(self.length + 1, 400), self.at + 1
        else:
            self.length = 0
        h = 0
        for v in b[-self.least:]:
            h = hashed(h, v)
        p = self.places.get(h >> 14, 0)
        if not self.length and p:
            while self.length < min(32, p) and b[p - 1 - self.length] == b[-1 - self.length]:
                self.length += 1
            self.at = p
        self.places[h >> 14] = i

    def sure(self):
        return min(self.length, 32) + min(max(self.length - 32, 0) // 8, 31) - 1


class Link:
    """A column that has the bytes of another one, of the record which of a kind, shift columns further on."""

    def __init__(self):
        self.kind, self.which, self.shift, self.sure = 0, 0, 0, 0


class Linker(Prophet):
    """Foretells what another column has."""

    def __init__(self):
        super().__init__()
        self.links, self.matched, self.at = defaultdict(Link), 0, None

    def link_of(self, f, column):
        return self.links[f.column_hash(column) >> 18]

    def move(self, b, f, match):
        i, self.at = len(b), None
        if not f.kind or not match.least:
            return
        if match.length:
            n = 1 if match.at == self.matched + 1 else min(match.length, 4)
            for back in range(1, n + 1):
                if i - back >= f.start + f.head:
                    self.connect(f, i - back, match.at - back)
        self.matched = match.at
        link = self.link = self.link_of(f, i - f.start)
        starts = f.starts[link.kind]
        if link.sure and link.which < len(starts):
            at = starts[link.which] + i - f.start + link.shift
            if 0 < at < i:
                self.at = at

    def connect(self, f, k, at):
        """Links the column of byte k to that of byte at, unless it has a link."""
        link, found = self.link_of(f, k - f.start), f.find(at)
        if link.sure == 0 and found:
            link.kind, link.which = found
            link.sure, link.shift = 1, at - f.starts[link.kind][link.which] - (k - f.start)

    def learn_byte(self, b):
        if self.at is not None:
            same = b[self.at] == b[-1]
            self.link.sure = min(self.link.sure + 1, 15) if same else self.link.sure // 2

    def sure(self):
        return -1 if self.at is None else self.link.sure


class Column:
    """What errors of experts were in a column, and what its bytes took."""

    def __init__(self):
        self.errors, self.noise = [0] * 6, 0


class Expert:
    """What an expert expects of a byte, as an error that remains."""

    def __init__(self, kind):
        self.kind, self.surprise, self.counters = kind, 0, defaultdict(Counter)

    def look(self, v, column):
        self.shift = 0 if self.kind == 5 else 16
        known = v.known_big if self.kind == 5 else v.known
        self.gap = known + (v.guess << self.shift) - v.expected()[self.kind]
        self.column, self.log = column, column.errors[self.kind]
        size = limit((self.log - 256 * self.shift >> 7) + 8, 0, 19)
        self.classes = limit(self.surprise + 512 >> 8, 0, 5), size

    def input(self, k, middle):
        """The input of decision k."""
        far = signed(self.gap + (middle << self.shift), 24)
        distance = limit((log2(abs(far)) - self.log >> 7) + 8, 0, 15)
        self.counter = self.counters[self.classes, k, distance, far < 0]
        return self.counter.logit()

    def learn_byte(self, v):
        wrong = signed(self.gap + (signed(v, 8) << self.shift), 24)
        self.surprise = log2(abs(wrong)) - self.log
        self.column.errors[self.kind] = self.log + (self.surprise >> 3)


class Slot:
    """A probability of a decision, how often it was made, and the last ones behind a 1."""

    def __init__(self):
        self.p, self.used, self.history = 32768, 0, 1

    def learn(self, bit):
        p = self.p + ((65535 * bit - self.p) * (2**17 // (2 * min(self.used, 127) + 7)) >> 16)
        self.p, self.used, self.history = limit(p, 32, 65503), min(self.used + 1, 255), 2 * self.history + bit
        if self.history > 255:
            self.history = self.history & 127 | 128


class Buckets:
    """Slots by the hashes of contexts, 16 in a bucket of 64 bytes."""

    def __init__(self, log):
        self.mask, self.slots = 2**(log - 6) - 1, defaultdict(lambda: defaultdict(Slot))
        self.check, self.uses = defaultdict(int), defaultdict(int)

    def find(self, h):
        """The number of the bucket of a hash."""
        i, check = h & self.mask, h >> 24
        for k in (i, i ^ 1):
            if self.check[k] == check:
                self.uses[k] = min(self.uses[k] + 1, 255)
                return k
        if self.uses[i ^ 1] < self.uses[i]:
            i ^= 1
        self.check[i], self.uses[i] = check, 0
        self.slots.pop(i, None)
        self.uses[i ^ 1] = max(self.uses[i ^ 1] - 1, 0)
        return i


def history_counter(key):
    """The counter of what slots remember, which is the last of the key."""
    all, ones = bits(key[-1]) - 1, key[-1].bit_count() - 1
    return Counter((4 * ones + 1) * (2**22 - 1) // (4 * all + 2), 3)


class Mixers:
    """Three mixers, a mixer of those, and two curves."""

    def __init__(self, n):
        self.weights = defaultdict(lambda: [131072 // n] * n)
        self.last = defaultdict(lambda: [21845] * 3)
        self.curves = defaultdict(Curve)

    def code(self, coder, inputs, sets, refined):
        """A decision, and what probability it had."""
        weights, last = [self.weights[j, s] for j, s in enumerate(sets)], self.last[sets[1]]
        said = [mixed(w, inputs) for w in weights]
        logit = mixed(last, said)
        curves = [self.curves[j, r] for j, r in enumerate(refined)]
        p = 2 * squash(logit) + sum(c.refine(logit) for c in curves) >> 2
        p = limit(p, 1, 65535)
        bit = coder.decode(p)
        for w, l, rate in zip(weights, said, (16, 16, 12)):
            w[:] = moved(w, inputs, (65535 * bit - squash(l)) * rate >> 4)
        last[:] = moved(last, said, 65535 * bit - squash(logit) >> 3)
        for c in curves:
            c.learn(bit)
        return bit, p if bit else 65536 - p


class Decoder(Member):
    """The bytes of a member."""

    def __init__(self, member, p):
        super().__init__(member)
        self.framer, self.match, self.linker = Framer(p.frame), Matcher(p.match), Linker()
        self.columns, self.followed = defaultdict(Column), defaultdict(int)
        self.ranks = [k for k in range(24) if p.contexts >> k & 1]
        self.experts = [Expert(k) for k in range(6) if p.experts >> k & 1]
        self.buckets, self.histories = Buckets(p.log), Keyed(history_counter)
        self.mixers = Mixers(2 * len(self.ranks) + len(self.experts) + 5)

    def bytes(self, size):
        """Reads so many bytes."""
        b = bytearray()
        while len(b) < size:
            self.framer.move(b)
            v = self.view = View(b, self.framer, self.followed)
            self.match.move(b)
            c = self.columns[v.column >> 18]
            for e in self.experts:
                e.look(v, c)
            self.linker.move(b, self.framer, self.match)
            more = self.byte(c, b)
            b.append(v.guess + more & 255)
            for e in self.experts:
                e.learn_byte(more)
            self.linker.learn_byte(b)
            c.noise += 256 * self.cost // 2839 - c.noise >> 5
            self.followed[v.w, v.ww] = b[-1]
        return bytes(b)

    def byte(self, column, b):
        """Reads how much more than guessed a byte is, modulo 256."""
        v, list = self.view, self.view.contexts()
        self.noise = sum(column.noise > step for step in (64, 256, 640, 1152, 1600, 1880, 2020))
        if self.noise == 7 and (any(e.shift and e.log < 5200 for e in self.experts) or self.linker.sure() >= 3):
            self.noise = 6
        self.cost, self.column_key, self.change = 0, hashed(v.column, 5), size_class(v.d[0])
        self.matched = b[self.match.at] - v.guess & 255 if self.match.length else 0
        self.linked = b[self.linker.at] - v.guess & 255 if self.linker.at is not None else 0
        hashes = [hashed(list[k], j) for j, k in enumerate(self.ranks)]
        if self.noise == 7:
            hashes = hashes[:1]
        self.found = [self.buckets.find(h) for h in hashes]
        if self.decide(0, 0):
            return 0
        known = 1
        for k in range(1, 5):
            known = 2 * known + self.decide(k, known)
        if self.noise == 7:
            self.cost += 4 * 2839
            return 16 * known + self.flat(4) & 255
        self.found = [self.buckets.find(hashed(h, known)) for h in hashes]
        for k in range(5, 9):
            known = 2 * known + self.decide(k, known)
        return known & 255

    def decide(self, k, known):
        """Reads decision k of a byte, of which these bits are known, behind a 1."""
        node = known if k < 5 else 2**(k - 5) + known % 2**(k - 5)
        slots = [self.buckets.slots[i][node] for i in self.found]
        learners = [self.histories[j, self.noise, (min(s.used, 2) + 1 + min(s.used // 8, 1)) // 2, s.history]
                    for j, s in enumerate(slots)]
        inputs = []
        for s, h in zip(slots, learners):
            inputs += [stretch(s.p), h.logit()] if s.used else [0, 0]
        inputs += [0, 0] * (len(self.ranks) - len(slots))
        middle = signed(2 * known + 1 << 8 - k, 8) if k > 1 else 0
        inputs += [e.input(k, middle) for e in self.experts]
        inputs += self.match.inputs(self.matched, self.match.sure(), k, known)
        inputs += self.linker.inputs(self.linked, self.linker.sure(), k, known)
        match = 1 + min(self.match.length // 8, 6) if self.match.counter else 0
        link = 1 + min(self.linker.sure() // 4, 2) if self.linker.counter else 0
        column = (self.column_key + k * 0x9E3779B1 & WORD) >> 20
        curve = (self.column_key * 0x2545F491 & WORD ^ known * 0x9E3779B1 & WORD) >> 20
        sets = (known, self.noise, link), column, (match, k, self.change, self.noise)
        bit, p = self.mixers.code(self, inputs + [256], sets, (curve, (self.change, known)))
        self.cost += 16 * 2839 - ln(p)
        for learner in learners + slots + [e.counter for e in self.experts] + [self.match, self.linker]:
            learner.learn(bit)
        return bit


def predicted(components, member, size, most_memory):
    """The group of so many bytes that the member restores to by a predictor."""
    d = Decoder(member, Records(components, most_memory))
    out = d.bytes(size)
    d.finish()
    return out
