"""The bits of sections, and block programs (FORMAT.md, sections 6 to 8)."""
from itertools import accumulate
from pathlib import Path


class Invalid(Exception):
    pass


def need(ok, what):
    if not ok:
        raise Invalid(what)


def number(v):
    need(-2**31 <= v < 2**31, "number beyond 32 bits")
    return v


def models(edition):
    """The initial states that are not (32768, 0) (§6)."""
    text = Path(__file__).resolve().parents[1].joinpath(f"edition{edition}.tsv").read_text()
    rows = (map(int, line.split("\t")) for line in text.splitlines() if line[:1] != "#")
    return {m: (p, n) for m, p, n in rows}


INITIAL = {edition: models(edition) for edition in (1, 2)}

# The coded arguments of operation s and how many lists it takes (§7).
# V: value, N: number, E: end, L: list, each at a model.
OPERATIONS = [
    ("L8870", 0), ("V9801 E10395", 0), ("N11663 V10732 E11326", 0), ("N12000 V12337", 0), ("N12931", 1),
    ("", 1), ("V13268 V13862", 1), ("N14456", 1), ("N14793 E15130", 1), ("V15467", 1), ("V16061", 1),
    ("V16655", 1), ("V17249", 1), ("V17843", 1), ("", 1), ("", 1), ("", 1), ("", 1),
    ("", 2), ("", 2), ("", 2), ("", 2), ("", 2), ("N18437", 0), ("", 0), ("N18774 N19111", 0),
    ("N19448 N19785 L20122", 1), ("N21053 N21390 N21727", 1), ("N22064 N22401 N22738", 1), ("N23075", 1),
    ("N23412 N23749", 1), ("N24086", 1), ("N24423 N24760", 1), ("L25097", 1), ("N26028 L26365", 2),
    ("N27296 N27633 N27970 L28307", 1), ("N29238 N29575", 1), ("N30249 L30586", 2), ("L31517", 1), ("N32448 L32785", 2),
    ("N33716 N34053 L34390", 1), ("N35321 N35658 L35995", 2), ("N36926 N37263", 1),
    ("N37600 N37937 N38274", 1), ("N38611 N38948 N39285", 1), ("N39622 N39959", 2), ("L40296", 2), ("N41227 N41564", 1), ("N41901 N42238", 2),
    ("", 1),
]
(SET_LIST, RANGE_UP, RANGE, REPEAT_NUM, REPEAT, REVERSE, SUBSTITUTE, JUMPS, BETWEEN,
 MAX_N, MIN_N, ADD, SUBTRACT, MODULO, EVEN, ODD, NOT_ZERO, SCAN, ADD2, SUBTRACT2,
 MODULO2, CONCATENATE, INTERLEAVE, PAYLOAD, REST, COPY, PREDICT, PAETH, MEDIAN, ZIGZAG,
 XOR, FLOATS, TRANSPOSE, FIELDS, RECORDS, LMS, PACK, EXPAND,
 COLUMNS, KINDS, MIX, LINES, BRANCHES, SCALED, MULTIPLES, LOOKUP, LETTERS,
 CONVERTED, DISTINCT, NORMALS) = range(50)
PLANS = {BETWEEN, REVERSE, SCAN, ADD, CONCATENATE, INTERLEAVE, PAYLOAD, *range(PREDICT, NORMALS + 1)}
PLAN, BLOCK, MADE_BEFORE = 62, 63, 63

# The same of components of predictors (§12).
COMPONENTS = [
    "N55376 N55713 N56050", "N56387 N56724 N57061", "N57398 N57735 N58072", "N58409 N58746 N59083",
    "N59420 N59757 N60094", "N60431", "N60768 N61105 L61442", "N62373 N62710", "N63047 N63384 N63721",
    "N64058 N64395 L64732", "", "N65663", "N66000", "N66337", "N66674", "L67011", "N67942", "N68279", "N68616 N68953",
    "N69290 N69627", "N69964", "N70301", "N70638 N70975 L71312", "N72243", "N72580",
]
HAS_PREDICTOR, COMPONENT = 51279, 51280  # models
(SIGNED, UNSIGNED, FLOATING, IBM, PACKED12, FIXED, OLS, NLMS, CODE, FRAMED, BYTES, CONTEXTS, EXPERTS, MATCH, ORDER,
 MASKED, WORD, FOLLOWED, COLUMN, ABOVE, NUCLEOTIDE, OPCODE, MIXED, FORETOLD, REPEATED) = range(25)
SOURCES = {SIGNED, UNSIGNED, FLOATING, IBM, PACKED12, FRAMED, BYTES}


