# The functions of the KoLMogorov Test's language (arXiv 2503.13992, Appendix
# A.2), written for kteval's test: reads lines of JSON with "sequence" and
# "program" and executes them.
import itertools
import json
import sys


def range_func_up(a, b): return list(range(a, b + 1))
def range_func_interval(a, b, k): return list(range(a, b, k))
def repeat_num(n, v): return [v] * n
def set_list(s): return list(s)
def repeat_list(n, s): return s * n
def reverse_list(s): return s[::-1]
def substitute(s, x, y): return [y if v == x else v for v in s]
def get_subsequence_with_jumps(s, k): return s[::k]
def get_subsequence_between_indices(s, i, j): return s[i:j]
def max_n(s, n): return sorted(s, reverse=True)[:n]
def min_n(s, n): return sorted(s)[:n]
def add_item_list(s, c): return [v + c for v in s]
def subtract_item_list(s, c): return [v - c for v in s]
def modulo_item_list(s, c): return [v % c for v in s]
def is_even(v): return v % 2 == 0
def is_odd(v): return v % 2 != 0
def is_not_zero(v): return v != 0
def scan_add(s): return list(itertools.accumulate(s))
def add_two_lists(s, t): return [a + b for a, b in zip(s, t)]
def subtract_two_lists(s, t): return [a - b for a, b in zip(s, t)]
def modulo_two_lists(s, t): return [a % b for a, b in zip(s, t) if b != 0]
def concatenate(s, t): return s + t


def interleave(s, t):
    m = min(len(s), len(t))
    return [v for pair in zip(s, t) for v in pair] + s[m:] + t[m:]


def filter(keep, s): return [v for v in s if keep(v)]  # lists, not iterators


count = 0
for line in open(sys.argv[1]):
    pair = json.loads(line)
    scope = dict(globals())
    exec(pair["program"], scope)
    if scope["output"] != pair["sequence"]:
        sys.exit("wrong output %r of\n%s" % (scope["output"], pair["program"]))
    count += 1
print(count)
