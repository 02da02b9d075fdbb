"""What contexts of texts know of the bytes before (FORMAT.md, section 12)."""
from language import ABOVE, COLUMN, FOLLOWED, FORETOLD, MASKED, OPCODE, ORDER, REPEATED, WORD

WORD32, WORD64 = 2**32 - 1, 2**64 - 1
GOLDEN, PRIME2, PRIME3, GOLDEN64 = 0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x9E3779B97F4A7C15
LINES, FIELDS = 0, 1  # widths of rows that are lines, and of fields of lines


class View:
    """The bytes before, and what is known of them."""

    def __init__(self):
        self.b, self.past = bytearray(), 0
        self.told, self.sure = 0, 0  # the byte that the longest match foretells, plus 1, and how sure that is
        self.again, self.other = 0, 0  # how often the last byte came again in a row, and the byte before these
        self.word, self.words = 0, [0, 0]
        self.after1, self.after2 = {}, {}
        self.lines = [0, -1, -1, -1]  # where this line begins, and those before it
        self.begin, self.field = 0, 0  # of the field
        self.fields, self.fields_before = {0: 0}, {}

    def move(self, c):
        """Moves over byte c."""
        for after, key in ((self.after1, self.past & 0xFF), (self.after2, self.past & 0xFFFF)):
            after[key] = after.get(key, 0) << 8 & 0xFFFF | c
        if c == self.past & 0xFF:
            self.again = min(self.again + 1, 255)
        else:
            self.again, self.other = 0, self.past & 0xFF
        self.b.append(c)
        self.past = self.past << 8 & WORD64 | c
        low = c | 32
        if 97 <= low <= 122 or c > 127:
            w = (self.word + low + 1) * GOLDEN & WORD32
            self.word = w ^ w >> 15
        elif 48 <= c <= 57:
            self.word = (self.word + 1) * PRIME2 & WORD32
        elif self.word:
            self.words, self.word = [self.word, self.words[0]], 0
        i = len(self.b)
        if c == 10:
            self.lines, self.begin, self.field = [i] + self.lines[:3], i, 0
            self.fields, self.fields_before = {0: i}, self.fields
        elif c in b",;\t |":
            self.begin, self.field = i, min(self.field + 1, 63)
            self.fields[self.field] = i

    def at(self, i):
        return self.b[i] if 0 <= i < len(self.b) else 0

    def column(self, width):
        """The place in rows of a width."""
        i = len(self.b)
        if width == LINES:
            return i - self.lines[0]
        if width == FIELDS:
            return (i - self.begin & 0xFF) + 256 * self.field
        return i % width

    def above(self, width, rows):
        """Where the byte so many rows above is; -1 if nowhere."""
        i = len(self.b)
        if width == LINES:
            start = self.lines[rows]
            at = start + i - self.lines[0]
            return at if 0 <= start and at < self.lines[rows - 1] else -1
        if width == FIELDS:
            start = self.fields_before.get(self.field) if rows == 1 else None
            return -1 if start is None else min(start + i - self.begin, self.lines[0] - 1)
        return i - rows * width

    def of_words(self, a):
        more = [0, self.words[0], self.words[1], self.words[0] + self.words[1] * GOLDEN & WORD32, self.past & 0xFF]
        return self.word + (more[a] << 32)

    def followed(self, a):
        last = (self.past & 0xFF) << 16
        two = self.after2.get(self.past & 0xFFFF, 0)
        return (self.after1.get(self.past & 0xFF, 0) + last, two, two + last)[a - 1]

    def neighbors(self, width, sum):
        north = self.above(width, 1)
        values = [self.past & 0xFF, self.past >> 8 & 0xFF]
        values += [self.at(north + k) if north >= 0 else None for k in (0, -1, 1)]
        values += [self.at(self.above(width, rows)) for rows in (2, 3)] + [self.column(width)]
        x = 0
        for k, v in enumerate(values):
            if sum >> k & 1 and v is not None:
                x = (x + v + 1) * GOLDEN64 & WORD64
                x ^= x >> 29
        return x

    def foretold(self, a):
        """The byte that the longest match foretells: with how sure that is, the last byte, or both."""
        return self.told | (self.sure << 9 if a != 1 else 0) | ((self.past & 0xFF) << 16 if a else 0)

    def opcodes(self, n):
        k = len(self.b) % n
        x = self.past & 2**(8 * k) - 1
        return x | k << 56 | (self.past >> 8 * (k + n - 1) & 0xFF) << 48

    def hash(self, number, kind, args):
        """The hash of a context, which is the one of this number of its predictor."""
        x = {
            ORDER: lambda n: self.past & 2**(8 * n) - 1,
            MASKED: lambda masks: self.past & sum(m << 8 * k for k, m in enumerate(masks)),
            WORD: self.of_words,
            FOLLOWED: self.followed,
            COLUMN: lambda a, b: self.past & 2**(8 * b) - 1 | self.column(a) << 24,
            ABOVE: self.neighbors,
            FORETOLD: self.foretold,
            REPEATED: lambda a: self.past & 0xFF | self.again << 8 | (self.other << 16 if a == 2 else 0),
            OPCODE: self.opcodes,
        }[kind](*args)
        x = x + (number + 1) * GOLDEN64 & WORD64
        for _ in range(2):
            x = (x ^ x >> 32) * 0xD6E8FEB86659FD93 & WORD64
        return x >> 32
