package cli

import (
	"fmt"
	"strings"
)

const synopsisCompress = `NAME compresses files into programs that produce them. FILE becomes FILE.ktz;
without FILE, or where it is -, standard input goes to standard output.
`

const synopsisRestore = `NAME restores files that ktzip compressed. FILE.ktz becomes FILE; without
FILE.ktz, or where it is -, standard input goes to standard output.
`

const synopsisCat = `NAME writes what compressed files restore to to standard output, and
other files as they are: it is ktunzip -cf. Without FILE, or where it is -, it
reads standard input.
`

// usageNotes are the paragraphs that end the help.
var usageNotes = []string{
	"A SIZE is in bytes, or has a unit: 64KiB, 1MiB, 1GiB (64K, 1M, 1G). Long options may be abbreviated. " +
		envName + " in the environment holds default options, separated by spaces: those of OWNGROUPS.",
	"Exit codes: 0 all went well; 1 an error, the rest of the files were still worked on; " +
		"2 a warning, for instance a file was skipped. A signal leaves no unfinished output.",
}

// Columns of the help: where a flag's text begins, and how wide it is.
const (
	helpIndent = 25
	helpWidth  = 80 - helpIndent
)

// usage is the help text.
func usage(cmd *Command) string {
	var b strings.Builder
	b.WriteString("Usage: NAME [OPTION]... [FILE]...\n\n" + cmd.synopsis())
	for group := range flagGroups {
		if group == groupCompression && !cmd.Compress {
			continue
		}
		fmt.Fprintf(&b, "\n%s:\n", groupNames[group])
		for i := range flagTable {
			if f := &flagTable[i]; f.group == group {
				usageLine(&b, f, cmd)
			}
		}
	}
	groups := "the last group"
	if cmd.Compress {
		groups = "the last two groups"
	}
	for _, note := range usageNotes {
		b.WriteString("\n" + strings.Join(wrap(strings.ReplaceAll(note, "OWNGROUPS", groups), 80), "\n") + "\n")
	}
	return strings.ReplaceAll(b.String(), "NAME", cmd.Name)
}

// synopsis says what the command does.
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

// wrap cuts text between words into lines of at most width bytes.
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
