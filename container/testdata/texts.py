"""The bytes of groups that predictors of texts code (FORMAT.md, section 12)."""
from collections import defaultdict

from arith import Counter, Keyed, Member, Pair, divide, limit, moved, signed, squash, stretch
from contexts import GOLDEN, GOLDEN64, PRIME2, PRIME3, WORD32, WORD64, View
from language import ABOVE, COLUMN, FOLLOWED, FORETOLD, MASKED, MATCH, MIXED, NUCLEOTIDE, OPCODE, ORDER, REPEATED, WORD, need

# The most and the least that arguments of contexts may be.
LIMITS = {
    ORDER: [(0, 8)], WORD: [(0, 4)], FOLLOWED: [(1, 3)], COLUMN: [(0, 2**16), (0, 3)], ABOVE: [(0, 2**16), (1, 255)],
    FORETOLD: [(0, 2)], NUCLEOTIDE: [(1, 24)], OPCODE: [(1, 8)], REPEATED: [(1, 2)],
}


class Texts:
    """What a predictor says, within its limits."""

    def __init__(self, components, most_memory):
        (end, last), middle = components[-1], components[1:-1]
        need(end == MIXED and all(s == MATCH or s == MASKED or s in LIMITS for s, _ in middle), "components")
        self.contexts = [c for c in middle if c[0] != MATCH]
        self.matches = [args[0] for s, args in middle if s == MATCH]
        self.log, self.shaped, sets = last
        need(16 <= self.log <= 26 and 0 <= self.shaped <= 1, "arguments of mixed")
        need(len(sets) == 1 and 1 <= sets[0] < 64, "sets of weights")
        self.sets = sets[0]
        need(1 <= len(self.contexts) <= 24 and len(self.matches) <= 3, "number of contexts or matches")
        need(all(1 <= n <= 32 for n in self.matches), "bytes of a match")
        for s, args in self.contexts:
            if s == MASKED:
                need(1 <= len(args[0]) <= 8 and all(0 <= m <= 255 for m in args[0]), "masks")
            else:
                need(all(least <= a <= most for a, (least, most) in zip(args, LIMITS[s])), "arguments of a context")
        need(self.memory() <= min(most_memory, 2**27), "memory of a predictor")

    def memory(self):
        inputs = (2 * (len(self.contexts) + len(self.matches)) + 8) // 8 * 8
        size = 2**self.log + 2**18 + (132 << limit(self.log - 10, 8, 13)) + 2048 * len(self.contexts) + 1024 * self.sets.bit_count() * inputs
        size += sum((4 if args[0] < 12 else 2) << min(2 * args[0], self.log - 1) for s, args in self.contexts if s == NUCLEOTIDE)
        return size + (len(self.matches) << limit(self.log - 6, 12, 20) + 2)


# The most that one value may have been seen that the other was seen so often.
MOST = [20, 48, 15, 8, 6, 5]


def variants(zeros, ones):
    """How many histories there are of a tally."""
    least, most = sorted((zeros, ones))
    if least >= len(MOST) or most > MOST[least]:
        return 0
    return 2 if least and zeros + ones <= 17 else 1


