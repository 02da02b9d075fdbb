"""Texts of tokens as programs of the KoLMogorov Test, and their execution."""
import json
import math
from itertools import accumulate
from pathlib import Path

TOKENS = json.loads(Path(__file__).with_name("tokens.json").read_text())
OPERATIONS = TOKENS["operations"]
LIMIT = 1 << 16  # elements of a list


class Invalid(Exception):
    pass


def program(tokens):
    """The lines (operation, references, numbers, list) of the tokens between the sequence and the end."""
    lines, at = [], 0

    def token():
        nonlocal at
        at += 1
        if at > len(tokens):
            raise Invalid("cut short")
        return tokens[at - 1]

    def number(t):
        sign, high = 1, 0
        if t == TOKENS["negative"]:
            sign, t = -1, token()
        if TOKENS["high"] < t < TOKENS["operation"]:
            high, t = t - TOKENS["high"], token()
        if t > 255:
            raise Invalid("no number")
        return sign * (high << 8 | t)

    while True:
        t = token()
        if t == TOKENS["end"]:
            return lines
        op = t - TOKENS["operation"]
        if not 0 <= op < len(OPERATIONS):
            raise Invalid("no operation")
        row = OPERATIONS[op]
        refs = [len(lines) - 1 - (token() - TOKENS["reference"]) for _ in range(row["lists"])]
        if any(not 0 <= r < len(lines) for r in refs):
            raise Invalid("no such line")
        nums, items = [number(token()) for _ in range(row["numbers"])], []
        if row["list"]:
            while (t := token()) != TOKENS["list_end"]:
                items.append(number(t))
        lines.append((op, refs, nums, items))


def execute(lines):
    """What the last line makes."""
    made = []
    for op, refs, nums, items in lines:
        s, t = ([made[r] for r in refs] + [[], []])[:2]
        made.append(result(OPERATIONS[op]["name"], s, t, nums, items))
        if len(made[-1]) > LIMIT:
            raise Invalid("too long")
    return made[-1] if made else []


def result(name, s, t, nums, items):
    a, b, c = (nums + [0, 0, 0])[:3]
    if name == "set_list":
        return items
    if name == "range_func_up":
        return list(range(a, b + 1))
    if name == "range_func_interval":
        return list(range(a, b, c)) if c else []
    if name == "repeat_num":
        return [b] * min(max(a, 0), LIMIT)
    if name == "repeat_list":
        return s * min(max(a, 0), LIMIT // max(len(s), 1))
    if name == "reverse_list":
        return s[::-1]
    if name == "substitute":
        return [b if v == a else v for v in s]
    if name == "get_subsequence_with_jumps":
        return s[::a] if a > 0 else []
    if name == "get_subsequence_between_indices":
        return s[a:b]
    if name == "max_n":
        return sorted(s, reverse=True)[:max(a, 0)]
    if name == "min_n":
        return sorted(s)[:max(a, 0)]
    if name == "add_item_list":
        return [v + a for v in s]
    if name == "subtract_item_list":
        return [v - a for v in s]
    if name == "modulo_item_list":
        return [v % a for v in s] if a else []
    if name.startswith("filter"):
        keep = {"is_even": lambda v: v % 2 == 0, "is_odd": lambda v: v % 2, "is_not_zero": lambda v: v}[name.split()[1]]
        return [v for v in s if keep(v)]
    if name == "scan_add":
        return list(accumulate(s))
    if name == "add_two_lists":
        return [x + y for x, y in zip(s, t)]
    if name == "subtract_two_lists":
        return [x - y for x, y in zip(s, t)]
    if name == "modulo_two_lists":
        return [x % y for x, y in zip(s, t) if y]
    if name == "concatenate":
        return s + t
    if name == "interleave":
        m = min(len(s), len(t))
        return [v for pair in zip(s, t) for v in pair] + s[m:] + t[m:]
    raise Invalid(name)


def uniform_bits(lines):
    """The benchmark's cost of a program."""
    bits = math.log2(25)  # of the output
    for i, (op, refs, nums, items) in enumerate(lines):
        name = OPERATIONS[op]["name"]
        bits += math.log2(25) + len(refs) * math.log2(i + 1) + 8 * len(items)
        if name in ("repeat_list", "get_subsequence_with_jumps"):
            bits += 3
        elif name == "range_func_interval":
            bits += 19
        elif name == "repeat_num":
            bits += 8 + math.log2(20)
        else:
            bits += 8 * len(nums)
    return bits
