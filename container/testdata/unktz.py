#!/usr/bin/env python3
"""unktz.py FILE > OUT: restores a ktzip file of versions 1 to 3 ('-': standard input).

Written from FORMAT.md (§: its sections), the editions' tables and RFC 1951, with deflate.py,
language.py, plans.py, mix.py, records.py and texts.py, to show that these are enough; strict and slow. Versions 1
and 2 are "old" (§11). Status 1 and a message for an invalid file.
"""
import sys
import zlib
from collections import namedtuple
from itertools import accumulate
from pathlib import Path

import mix
import records
import texts
from deflate import Inflater
from language import BLOCK, BYTES, FRAMED, HAS_PREDICTOR, MIXED, PAYLOAD, PLAN, Invalid, Section, kept, need, run
from plans import Plan, segment_steps


OLD, OLD_INDEX, PLAIN, SECTION, SHORT, INDEX, PREDICTED = 1, 2, 3, 4, 5, 6, 7  # tags (§3, §5, §11)


class Reader:
    """Bytes, integers and checksums of the input (§1)."""

    def __init__(self, data):
        self.data, self.pos = data, 0

    def take(self, n):
        need(n <= len(self.data) - self.pos, "truncated")
        self.pos += n
        return self.data[self.pos - n:self.pos]

    def u8(self):
        return self.take(1)[0]

    def uvarint(self):
        v = shift = 0
        while True:
            c = self.u8()
            v |= (c & 127) << shift
            need(v < 2**64 and shift < 70, "uvarint beyond 64 bits")
            if c < 128:
                need(c or shift == 0, "uvarint not in the shortest form")
                return v
            shift += 7

    def varint(self):
        u = self.uvarint()
        return -(u >> 1) - 1 if u & 1 else u >> 1

    def crc(self, start):
        want = zlib.crc32(self.data[start:self.pos])
        need(self.take(4) == want.to_bytes(4, "little"), "checksum")


def reverse_uvarint(v):
    """The bytes of v, last group first (§5)."""
    out = bytes([v & 127 | (128 if v > 127 else 0)])
    return (reverse_uvarint(v >> 7) if v > 127 else b"") + out


def inflate(member, most, steps, old):
    """The content of the member, and the steps of deflate blocks that are left (§4, §8, §11)."""
    if not old:
        return Inflater(member).inflate(most, steps)
    need(len(member) >= 18 and member[:4] == b"\x1f\x8b\x08\x00", "GZIP header")
    content, steps = Inflater(member[10:-8]).inflate(most, steps)
    trailer = zlib.crc32(content).to_bytes(4, "little") + len(content).to_bytes(4, "little")
    need(member[-8:] == trailer, "GZIP trailer")
    return content, steps