def next_tally(zeros, ones, bit):
    """The tally after a decision."""
    if not bit:
        return next_tally(ones, zeros, 1)[::-1]
    ones += 1
    if zeros > 5:
        zeros = 5 + min((zeros - 5) // 2, 2)
    t = [zeros, ones]
    while not variants(*t):
        k = int(t[1] > t[0])  # the greater one
        if t[1 - k] > 1:
            t[k], t[1 - k] = (t[k] * (t[1 - k] - 1) + t[1 - k] // 2) // t[1 - k], t[1 - k] - 1
        else:
            t[k] -= 1
    return tuple(t)


def histories():
    """The tallies of all histories, and the next ones of each."""
    tallies, numbers = [], {}
    for total in range(512):
        for zeros in range(total, -1, -1):
            t = zeros, total - zeros
            for last in range(variants(*t)):
                numbers[t, last] = len(tallies)
                tallies.append((t, last))
    after = [[numbers.get((n, bit), numbers[n, 0]) for bit in (0, 1) for n in [next_tally(*t, bit)]] for t, _ in tallies]
    return [t for t, _ in tallies], after


TALLIES, NEXT = histories()


def start(zeros, ones):
    """The probability of a tally, 22 bits."""
    return (2**22 - 1) * (2 * ones + 1) // (2 * (zeros + ones) + 2)


def inputs_of(counter, sign=1):
    return [sign * counter.logit(), sign * (counter.p - 2**21 >> 11)]


class Tree:
    """The decisions about a byte: nodes by their numbers, codes of bytes as (length, bits)."""

    def __init__(self, lengths):
        need(max(lengths) <= 12 and sum(4096 >> n for n in lengths if n) == 4096, "lengths of a code")
        self.child, self.place, self.group, self.codes = {}, [1], [0], {}
        code, groups = 0, 1  # code: of 12 bits
        for n, v in sorted((n, v) for v, n in enumerate(lengths) if n):
            decisions = [code >> 11 - k & 1 for k in range(n)]
            self.codes[v], node = decisions, 0
            for k, bit in enumerate(decisions[:-1], 1):
                if (node, bit) not in self.child:
                    self.child[node, bit] = len(self.place)
                    self.place.append(1 if k % 4 == 0 else 2 * self.place[node] + bit)
                    self.group.append(groups if k % 4 == 0 else self.group[node])
                    groups += k % 4 == 0
                node = self.child[node, bit]
            self.child[node, decisions[-1]] = ~v
            code += 4096 >> n


class Slots:
    """Histories by the hashes of contexts."""

    def __init__(self, log):
        self.shift, self.buckets = 38 - log, defaultdict(lambda: [[0] * 16 for _ in range(4)])

    def find(self, h):
        """The slot of a hash, and whether it was there."""
        bucket, check = self.buckets[h >> self.shift], h & 0xFF
        for k, slot in enumerate(bucket):
            if slot[0] == check:
                return slot, slot[1] != 0
        slot = min(bucket, key=lambda s: s[1])
        slot[:] = [check] + [0] * 15
        return slot, False


class Matcher:
    """Foretells what followed the same bytes."""

    def __init__(self, least, log):
        self.least, self.shift, self.places, self.hash = least, 64 - log, {}, 0
        self.at, self.length, self.missed, self.left = 0, 0, 0, []
        self.counters = Keyed(lambda k: Counter(2**22 - 1 - 2**22 // (4 + 2 * k[0]), 0))

    def move(self, b):
        i = len(b)
        if self.at:
            right = b[self.at] == b[-1]
            self.length = min(self.length + 1, 400) if right else 0
            self.missed = self.missed << 1 & WORD32 | (not right)
            self.at += 1
            if (self.missed & 0xFFFF).bit_count() > 8:
                self.at = 0
        self.hash = (self.hash << (63 + self.least) // self.least) * PRIME3 + (b[-1] + 1) * GOLDEN64 & WORD64
        if i < self.least:
            return
        place = self.hash >> self.shift
        p = self.places.get(place, 0)
        if self.length < self.least and p and p != self.at:
            n = 0
            while n < min(32, p) and b[p - 1 - n] == b[i - 1 - n]:
                n += 1
            if n >= self.least:
                self.at, self.length, self.missed = p, n, 0
        self.places[place] = i

    def foretell(self, b, tree):
        self.left = tree.codes[b[self.at]] if self.at else []

    def length_class(self):
        return self.length if self.length < 16 else 31 if self.length == 400 else 15 + min(self.length - 15 >> 2, 15)

    def inputs(self, first):
        if not self.left:
            return [0, 0]
        misses = min((self.missed & 0xFFFF).bit_count(), 3)
        self.counter = self.counters[self.length_class(), misses, first]
        return inputs_of(self.counter, 2 * self.left[0] - 1)

    def learn(self, bit):
        if self.left:
            right = self.left[0] == bit
            self.counter.learn(right)
            self.left = self.left[1:] if right else []


class Letters:
    """Counts of the letters that followed n letters, on both strands."""

    def __init__(self, n, log):
        self.n, self.size, self.reverse, self.at = n, min(2 * n, log - 1), 0, 0
        self.most = 255 if n < 12 else 15
        self.counts = defaultdict(lambda: [0] * 4)
        self.counters, self.counter = Keyed(lambda k: Counter(start(*k), 0)), None

    def place(self, x):
        return x if self.size == 2 * self.n else (x * GOLDEN64 & WORD64) >> 64 - self.size

    def count(self, place, letter):
        c = self.counts[place]
        if c[letter] == self.most:
            c[:] = [v // 2 for v in c]
        c[letter] += 1

    def move(self, past, letter):
        """Learns a letter; past has those up to it."""
        self.count(self.at, letter)
        before = self.reverse & 3
        self.reverse = self.reverse >> 2 | 3 - letter << 2 * (self.n - 1)
        self.count(self.place(self.reverse), before)
        self.at = self.place(past & 4**self.n - 1)

    def inputs(self, left):
        """Inputs of a decision; left are the decisions that letters still have, by their numbers."""
        self.counter, seen = None, [0, 0]
        for letter, decisions in left.items():
            seen[decisions[0]] += self.counts[self.at][letter]
        if not left:
            return [0, 0]
        if self.n < 12:
            p = 2048 * (2 * seen[1] + 1) // (sum(seen) + 1)
            return [stretch(16 * p), divide(p - 2048, 2)]
        self.counter = self.counters[min(seen[0], 15), min(seen[1], 15)]
        return inputs_of(self.counter)

    def learn(self, bit):
        if self.counter:
            self.counter.learn(bit)


class Curve:
    """What followed logits in a context."""

    def __init__(self):
        self.points = [squash(limit(256 * k - 2816, -2815, 2815)) for k in range(23)]

    def refine(self, logit):
        k, r = divmod(logit + 2816, 256)
        self.at = k + (r >= 128)
        return self.points[k] * (256 - r) + self.points[k + 1] * r

    def learn(self, bit):
        self.points[self.at] += 65535 * bit - self.points[self.at] >> 5


class Mixer:
    """Sets of weights, of which contexts choose a row each, and a last one of what they say."""

    def __init__(self, contexts, used, log):
        self.used, self.shift = used, 32 - limit(log - 10, 8, 13)
        self.rows = defaultdict(lambda: [65536 // (contexts + 3)] * self.n)
        self.last, self.curves = defaultdict(lambda: [65536 // len(used)] * len(used)), defaultdict(Curve)

    def code(self, coder, inputs, rows, last, refined):
        self.n = len(inputs)
        sets, last = [self.rows[k, rows[k]] for k in self.used], self.last[last]
        said = [limit(signed(sum(w * x for w, x in zip(s, inputs)), 32) >> 16, -2815, 2815) for s in sets]
        logit = limit(sum(w * x for w, x in zip(last, said)) >> 16, -2815, 2815)
        curves = [self.curves[k, h >> self.shift] for k, h in enumerate(refined)]
        p = 2 * squash(logit) + (sum(c.refine(logit) for c in curves) >> 8) >> 2
        bit = coder.decode(limit(p, 1, 65535))
        last[:] = moved(last, said, (65535 * bit - squash(logit)) * 3 >> 4)
        for s, x in zip(sets, said):
            s[:] = moved(s, inputs, (65535 * bit - squash(x)) * 6 >> 4)
        for c in curves:
            c.learn(bit)
        return bit


def kind_of(c):
    """A letter, a digit, a space, or another byte."""
    return 0 if 97 <= c | 32 <= 122 else 1 if 48 <= c <= 57 else 2 if c in b" \n\t\r" else 3


class Decoder(Member):
    """The bytes of a member."""

    def __init__(self, member, p):
        super().__init__(member)
        self.view, self.kinds, self.letters_past, self.small = View(), 0, 0, False
        self.contexts = [(k, kind, args) for k, (kind, args) in enumerate(p.contexts) if kind != NUCLEOTIDE]
        self.letters = [Letters(*args, p.log) for kind, args in p.contexts if kind == NUCLEOTIDE]
        self.matchers = [Matcher(n, limit(p.log - 6, 12, 20)) for n in p.matches]
        self.width = next((args[0] for kind, args in p.contexts if kind in (COLUMN, ABOVE)), None)
        self.slots = Slots(p.log)
        self.maps = Keyed(lambda k: Counter(start(*TALLIES[k[1]]), 3))
        self.mixer = Mixer(len(p.contexts), [k for k in range(6) if p.sets >> k & 1], p.log)
        self.tree = Tree(self.lengths() if p.shaped else [8] * 256)

    def lengths(self):
        """Reads the lengths of a code."""
        pairs, list = defaultdict(Pair), []
        for _ in range(256):
            node = 1
            for _ in range(4):
                node = 2 * node + pairs[list[-1:] > [0], node].code(self)
            list.append(node - 16)
        return list

    def bytes(self, size):
        """Reads so many bytes."""
        for _ in range(size):
            self.prepare()
            c = self.byte()
            letter = b"ACGT".find(c & ~32)
            if self.letters and letter >= 0:
                self.small = c > 96
                self.letters_past = self.letters_past << 2 & WORD64 | letter
                for x in self.letters:
                    x.move(self.letters_past, letter)
            self.view.move(c)
            for m in self.matchers:
                m.move(self.view.b)
        return bytes(self.view.b)

    def prepare(self):
        v, before = self.view, None
        for m in self.matchers:
            m.foretell(v.b, self.tree)
            if before and before.left and m.at == before.at:
                m.left = []
            before = m
        told = next((m for m in self.matchers if m.left), None)
        v.told = 0 if told is None else v.b[told.at] + 1
        v.sure = 0 if told is None else 1 + min(told.length_class() // 2, 14)
        self.hashes = [v.hash(*c) for c in self.contexts]
        codes = [self.tree.codes.get(c + 32 * self.small, []) for c in b"ACGT"]
        self.left = {k: code for k, code in enumerate(codes) if code} if self.letters else {}
        self.kinds = (4 * self.kinds & 0xFF) + kind_of(v.past & 0xFF)
        self.place = v.past >> 8 & 0xFF if self.width is None else v.column(self.width) & 0xFF

    def byte(self):
        node, first, tree, last = 0, 0, self.tree, self.view.past & 0xFF
        while node >= 0:
            place = tree.place[node]
            if place == 1:
                found = [self.slots.find((h + tree.group[node] * 0x2F0B4C47) * GOLDEN & WORD32) for h in self.hashes]
                slots, count = [slot for slot, _ in found], min(sum(was for _, was in found), 15)
            maps = [self.maps[k, s[place]] for k, s in enumerate(slots)]
            inputs = [x for c in maps for x in inputs_of(c)]
            inputs += [x for l in self.letters for x in l.inputs(self.left)]
            inputs += [x for m in self.matchers for x in m.inputs(first)]
            rows = [node, 16 * self.view.sure + count, last, self.kinds, max(self.view.told - 1, 0), self.place]
            refined = [
                (last << 8 | node) * GOLDEN & WORD32,
                (self.view.past & 0xFFFF) * PRIME2 + node * GOLDEN & WORD32,
            ]
            bit = self.mixer.code(self, inputs + [256], rows, last, refined)
            for s, c in zip(slots, maps):
                s[place] = NEXT[s[place]][bit]
                c.learn(bit)
            for learner in self.letters + self.matchers:
                learner.learn(bit)
            self.left = {k: code[1:] for k, code in self.left.items() if code[0] == bit and code[1:]}
            node, first = tree.child[node, bit], 1
        return ~node


def predicted(components, member, size, most_memory):
    """The group of so many bytes that the member restores to by a predictor."""
    d = Decoder(member, Texts(components, most_memory))
    out = d.bytes(size)
    d.finish()
    return out