def reading(op, args, refs):
    """The steps that reading a node takes (§8)."""
    return 32 + 64 * (len(args) + len(refs)) + 64 * sum(len(a) for a in args if isinstance(a, list))


class Coder:
    """The range decoder (§6)."""

    def __init__(self, data):
        self.data, self.pos = data, 0
        self.low, self.high, self.x = 0, 2**32 - 1, 0
        for _ in range(4):
            self.shift()

    def shift(self):
        need(self.pos < len(self.data) + 4, "more than 4 bytes beyond the end")
        c = self.data[self.pos] if self.pos < len(self.data) else 0
        self.pos += 1
        self.x = self.x << 8 & 0xFFFFFFFF | c

    def decode(self, p):
        mid = self.low + ((self.high - self.low) * p >> 16)
        bit = int(self.x <= mid)
        self.low, self.high = (self.low, mid) if bit else (mid + 1, self.high)
        while (self.low ^ self.high) >> 24 == 0:
            self.low = self.low << 8 & 0xFFFFFFFF
            self.high = self.high << 8 & 0xFFFFFFFF | 255
            self.shift()
        return bit


class Section(Coder):
    """Models, numbers (§6) and programs (§7) of a section."""

    def __init__(self, data, edition):
        super().__init__(data)
        self.models, self.edition = dict(INITIAL[edition]), edition

    def bit(self, m):
        p, n = self.models.get(m, (32768, 0))
        b = self.decode(p)
        p += (65536 * b - p) * (65536 // (2 * n + 3)) >> 15
        self.models[m] = min(max(p, 32), 65504), min(n + 1, 127)
        return b

    def symbol(self, k, m):
        node = 1
        for _ in range(k):
            node = 2 * node + self.bit(m + node)
        return node - 2**k

    def integer(self, m):
        length = self.symbol(6, m)
        need(length <= 33, "integer of more than 33 bits")
        if length == 0:
            return 0
        v = t = 1
        for _ in range(length - 1):
            b = self.bit(m + 64 + 8 * length + t) if t < 8 else self.decode(32768)
            t = 2 * t + b if t < 8 else t
            v = 2 * v + b
        return -v if self.bit(m + 336) else v

    def number(self, m):
        return number(self.integer(m))

    def value(self, m):
        return self.number(m + 257) if self.bit(m) else self.symbol(8, m + 1)

    def program(self, parent, literals, earlier):
        """The nodes of a program, each (s, arguments as coded, references), and its output (§7)."""
        self.nodes, self.begun, self.literals, self.earlier = [], 0, literals, earlier
        self.near = []
        return self.nodes, self.expr(parent, parent, 0)

    def expr(self, kind, parent, a):
        after = self.edition > 1 and a == 1 and parent in (CONCATENATE, INTERLEAVE)
        s = self.symbol(6, 43087 + 4096 * (parent - 21) + 64 * self.last if after else 4 + 128 * parent + 64 * a)
        self.last = s
        if s == MADE_BEFORE:
            return self.made_before()
        blocks = s <= COPY and s != PAYLOAD
        need(s in PLANS if kind == PLAN else blocks, "no such operation here")
        self.begun += 1
        need(self.begun <= 1024, "more than 1024 nodes")
        coded, lists = OPERATIONS[s]
        args = self.arguments(s, coded)
        refs = [self.expr(kind, s, i) for i in range(lists)]
        self.nodes.append((s, args, refs))
        if s != CONCATENATE:
            self.last = s
            self.near.append(len(self.nodes) - 1)
        return len(self.nodes) - 1

    def arguments(self, s, coded):
        args = []
        for c in coded.split():
            m = int(c[1:])
            if c[0] in "VN":
                args.append(self.value(m) if c[0] == "V" else self.number(m))
            elif c[0] == "E":
                args.append(self.end(m, args[-1], max(args[0], 1) if s == RANGE else 1))
            else:
                length = self.number(m)
                self.literals -= length
                need(length >= 0 and self.literals >= 0, "length of literals")
                args.append([self.value(m + 337) for _ in range(length)])
        return args

    def predictor(self):
        """The components of a predictor, each (s, arguments), the source first (§12)."""
        self.literals, s, components = 1024, BLOCK, []
        while s not in SOURCES:
            s = self.symbol(6, COMPONENT + 64 * s)
            need(s < len(COMPONENTS) and len(components) < 1024, "components of a predictor")
            components.insert(0, (s, self.arguments(s, COMPONENTS[s])))
        return components

    def made_before(self):
        if self.edition > 1:
            for k, node in reversed(list(enumerate(self.near[-8:]))):
                if self.bit(42575 + 8 * self.nodes[node][0] + k):
                    return node
        made = len(self.nodes) - 1 - self.number(8196)
        need(-self.earlier <= made < len(self.nodes), "reference to a list that is not there")
        return made

    def end(self, m, a, k):
        q = self.integer(m)
        r = self.integer(8533) if k > 1 else 0
        need(0 <= r < k, "rest of an end")
        return number(a + 1 + q * k + r)


def execute(op, args, s, t):
    """The result of a node with lists s and t (§8)."""
    a, b, k = (args + [None] * 3)[:3]
    if op == RANGE:
        k, a, b = args
    need(op not in (JUMPS, MODULO) or a != 0, "step or modulus 0")
    return list({
        SET_LIST: lambda: a,
        RANGE_UP: lambda: range(a, b + 1),
        RANGE: lambda: range(a, b, k),
        REPEAT_NUM: lambda: [b] * a,
        REPEAT: lambda: s * a,
        REVERSE: lambda: s[::-1],
        SUBSTITUTE: lambda: [b if v == a else v for v in s],
        JUMPS: lambda: s[::a],
        BETWEEN: lambda: s[a:b],
        MAX_N: lambda: sorted(s, reverse=True)[:a],
        MIN_N: lambda: sorted(s)[:a],
        ADD: lambda: [v + a for v in s],
        SUBTRACT: lambda: [v - a for v in s],
        MODULO: lambda: [v % a for v in s],
        EVEN: lambda: [v for v in s if v % 2 == 0],
        ODD: lambda: [v for v in s if v % 2 == 1],
        NOT_ZERO: lambda: [v for v in s if v != 0],
        SCAN: lambda: accumulate(s),
        ADD2: lambda: [v + w for v, w in zip(s, t)],
        SUBTRACT2: lambda: [v - w for v, w in zip(s, t)],
        MODULO2: lambda: [v % w for v, w in zip(s, t) if w != 0],
        CONCATENATE: lambda: s + t,
        INTERLEAVE: lambda: [v for pair in zip(s, t) for v in pair] + s[len(t):] + t[len(s):],
        REST: lambda: s,
        COPY: lambda: s,
    }[op]())


def size_before(op, args, s, t):
    """z, the size of a node before it is executed, its lists s and t long (§8)."""
    need(op != RANGE or args[0] != 0, "step 0")
    return max(0, {
        SET_LIST: lambda: len(args[0]),
        RANGE_UP: lambda: args[1] - args[0] + 1,
        RANGE: lambda: len(range(args[1], args[2], args[0])),
        REPEAT_NUM: lambda: args[0],
        REPEAT: lambda: args[0] * s,
        CONCATENATE: lambda: s + t,
        INTERLEAVE: lambda: s + t,
    }.get(op, lambda: min(s, t) if op in (ADD2, SUBTRACT2, MODULO2) else s)())


def copied(before, d, n):
    """n bytes of the stream, the first of them d bytes before the block (§8)."""
    need(1 <= n <= d <= min(65536, len(before)), "copy from beyond the stream")
    return list(before[len(before) - d:len(before) - d + n])


def kept(lists):
    """The last of the lists, which later programs may refer to (§4)."""
    n = elements = 0
    while n < min(256, len(lists)) and (elements := elements + len(lists[-1 - n])) <= 65536:
        n += 1
    return lists[len(lists) - n:]


def run(nodes, output, block, before, rest, earlier):
    """The output of a program for a block, all its lists, and the steps it took (§8)."""
    lists, elements, steps = [], 0, 128
    for op, args, refs in nodes:
        s, t = ([lists[r] if r >= 0 else earlier[r] for r in refs] + [[], []])[:2]
        s = rest if op == REST else copied(before, *args) if op == COPY else s
        z = size_before(op, args, len(s), len(t))
        need(elements + z <= 64 * block + 1024, "budget of elements")
        steps += reading(op, args, refs) + len(s) + len(t) + z
        steps += 4 * len(s) * len(s).bit_length() if op in (MAX_N, MIN_N) else 0
        steps += 4 * z if op in (EVEN, ODD, NOT_ZERO) else 6 * z if op in (MODULO, MODULO2) else 0
        need(steps <= 256 * block + 4096, "budget of steps")
        out = execute(op, args, s, t)
        need(not out or number(min(out)) <= number(max(out)), "never")
        elements += len(out)
        lists.append(out)
    return lists[output] if output >= 0 else earlier[output], lists, steps
