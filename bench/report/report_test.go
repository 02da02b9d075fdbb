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