def restore(f, tag, head):
    """The bytes of the segment that begins with the tag before f's position (§3, §11)."""
    start, old = f.pos - 1, head.version < 3
    size = f.uvarint()
    programs = f.uvarint() if tag != PLAIN else 0
    raw = f.uvarint()
    need(1 <= size <= head.most, "size of a segment")
    need(programs or old or tag == PLAIN, "an empty section")
    need(programs + raw <= size + size // 256 + 128, "coded size of a segment")
    if size > 2**16 and not old:
        check = zlib.crc32(f.data[start:f.pos]) & 0xFFFF
        need(f.take(2) == check.to_bytes(2, "little"), "check")
    total = f.take(4)
    section, members = f.take(programs), f.take(raw)
    f.crc(start)
    if tag == PLAIN:
        out, _ = Inflater(members).inflate(size, block_steps(size))
        need(len(out) == size, "length of a plain segment")
    else:
        out = by_section(Section(section, 1 if old else 2), members, size, head, tag == PREDICTED)
    need(zlib.crc32(out).to_bytes(4, "little") == total, "checksum of the restored bytes")
    return out


def block_steps(size):
    """What the deflate blocks of a segment may take together (§8)."""
    return 8 * min(size, 2**22) + 2**17


def by_section(section, members, size, head, predicted):
    """The bytes of a segment with a section, which may have predictors (§4)."""
    programs, raw = len(section.data), len(members)
    nodes, output = section.program(PLAN, 4096, 0)
    section.flag, section.before = 0, 0
    section.blocks = block_steps(size)
    section.budget = segment_steps(size) - 64 * programs
    need(section.budget >= 0, "steps of the segment")
    if output >= 0 and nodes[output][:2] == (PAYLOAD, [0]):
        out = group(section, members, size, head, predictor(section, predicted))
    else:
        need(head.version > 1, "plan is not payload(0)")
        plan = Plan(nodes, output, size, head.version)
        section.budget -= plan.steps
        need(section.budget >= 0, "steps of the segment")
        groups = [[0]]  # the streams of each
        for k in range(1, len(plan.streams)):
            if section.decode(32768):
                groups.append([])
            groups[-1].append(k)
        lengths = [section.integer(29912) for _ in groups[1:]]
        need(all(n >= 0 for n in lengths) and sum(lengths) <= raw, "lengths of members")
        predictors = [predictor(section, predicted) for _ in groups]
        streams, at = [], 0
        for streams_of, n, p in zip(groups, lengths + [raw - sum(lengths)], predictors):
            sizes = [plan.streams[k] for k in streams_of]
            content = group(section, members[at:at + n], sum(sizes), head, p)
            at += n
            ends = list(accumulate(sizes))
            streams += [content[e - z:e] for e, z in zip(ends, sizes)]
        out = plan.make(streams)
    need(section.pos >= programs, "bytes of the section left")
    return out


def predictor(section, predicted):
    """The next group's predictor, None if it has none (§4)."""
    return section.predictor() if predicted and section.bit(HAS_PREDICTOR) else None


def group(section, member, size, head, components):
    """The bytes of a group of streams, by a predictor unless there are no components (§4)."""
    if components:
        source, (end, arguments) = components[0][0], components[-1]
        need(end != MIXED or 0 <= arguments[0] <= 27 and 2**arguments[0] <= max(2**16, 1024 * size), "bytes of contexts")
        by = records if source == FRAMED else texts if source == BYTES else mix
        return by.predicted(components, member, size, head.memory)
    content, used = b"", 0
    if member:
        content, section.blocks = inflate(member, size, section.blocks, head.version < 3)
    out, rest, earlier = bytearray(), [], []
    while len(out) < size:
        block = min(head.block_size, size - len(out))
        flag = section.bit(2 * section.before + section.flag)
        section.flag, section.before = flag, section.flag
        if flag:
            nodes, output = section.program(BLOCK, 64 * block + 1024, len(earlier))
            values, lists, steps = run(nodes, output, block, out, rest, earlier)
            section.budget -= steps
            need(section.budget >= 0, "steps of the segment")
            need(block <= len(values) <= block + 4096, "length of the output of a program")
            need(all(0 <= v <= 255 for v in values[:block]), "output of a program")
            out += bytes(values[:block])
            rest, earlier = values[block:], kept(earlier + lists)
        else:
            rest, earlier = [], []
            need(member and used + block <= len(content), "raw blocks")
            out += content[used:used + block]
            used += block
    need(used == len(content) and (used or not member), "member of other length than the raw blocks")
    return bytes(out)


# The most bytes of a segment, the size of the file or None, the most memory of a predictor (1: no predictors).
Header = namedtuple("Header", "version block_size most size memory")


def header(f):
    """The header at f's position (§2, §11)."""
    start = f.pos
    need(f.take(4) == b"\x9cKTZ", "not a ktzip file")
    version = f.u8()
    need(version in (1, 2, 3), "unsupported version")
    flags, block, memory = f.u8(), 7, 0
    if version < 3:
        edition, block, segment = f.take(3)
        need(flags <= 15, "flags")
        need(edition == 1, "unsupported version")
    else:
        segment = f.u8()
        need(not flags & 16, "unsupported version")
        if flags & 32:
            block = f.u8()
            need(block != 7, "a block size that is the default")
        if flags & 64:
            memory = f.u8()
            need(16 <= memory <= 27, "memory of a predictor")
        need(not flags & 128, "a profile is needed")
    need(4 <= block <= 12 and block <= segment <= 26, "block or segment size")
    if flags & 1:
        n = f.uvarint()
        need(n <= 4096, "length of the name")
        name = f.take(n).decode("utf-8")
        need(not set(name) & set("/\\\0") and name not in (".", ".."), "name")
    if flags & 2:
        need(f.uvarint() <= 2**63 and f.uvarint() <= 999999999, "time")
    need(not flags & 4 or f.uvarint() <= 0o777, "mode")
    size = f.uvarint() if flags & 8 else None
    f.crc(start)
    return Header(version, 1 << block, 1 << segment, size, 1 << memory)


def restore_file(f, write):
    """Restores the file at f's position and checks its index (§2, §5)."""
    start = f.pos
    head = header(f)
    version, size = head.version, head.size
    first, entries = f.pos - start, []
    tags = (OLD,) if version < 3 else (PLAIN, SECTION, PREDICTED) if head.memory > 1 else (PLAIN, SECTION)
    while (tag := f.u8()) in tags:
        at = f.pos - 1
        out = restore(f, tag, head)
        write(out)
        entries.append((f.pos - at, len(out)))
    at = f.pos - 1
    need(size is None or size == sum(n for _, n in entries), "size in the header")
    if version >= 3 and len(entries) <= 1:
        need(tag == SHORT, "neither a segment nor a short end")
        at = start
    else:
        need(tag == (OLD_INDEX if version < 3 else INDEX), "neither a segment nor an index")
        need((f.uvarint(), f.uvarint()) == (first, len(entries)), "header or count in the index")
        for k, entry in enumerate(entries):
            if version < 3 or k == 0:
                need((f.uvarint(), f.uvarint()) == entry, "segment in the index")
            else:
                need((f.varint(), f.varint()) == tuple(n - n0 for n, n0 in zip(entry, entries[0])), "segment in the index")
        f.crc(at)
    length = reverse_uvarint(f.pos - at)
    need(f.take(len(length) + 1) == length + b"\xe5", "end of the index")


def main(path):
    sys.setrecursionlimit(10000)
    f = Reader(sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes())
    try:
        end = len(f.data.rstrip(b"\0"))  # without the padding (§2): the end mark is not 0
        need(end, "empty input")
        while f.pos < end:
            restore_file(f, sys.stdout.buffer.write)
    except (Invalid, UnicodeDecodeError) as e:
        sys.stdout.buffer.flush()
        sys.exit(f"unktz.py: {path}: near byte {f.pos}: {e}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: unktz.py FILE > OUT")
    main(sys.argv[1])
