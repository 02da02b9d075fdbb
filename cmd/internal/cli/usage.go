package cli

import (
	"fmt"
	"strings"
)

const synopsisCompress = `NAME compresses files by searching for programs that produce them. FILE
becomes FILE.ktz. Without FILE, or if FILE is -, NAME compresses standard
input to standard output.
`

const synopsisRestore = `NAME restores files that ktzip compressed. FILE.ktz becomes FILE.
Without FILE, or if FILE is -, NAME restores standard input to standard
output.
`

const synopsisCat = `NAME restores compressed files to standard output and copies other files
unchanged, like ktunzip -cf. Without FILE, or if FILE is -, NAME reads
standard input.
`

// usageNotes are the paragraphs that end the help.
var usageNotes = []string{
	"SIZE is a number of bytes, or has a unit: 64KiB, 1MiB, 1GiB (or 64K, 1M, 1G). Long options can be abbreviated. " +
		"The environment variable " + envName + " can hold default options of OWNGROUPS, separated by spaces.",
	"Exit codes: 0 success; 1 an error, after which the other files were still processed; " +
		"2 a warning, such as a skipped file. If a signal ends NAME, it leaves no unfinished output.",
}

// Columns of the help: where the text of a flag begins, and how wide it is.
const (
	helpIndent = 25
	helpWidth  = 80 - helpIndent
)

// usage returns the help of cmd.
func usage(cmd *Command) string {
	var b strings.Builder
	b.WriteString("Usage: NAME [OPTION]... [FILE]...\n\n" + cmd.synopsis())
	for group := range flagGroups {
		if group == groupCompression && !cmd.Compress {
			continue
		}
		fmt.Fprintf(&b, "\n%s:\n", groupNames[group])
		for i := range flagTable {
			if f := &flagTable[i]; f.group == group && f.listed(cmd) {
				usageLine(&b, f, cmd)
			}
		}
	}
	groups := "the last group above"
	if cmd.Compress {
		groups = "the last two groups above"
	}
	for _, note := range usageNotes {
		note = strings.NewReplacer("OWNGROUPS", groups, "NAME", cmd.Name).Replace(note)
		b.WriteString("\n" + strings.Join(wrap(note, 80), "\n") + "\n")
	}
	return strings.ReplaceAll(b.String(), "NAME", cmd.Name)
}

// CodingUsage returns the help of the options that ParseCoding takes.
func CodingUsage() string {
	var b strings.Builder
	for i := range flagTable {
		if f := &flagTable[i]; f.codes() {
			usageLine(&b, f, &Command{Compress: true})
		}
	}
	return b.String()
}

// synopsis returns what the command does.
func (cmd *Command) synopsis() string {
	switch {
	case cmd.Compress:
		return synopsisCompress
	case cmd.cat:
		return synopsisCat
	}
	return synopsisRestore
}

// usageLine writes the help of f, in lines of at most 80 columns.
func usageLine(b *strings.Builder, f *flagSpec, cmd *Command) {
	names := "  " + f.names() + f.argument()
	for i, line := range wrap(strings.ReplaceAll(f.helpOf(cmd), "\n", "; "), helpWidth) {
		if i == 0 && len(names) > helpIndent-2 {
			b.WriteString(names + "\n")
			names = ""
		}
		fmt.Fprintf(b, "%-*s%s\n", helpIndent, names, line)
		names = ""
	}
}

// wrap splits text between words into lines of at most width bytes.
func wrap(text string, width int) (lines []string) {
	for word := range strings.FieldsSeq(text) {
		if n := len(lines); n > 0 && len(lines[n-1])+1+len(word) <= width {
			lines[n-1] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	return lines
}
