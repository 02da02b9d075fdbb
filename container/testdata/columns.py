"""Columns of typed fields, and kinds of records that have them (FORMAT.md, section 9)."""
from disguise import Scale, multiples
from encoded import behind, converted
from language import need

BYTES, DELTA, LINE, XOR, BESIDE, STEP, ALIKE, TEXT = range(8)
VARINT = 16


class Field:
    """A field of the records of columns or kinds, from byte at of a record on."""

    def __init__(self, w, p, a, at, before, factor):
        form, self.p = divmod(p, 16)
        need(0 <= form <= 18 and (form > 16) == bool(factor), "form of a field")
        self.float, self.element = form == 1, None
        if 2 <= form <= 11:
            self.element = self.behind = Scale(abs(w), 1, 10**(form - 2)).swap
        elif form == 17:
            self.element = self.behind = Scale(abs(w), *factor).swap
        elif form == 18:
            need(abs(w) <= 8, "width of multiples")
            self.element, self.behind = multiples(w, *factor), multiples(w, *factor, inverse=True)
        elif form > 11:
            self.element, self.behind = converted(w, form - 12), behind(w, form - 12)
        self.w, self.order, self.at = abs(w), "big" if w < 0 else "little", at
        need(0 <= self.p <= 7 and 1 <= self.w <= 2**21, "field")
        self.is_number = self.p not in (BYTES, TEXT)
        need(self.w <= 8 and a >= 0 if self.is_number else w > 0 and a == 0 and form == 0, "field")
        need((a > 0) == (self.p in (BESIDE, STEP, ALIKE)) and a <= len(before), "other field")
        self.other = before[-a] if a else None
        need(not a or self.other.w <= 8 and (self.p == ALIKE or self.other.w == self.w), "width of the other field")

    def number(self, record, of):
        """The number of the field of, as this field sees it."""
        x = int.from_bytes(record[of.at:of.at + of.w], of.order)
        return self.behind(x) if self.element else self.flip(x)

    def flip(self, x):
        if self.element:
            return self.element(x)
        top = 1 << 8 * self.w - 1
        return x ^ top - 1 if self.float and x & top else x

    def join(self, records, columns):
        """Sets the field in the records that have it; returns what remains of the columns."""
        if self.p == BYTES:
            for k in range(self.at, self.at + self.w):
                records = [r for r in records if len(r) > k]
                if not records:
                    break
                for r, c in zip(records, columns):
                    r[k] = c
                columns = columns[len(records):]
            return columns
        records = [r for r in records if len(r) >= self.at + self.w]
        n = len(records)
        last, before, last_other, alike, mask = 0, 0, 0, {}, 2**(8 * self.w) - 1
        for i, r in enumerate(records):
            if self.p == TEXT:
                r[self.at:self.at + self.w] = columns[i * self.w:i * self.w + self.w]
                continue
            other = low = 0
            if self.p == ALIKE:
                low = r[self.other.at + (self.other.w - 1 if self.other.order == "big" else 0)]
            elif self.other:
                other = self.number(r, self.other)
            expected = {DELTA: last, LINE: 2 * last - before, XOR: last, BESIDE: other, STEP: last + other - last_other,
                        ALIKE: alike.get(low, 0)}[self.p]
            left = sum(columns[k * n + i] << 8 * k for k in range(self.w))
            x = (left ^ expected if self.p == XOR else expected + (-(left + 1) // 2 if left % 2 else left // 2)) & mask
            r[self.at:self.at + self.w] = self.flip(x).to_bytes(self.w, self.order)
            last, before, last_other, alike[low] = x, last, other, x
        return columns[n * self.w:]


def fields(numbers, at):
    """The fields that a list states, of records whose fields start at byte at."""
    need(len(numbers) % 3 == 0, "fields")
    out, factor = [], None
    for w, p, a in zip(numbers[::3], numbers[1::3], numbers[2::3]):
        if w == 0:
            need(not factor and p, "factor of a field")
            factor = p, a
            continue
        out.append(Field(w, p, a, at, out, factor))
        factor, at = None, at + out[-1].w
        need(at <= 2**21, "length of records")
    need(not factor, "factor without a field")
    return out


def columns(s, numbers):
    """Records of fields from their columns."""
    all_fields = fields(numbers, 0)
    size = sum(f.w for f in all_fields)
    records = [bytearray(size) for _ in range(len(s) // size)]
    for f in all_fields:
        s = f.join(records, s)
    return b"".join(records) + s


class Framing:
    """The kinds and lengths of records, and the fields of each kind."""

    def __init__(self, h, numbers):
        need(1 <= h <= 64 and len(numbers) >= 7, "kinds")
        self.h = h
        self.p, self.e, self.u, self.c, self.a, *more = numbers
        need(abs(self.e) <= 4 and self.e != -1 or self.e == VARINT, "lengths of kinds")
        need(0 <= self.p <= h - (2 if self.e == VARINT else max(abs(self.e), 1)), "place of a length")
        need(1 <= self.u <= 65536 and 1 <= self.a <= 65536 and abs(self.c) <= 65536, "lengths of kinds")
        self.keys, more = self.counted(more, 1)
        need(len(self.keys) <= 4 and all(0 <= k < h for k in self.keys), "keys of kinds")
        types, more = self.counted(more, 3)
        self.types = list(zip(types[::3], types[1::3], types[2::3]))
        need(not self.types or self.e == 0, "types of kinds")
        for (t, n, first), before in zip(self.types, [0] + types[2::3]):
            need(0 <= t <= 255 and h <= n <= 2**21 and first >= before, "types of kinds")
        self.schemas, last = {}, -2**32
        while more:
            key, *more = more
            list_, more = self.counted(more, 3)
            need(key > last, "order of kinds")
            last, self.schemas[key] = key, fields(list_, h)

    @staticmethod
    def counted(numbers, each):
        need(numbers and 0 <= numbers[0] <= (len(numbers) - 1) // each, "list of kinds")
        n = 1 + numbers[0] * each
        return numbers[1:n], numbers[n:]

    def kind(self, head, i):
        """The key and the length of record i."""
        p, e = self.p, self.e
        if e == 0:
            entries = [k for k, (t, _, first) in enumerate(self.types) if t == head[p] and first <= i]
            need(entries, "type of a record")
            return entries[-1], self.types[entries[-1]][1]
        if e == VARINT:
            n = head[p] + 1 if head[p] < 128 else head[p] % 128 + 128 * head[p + 1] + 2
            need(head[p] < 128 or head[p + 1] < 128, "length of more than 2 bytes")
        else:
            n = int.from_bytes(head[p:p + abs(e)], "little" if e > 0 else "big")
        key = int.from_bytes(bytes(head[k] for k in self.keys), "big")
        return key, -(-(n * self.u + self.c) // self.a) * self.a

    def fields_of(self, key):
        signed = key - 2**32 if key >= 2**31 else key
        return self.schemas.get(signed, self.schemas.get(-1, []))


def kinds(heads, bodies, h, numbers):
    """Records of several kinds, as long together as both arguments."""
    f = Framing(h, numbers)
    need(len(heads) % h == 0, "heads of kinds")
    records, by_kind, room = [], {}, len(heads) + len(bodies)
    for i in range(len(heads) // h):
        head = heads[i * h:i * h + h]
        key, n = f.kind(head, i)
        need(h <= n <= 2**21 and n <= room, "records don't fill the list")
        room -= n
        records.append(bytearray(head) + bytes(n - h))
        by_kind.setdefault(key, []).append(records[-1])
        need(len(by_kind) <= 65536, "kinds")
    need(room == 0, "records don't fill the list")
    for key, some in by_kind.items():
        all_fields = f.fields_of(key)
        for field in all_fields:
            bodies = field.join(some, bodies)
        for r in some:
            ends = [len(r) if x.p == BYTES and len(r) < x.at + x.w else x.at + x.w for x in all_fields if x.at < len(r)]
            end = max([e for e in ends if e <= len(r)], default=h)
            r[end:], bodies = bodies[:len(r) - end], bodies[len(r) - end:]
    return b"".join(records)
