package main

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// TestInsert holds that a table replaces what stands between its marks, and nothing else.
func TestInsert(t *testing.T) {
	tab := newTable("a", "b")
	tab.add(1, "x")
	for _, c := range []struct{ text, want string }{
		{"top\n<!-- m -->\nold\n<!-- /m -->\nend\n", "top\n<!-- m -->\n| a | b |\n| --- | --- |\n| 1 | x |\n<!-- /m -->\nend\n"},
		{"<!-- m -->\n<!-- /m -->", "<!-- m -->\n| a | b |\n| --- | --- |\n| 1 | x |\n<!-- /m -->"},
		{"<!-- m -->\nno end", ""},
		{"no mark", ""},
	} {
		got, err := tab.insert([]byte(c.text), "m")
		if string(got) != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%q: got %q, %v; want %q", c.text, got, err, c.want)
		}
	}
}

// TestBarChart holds that the chart is well-formed, and has a bar for each share.
func TestBarChart(t *testing.T) {
	chart := barChart(shown, []fileRatios{
		{name: "<a & b>", shares: []float64{0.3, 0.2, 0.8, 0.7, 0.5}},
		{name: "c", shares: []float64{0.3, 0.3, 0.3, 0.2, 0.1}},
	})
	bars, text := 0, ""
	for d := xml.NewDecoder(strings.NewReader(string(chart))); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			for _, a := range token.Attr {
				if token.Name.Local == "rect" && a.Name.Local == "fill" && a.Value == barColours[1] {
					bars++
				}
			}
		case xml.CharData:
			text += string(token)
		}
	}
	if bars != 3 { // the legend's, and one for each file
		t.Errorf("%d bars of %s, want 3", bars, shown[1])
	}
	for _, want := range []string{"<a & b>", "ktzip -9: 60 % below xz -9e", "ktzip -9: 200 % above xz -9e"} {
		if !strings.Contains(text, want) {
			t.Errorf("no text %q", want)
		}
	}
}

// TestCell holds which cell of a card is read.
func TestCell(t *testing.T) {
	const card = "# Card\n\n| what | |\n| --- | --- |\n| lessons | 87 states; more |\n\n| kids | estimates | network |\n| 1 | 69.0 % | 92.5 % |\n| 16 | 1 % | 2 % |\n"
	for _, c := range []struct {
		first string
		k     int
		want  string
	}{{"lessons", 1, "87 states; more"}, {"1", 2, "92.5 %"}, {"1", 3, ""}, {"2", 1, ""}} {
		if got := cell(card, c.first, c.k); got != c.want {
			t.Errorf("%s, %d: got %q, want %q", c.first, c.k, got, c.want)
		}
	}
}

// TestSpread holds that the spread is half of the range.
func TestSpread(t *testing.T) {
	for want, list := range map[string][]float64{"": nil, "0.50": {0.5}, "0.50 ± 0.25": {0.25, 0.5, 0.75}} {
		if got := spread(list, "%.2f"); got != want {
			t.Errorf("%v: got %q, want %q", list, got, want)
		}
	}
}

// TestOnlyWithoutMatch holds that a report that -only leaves nothing to measure fails before it
// measures, instead of printing a table without files.
func TestOnlyWithoutMatch(t *testing.T) {
	for _, name := range []string{"ratios", "speeds", "never-worse", "plans", "gzip-speed"} {
		err := run([]string{"-only", "no such file", name}, io.Discard)
		if !errors.Is(err, errNoFiles) {
			t.Errorf("%s: got %v, want %v", name, err, errNoFiles)
		}
	}
}
