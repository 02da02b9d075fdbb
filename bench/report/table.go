package main

import (
	"bytes"
	"fmt"
	"strings"
)

// A table is a table in Markdown.
type table struct {
	head []string
	rows [][]string
	note string // a paragraph after the table; empty if there is none
}

func newTable(head ...string) *table { return &table{head: head} }

// add appends a row.
func (t *table) add(cells ...any) {
	row := make([]string, len(cells))
	for i, c := range cells {
		row[i] = fmt.Sprint(c)
	}
	t.rows = append(t.rows, row)
}

func (t *table) String() string {
	var b strings.Builder
	line := func(cells []string) { fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | ")) }
	line(t.head)
	line(strings.Fields(strings.Repeat("--- ", len(t.head))))
	for _, r := range t.rows {
		line(r)
	}
	if t.note != "" {
		fmt.Fprintf(&b, "\n%s\n", t.note)
	}
	return b.String()
}

// insert returns text with the table between the comments of a mark, in the place of what
// stands there.
func (t *table) insert(text []byte, mark string) ([]byte, error) {
	before, rest, found := bytes.Cut(text, []byte("<!-- "+mark+" -->\n"))
	_, after, ended := bytes.Cut(rest, []byte("<!-- /"+mark+" -->"))
	if !found || !ended {
		return nil, fmt.Errorf("no place for the table %q", mark)
	}
	return fmt.Appendf(nil, "%s<!-- %s -->\n%s<!-- /%s -->%s", before, mark, t, mark, after), nil
}
