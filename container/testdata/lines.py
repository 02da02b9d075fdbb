"""Rows of text, printed by templates (FORMAT.md, section 9)."""
import re
from bisect import bisect_right
from itertools import accumulate

from language import need

SLOT = re.compile(rb"%(?:([+/^,])|([=&@])([1-9a-z]))?([-~0 ]*)(?:([1-9][0-9]?))?(?:\.([1-9][0-9]?))?"
                  rb"(?:([udxX]|w|\[[^]%]*\])([1-8])|([sc*!:;Mm#]|<[1-9][0-9]?>))", re.S)
CHECKSUMS = b"* ! : ; M m #".split()
MONTHS = b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
WEEKDAYS = b"Thu Fri Sat Sun Mon Tue Wed".split()  # from 1970-01-01 on
PARTS = b"YymbdeaHMSf"


def year_start(y):
    """Days from 1970-01-01 to the start of the year y."""
    return 365 * (y - 1970) + (y - 1) // 4 - (y - 1) // 100 + (y - 1) // 400 - 477


def date(day):
    """Year, month and day, of a day since 1970-01-01; None beyond the years 0 to 9999."""
    if not year_start(0) <= day < year_start(10000):
        return None
    y = 1970 + day // 366
    while year_start(y + 1) <= day:
        y += 1
    while year_start(y) > day:
        y -= 1
    lengths = [31, year_start(y + 1) - year_start(y) - 337, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    starts = [0, *accumulate(lengths)]
    day -= year_start(y)
    m = bisect_right(starts, day)
    return y, m, day - starts[m - 1] + 1


class Time:
    """How a time is printed."""

    def __init__(self, parts):
        need(len(parts) <= 64, "length of a time")
        self.tokens = re.findall(rb"f+|.", parts, re.S)
        letters = [t[:1] for t in self.tokens if t[:1] in (PARTS[i:i + 1] for i in range(len(PARTS)))]
        need(len(letters) == len(set(letters)), "parts of a time")
        self.f = max((len(t) for t in self.tokens if t[:1] == b"f"), default=0)

        def has(some):
            return sum(c in some for c in letters)
        y, m, d = has([b"Y", b"y"]), has([b"m", b"b"]), has([b"d", b"e"])
        h, minute, s = has([b"H"]), has([b"M"]), has([b"S"])
        need(y <= d == m <= 1 and has([b"a"]) <= y and s <= minute <= h and (s or not self.f) and self.f <= 9 and d + h, "parts of a time")
        self.year, self.short, self.date = y, has([b"y"]), d
        self.units = [1] * 4  # how many of each unit the one before has: hours, minutes, seconds, fractions
        for k, present, n in ((0, h, 24), (1, minute, 60), (2, s, 60), (3, s, 10**self.f)):
            if present:
                self.units[k] = n

    def text(self, v):
        values = []
        for n in reversed(self.units):
            values.append(v % n)
            v //= n
        fraction, second, minute, hour = values
        need(self.date or v == 0, "a time beyond a day")
        if not self.year:
            need(0 <= v < 366, "a time beyond a leap year")
            v += year_start(2000)
        ymd = date(v)
        need(ymd and (not self.short or 2000 <= ymd[0] < 2100), "year of a time")
        y, m, d = ymd
        known = {b"Y": b"%04d" % y, b"y": b"%02d" % (y % 100), b"m": b"%02d" % m, b"b": MONTHS[m - 1], b"d": b"%02d" % d, b"e": b"%2d" % d,
                 b"a": WEEKDAYS[v % 7], b"H": b"%02d" % hour, b"M": b"%02d" % minute, b"S": b"%02d" % second, b"f": b"%0*d" % (self.f, fraction)}
        return b"".join(known.get(t[:1], t) for t in self.tokens)


class Slot:
    """A slot of a template, and the text before it."""

    def __init__(self, text, match=None):
        self.text, self.kind, self.size, self.run = text, b"", 0, []
        if not match:
            return
        simple, ahead, other, flags, width, decimals, sized, size, unsized = match.groups()
        self.predictor = simple or ahead or b""
        self.back = int(other, 36) if other else 0
        self.kind, self.size = sized or unsized, int(size or 0)
        self.trim = b"~" in flags
        pads = flags.replace(b"~", b"")
        self.width, self.decimals, self.pad = int(width or 0), int(decimals or 0), pads
        numeric = self.kind in b"udxX"
        need(len(pads) <= 1 and flags.count(b"~") <= 1 and bool(pads) == bool(self.width) and self.width <= 64, "flags of a slot")
        need(not pads or numeric or self.kind in b"sw" and pads != b"0", "flags of a slot")
        need((not self.decimals or self.kind in b"ud") and self.decimals <= 18 and (self.decimals or not self.trim), "decimals of a slot")
        need(self.size or not self.predictor, "a predictor of what has no number")
        need(self.kind != b"w" or self.size <= 2, "size of a word")
        if self.kind[:1] == b"[":
            self.time = Time(self.kind[1:-1])
        self.words, self.cells, self.at = [], b"", 0
        self.last = self.before = self.last_other = 0
        self.alike, self.other = {}, None

    @property
    def has_cells(self):
        return self.kind == b"s" or self.size > 0 and not self.run

    def cell(self, end):
        at = self.cells.find(end, self.at)
        need(at >= 0, "a cell that is not there")
        text, self.at = self.cells[self.at:at], at + 1
        return text

    def padded(self, text):
        if self.pad == b"-":
            return text.ljust(self.width)
        if self.pad == b"0" and text[:1] == b"-":
            return b"-" + text[1:].rjust(self.width - 1, b"0")
        return text.rjust(self.width, self.pad) if self.pad else text

    def expect(self):
        other = self.other.last if self.other else 0
        return {b"": 0, b"+": self.last, b"/": 2 * self.last - self.before, b"^": self.last, b"=": other, b"&": self.last + other - self.last_other,
                b"@": self.alike.get(other & 255, 0)}[self.predictor]

    def next(self, end):
        """What the next number prints."""
        r, mask = next(self.column), 2**(8 * self.size) - 1
        is_cell = r == mask and self.kind != b"w" and not self.run
        if is_cell:
            v = self.last
        elif self.run or not self.predictor and self.kind != b"d":
            v = r
        elif self.predictor == b"^":
            v = r ^ self.last
        else:
            v = self.expect() + (-(r + 1) // 2 if r % 2 else r // 2) & mask
        other = self.other.last if self.other else 0
        self.before, self.last, self.last_other, self.alike[other & 255] = self.last, v, other, v
        if is_cell:
            return self.cell(end)
        if self.kind == b"w":
            need(v <= len(self.words), "number of a word")
            if v == len(self.words):
                self.words.append(self.cell(end))
            return self.padded(self.words[v])
        if self.kind in b"xX":
            return self.padded(b"%x" % v if self.kind == b"x" else b"%X" % v)
        if self.kind != b"u" and v > mask // 2:
            v -= mask + 1
        if self.kind[:1] == b"[":
            return self.time.text(v)
        text = b"%d" % abs(v)
        if self.decimals:
            text = text.zfill(self.decimals + 1)
            text = text[:-self.decimals] + b"." + text[-self.decimals:]
            if self.trim:
                text = text.rstrip(b"0").rstrip(b".")
        return self.padded((b"-" if v < 0 else b"") + text)


def template(text, k, sets):
    """The slots of a template of set k, counted from 0; the last one is text alone."""
    slots, sized, piece, at = [], [], b"", 0
    while at < len(text):
        if text[at:at + 1] != b"%" or text[at:at + 2] == b"%%":
            at += text[at:at + 1] == b"%"
            piece += text[at:at + 1]
            at += 1
            continue
        match = SLOT.match(text, at)
        need(match, "a slot")
        s = Slot(piece, match)
        piece, at = b"", match.end()
        if s.kind[:1] == b"<":
            s.set = int(s.kind[1:-1]) - 1
            need(k < s.set < sets, "set of an instance")
        if s.back:
            need(s.back <= len(sized), "other slot")
            s.other = sized[-s.back]
            need(s.predictor == b"@" or s.other.size == s.size, "size of the other slot")
        if s.predictor == b",":
            lead = slots[-1] if slots else s
            need(all(x.kind in (b"u", b"x", b"X") and x.size == 1 for x in (s, lead)), "joined slots")
            need(lead.run or not lead.predictor, "joined slots")
            lead.run = lead.run or [lead]
            s.run = lead.run
            s.run.append(s)
            need(len(s.run) <= 255, "joined slots")
        if s.kind == b"c":
            s.shown = next((x.run for x in reversed(slots) if x.run), [])
            need(s.shown, "joined slots that are shown")
        if s.size:
            sized.append(s)
        slots.append(s)
    need(sum(s.kind in CHECKSUMS for s in slots) <= 1, "checksums of a template")
    return slots + [Slot(piece)]


def checksum(kind, row):
    """What the row so far comes to."""
    if kind == b"#":
        return b"%d" % ((sum(c - 48 for c in row if 48 <= c < 58) + row.count(b"-")) % 10)
    lower, v = kind in b"!;m", 0
    if kind in b"*!":
        for c in row[1:-1]:
            v ^= c
    else:
        head = 2 if kind in b"Mm" else 1
        need(re.fullmatch(b"(?:[0-9A-Fa-f]{2})*", row[head:]) and len(row) >= head, "a row of other than hexadecimal digits")
        v = (1 - head - sum(bytes.fromhex(row[head:].decode()))) % 256
    return b"%02x" % v if lower else b"%02X" % v


class Rows:
    """The rows that templates print."""

    def __init__(self, s, t, end, rows, counts):
        need(0 <= end <= 255 and 1 <= len(counts) <= 16 and all(1 <= n <= 256 for n in counts) and sum(counts) <= 1024, "sets of templates")
        self.end, self.out, self.row = bytes([end]), bytearray(), 0
        pieces = t.split(self.end)
        need(len(pieces) > sum(counts), "templates without their end")
        self.sets, at = [], 0
        for k, n in enumerate(counts):
            self.sets.append([template(x, k, len(counts)) for x in pieces[at:at + n]])
            at += n
        slots = [x for sets in self.sets for some in sets for x in some]
        self.slots = slots
        need(len(slots) - sum(counts) <= 4096 and sum(x.kind != b"" and x.predictor == b"@" for x in slots) <= 128, "slots")
        at = sum(len(x) + 1 for x in pieces[:sum(counts)])
        most, words = rows + len(s) + len(t), 0
        for x in slots:
            if x.kind and x.has_cells:
                n, s = uvarint(s)
                x.cells, at = t[at:at + n], at + n
                need(at <= len(t) and (n == 0 or x.cells.endswith(self.end)), "cells of a slot")
                words += x.cells.count(self.end) if x.kind == b"w" else 0
        need(at == len(t) and words <= 2**17, "cells")
        self.columns(s, rows, most)
        for i in range(rows):
            self.row = len(self.out)
            self.instance(0)
            self.out += self.end
        need(all(not x.kind or not x.has_cells or x.at == len(x.cells) for x in slots), "cells that are left")

    def columns(self, s, rows, most):
        instances, at = [rows] + [0] * (len(self.sets) - 1), 0
        self.chosen = []
        for k, some in enumerate(self.sets):
            need(sum(instances) <= most, "instances")
            n = instances[k]
            numbers = bytes(n) if len(some) == 1 else s[at:at + n]
            at += n if len(some) > 1 else 0
            need(len(numbers) == n and max(numbers, default=0) < len(some), "numbers of templates")
            self.chosen.append(iter(numbers))
            for i, slots in enumerate(some):
                each = numbers.count(i)
                for x in slots:
                    if x.kind[:1] == b"<":
                        instances[x.set] += each
                    if not x.size or x.run and x is not x.run[0]:
                        continue
                    size = each * (len(x.run) or x.size)
                    column = s[at:at + size]
                    need(len(column) == size, "a column")
                    at += size
                    for j, y in enumerate(x.run):
                        y.column = iter(column[j::len(x.run)])
                    if not x.run:
                        planes = [column[p * each:p * each + each] for p in range(x.size)]
                        x.column = iter([int.from_bytes(r, "little") for r in zip(*planes)])
        need(at == len(s), "bytes after the columns")

    def instance(self, k):
        for x in self.sets[k][next(self.chosen[k])]:
            self.out += x.text
            if x.kind[:1] == b"<":
                self.instance(x.set)
            elif x.kind == b"s":
                self.out += x.padded(x.cell(self.end))
            elif x.kind == b"c":
                self.out += bytes(y.last if 32 <= y.last < 127 else 46 for y in x.shown)
            elif x.kind in CHECKSUMS:
                self.out += checksum(x.kind, bytes(self.out[self.row:]))
            elif x.kind:
                self.out += x.next(self.end)


def uvarint(s):
    """A uvarint (§1) and what follows it."""
    n = next((i for i, c in enumerate(s[:10]) if c < 128), None)
    need(n is not None and (s[n] or n == 0), "uvarint")
    v = sum((c & 127) << 7 * i for i, c in enumerate(s[:n + 1]))
    need(v < 2**64, "uvarint beyond 64 bits")
    return v, s[n + 1:]


def lines(s, t, z, end, rows, counts):
    """Rows of text, z bytes."""
    need(1 <= rows <= z + 1, "rows")
    out = bytes(Rows(s, t, end, rows, counts).out)
    need(len(out) in (z, z + 1), "bytes of rows")
    return out[:z]
