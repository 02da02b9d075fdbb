package text

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// cutCells returns the tokens of row, with a bar between them.
func cutCells(row string, list []token) string {
	var texts []string
	for _, t := range list {
		texts = append(texts, row[t.start:t.end])
	}
	return strings.Join(texts, "|")
}

// TestCutsCells cuts rows at delimiters: not within quotes, or in times.
func TestCutsCells(t *testing.T) {
	for _, c := range []struct {
		row       string
		delimiter byte
		want      string
	}{
		{"", ',', ""},
		{"a,,b", ',', "a|,||,|b"},
		{`"a,b",c`, ',', `"a,b"|,|c`},
		{`"a\",b",c`, ',', `"a\",b"|,|c`},
		{`5" wide,c`, ',', `5" wide|,|c`},
		{`a"b"c`, '"', `a|"|b|"|c`},
		{"12:30:01:x", ':', "12:30:01|:|x"},
	} {
		if got := cutCells(c.row, cut([]byte(c.row), c.delimiter)); got != c.want {
			t.Errorf("%q at %q: %q, want %q", c.row, c.delimiter, got, c.want)
		}
	}
	for row, want := range map[string]string{
		"":                       "",
		"  a b":                  "|  |a| |b",
		"a  b c d e":             "a|  |b| |c d e",
		"2026-11-27 20:31:05 x ": "2026-11-27 20:31:05| |x| |",
	} {
		if got := cutCells(row, cutAtBlanks([]byte(row), 3)); got != want {
			t.Errorf("%q at blanks: %q, want %q", row, got, want)
		}
	}
}

// TestKeysOfCells tells the key of a cell from its value.
func TestKeysOfCells(t *testing.T) {
	for cell, want := range map[string]string{
		"":               "",
		"12":             "",
		"a=1":            "a=",
		"a.b-c: 1":       "a.b-c: ",
		` "a b": "x"`:    ` "a b": `,
		`,{"a":{"b":1}}`: `,{"a":`,
		"12:30":          "",
		`"12":30`:        `"12":`,
		"a b=1":          "",
		`"a`:             "",
		"a":              "",
	} {
		if got := cell[:keyOf([]byte(cell))]; got != want {
			t.Errorf("%q: the key %q, want %q", cell, got, want)
		}
	}
}

// TestFindsForms prints rows with cells of two forms, and without some cells: each of these is an
// instance of a set.
func TestFindsForms(t *testing.T) {
	address := func(r *rand.Rand) string { return fmt.Sprintf("10.1.%d.%d", r.IntN(256), r.IntN(256)) }
	for _, c := range []struct {
		kind string
		row  func(r *rand.Rand, i int) string
		want string
	}{
		{"NA among numbers", func(r *rand.Rand, i int) string {
			if r.IntN(3) == 0 {
				return fmt.Sprintf("%d;NA;%s", i, address(r))
			}
			return fmt.Sprintf("%d;%d;%s", i, 40_000+r.IntN(900), address(r))
		}, ";%<2>;"},
		{"null among texts", func(r *rand.Rand, i int) string {
			texts := []string{"null", "null", "null"}
			for k := range texts {
				if r.IntN(3) > 0 {
					texts[k] = `"` + address(r) + `"`
				}
			}
			return fmt.Sprintf(`{"n":%d,"a":%s,"b":%s,"c":%s}`, i, texts[0], texts[1], texts[2])
		}, `,"b":%<`},
		{"a key that is missing", func(r *rand.Rand, i int) string {
			if r.IntN(2) == 0 {
				return fmt.Sprintf("n=%d m=%d", i, 100+r.IntN(900))
			}
			return fmt.Sprintf("n=%d a=%s m=%d", i, address(r), 100+r.IntN(900))
		}, "u2 %<2>m="},
		{"text behind columns", func(r *rand.Rand, i int) string {
			text := ""
			for range 3 + r.IntN(9) {
				text += strings.Repeat(" ", 1+r.IntN(2)) + string(rune('a'+r.IntN(26))) + string(rune('a'+r.IntN(26))) + []string{"", ".", "-x", ":"}[r.IntN(4)]
			}
			return fmt.Sprintf("%-6d %5d %s%s", 1000+7*i, r.IntN(10_000), oneOfWords(r), text)
		}, " %s\n"},
	} {
		if got := find(t, rows(500, c.row)); !strings.Contains(got, c.want) {
			t.Errorf("%s: templates\n%swant one with %q", c.kind, got, c.want)
		}
	}
}

// oneOfWords returns one of some words.
func oneOfWords(r *rand.Rand) string {
	return []string{"red", "green", "blue"}[r.IntN(3)]
}

// TestOrderOfKeys puts keys in an order in which the rows with the most frequent ones have them.
func TestOrderOfKeys(t *testing.T) {
	sequences := [][]int{{0, 1, 3}, {0, 2, 3}, {0, 1, 3}, {0, 3}, {0, 1, 2, 4}, {3, 0}}
	order := orderOf([]int{0, 1, 2, 3, 4, 5}, sequences)
	for r, ids := range sequences[:4] {
		if !slices.IsSortedFunc(ids, func(a, b int) int { return slices.Index(order, a) - slices.Index(order, b) }) {
			t.Errorf("the order %d, row %d has %d", order, r, ids)
		}
	}
	if len(order) != 5 {
		t.Errorf("the order %d, want 5 keys", order)
	}
}
