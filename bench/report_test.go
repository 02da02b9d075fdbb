package bench

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var (
	report = flag.Bool("report", false, "measure the bars of speed and memory too: some ten minutes")
	update = flag.Bool("update", false, "write the tables into README.md")
)

// A markdown is a table.
type markdown struct {
	head []string
	rows [][]string
}

func (m *markdown) row(cells ...any) {
	row := make([]string, len(cells))
	for i, c := range cells {
		row[i] = fmt.Sprint(c)
	}
	m.rows = append(m.rows, row)
}

func (m *markdown) String() string {
	var b strings.Builder
	line := func(cells []string) { fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | ")) }
	line(m.head)
	line(strings.Fields(strings.Repeat("--- ", len(m.head))))
	for _, r := range m.rows {
		line(r)
	}
	return b.String()
}

// report is reportIn for README.md.
func (m *markdown) report(t *testing.T, name string) {
	t.Helper()
	m.reportIn(t, "README.md", name)
}

// reportIn logs the table with -report, and with -update puts it between the comments
// <!-- name --> and <!-- /name --> of a file.
func (m *markdown) reportIn(t *testing.T, file, name string) {
	t.Helper()
	if *report || *update {
		t.Logf("%s\n%s", name, m)
	}
	if !*update || t.Failed() && !*report {
		return
	}
	text, err := os.ReadFile(file)
	must(t, err)
	before, rest, found := bytes.Cut(text, []byte("<!-- "+name+" -->\n"))
	_, after, ended := bytes.Cut(rest, []byte("<!-- /"+name+" -->"))
	if !found || !ended {
		t.Fatalf("%s has no place for the table %q", file, name)
	}
	text = fmt.Appendf(nil, "%s<!-- %s -->\n%s<!-- /%s -->%s", before, name, m, name, after)
	must(t, os.WriteFile(file, text, 0o644))
}
