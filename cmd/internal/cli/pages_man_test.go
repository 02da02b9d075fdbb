package cli

import (
	"fmt"
	"strings"
)

// roff escapes text for a man page.
var roff = strings.NewReplacer(`\`, `\e`, "-", `\-`, "\n.", "\n\\&.", "\n'", "\n\\&'")

// summaries are the NAME sections.
var summaries = map[string]string{
	"ktzip":   "compress files into programs that produce them",
	"ktunzip": "restore files that ktzip compressed",
	"ktcat":   "write what compressed files restore to to standard output",
}

// manPage is a page of section 1.
func manPage(cmd *Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, ".\\\" Made from the table of flags by a test.\n.TH %s 1 \"\" ktzip \"User Commands\"\n", strings.ToUpper(cmd.Name))
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", cmd.Name, summaries[cmd.Name])
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.B %s\n[\\fIOPTION\\fR]... [\\fIFILE\\fR]...\n", cmd.Name)
	synopsis := strings.ReplaceAll(cmd.synopsis(), "NAME", cmd.Name)
	fmt.Fprintf(&b, ".SH DESCRIPTION\n%s.PP\n%s\n", roff.Replace(synopsis), roff.Replace("Sources are kept unless --rm says otherwise. Output appears under its name only when it is complete; nothing is overwritten without -f."))
	b.WriteString(".SH OPTIONS\nLong options may be abbreviated.\n")
	group := flagGroups
	for _, f := range listedFlags(cmd) {
		if f.group != group {
			group = f.group
			fmt.Fprintf(&b, ".SS \"%s\"\n", groupNames[group])
		}
		b.WriteString(".TP\n" + manNames(f) + "\n" + manText(f, cmd) + "\n")
	}
	b.WriteString(".PP\n" + roff.Replace("A SIZE is in bytes, or has a unit: 64KiB, 1MiB, 1GiB (64K, 1M, 1G), 64kB.") + "\n")
	fmt.Fprintf(&b, ".SH ENVIRONMENT\n.TP\n.B %s\n%s\n", envName, roff.Replace("holds options that come before those of the command line, separated by spaces, with no quoting: only those of Compression and of Resources and messages, and no names of files. "+
		"Programs that only restore ignore those of Compression."))
	b.WriteString(".SH EXIT STATUS\n.TP\n0\nall went well\n.TP\n1\nan error; the rest of the files were still worked on\n.TP\n2\na warning, for instance a file was skipped\n.PP\nA signal leaves no unfinished output.\n")
	var others []string
	for i := range pageCommands {
		if name := pageCommands[i].Name; name != cmd.Name {
			others = append(others, name)
		}
	}
	b.WriteString(".SH SEE ALSO\n")
	for _, name := range others {
		fmt.Fprintf(&b, ".BR %s (1),\n", name)
	}
	b.WriteString(".BR gzip (1),\n.BR xz (1),\n.BR zstd (1)\n")
	return b.String()
}

// manNames is the line of a flag's names.
func manNames(f *flagSpec) string {
	if f.long == "" {
		return ".B \\-1 ... \\-9"
	}
	line := "\\fB" + strings.ReplaceAll(roff.Replace(strings.Join(f.spellings(), " ")), " ", "\\fR, \\fB") + "\\fR"
	switch {
	case f.optional != "":
		line += "[=\\fI" + roff.Replace(f.value) + "\\fR]"
	case f.value != "":
		line += " \\fI" + roff.Replace(f.value) + "\\fR"
	}
	return line
}

func manText(f *flagSpec, cmd *Command) string {
	return roff.Replace(strings.ReplaceAll(f.helpOf(cmd), "\n", "; "))
}
