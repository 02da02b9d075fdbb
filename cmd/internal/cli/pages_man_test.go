package cli

import (
	"fmt"
	"strings"
)

// roff escapes text for a man page.
var roff = strings.NewReplacer(`\`, `\e`, "-", `\-`, "\n.", "\n\\&.", "\n'", "\n\\&'")

// summaries are the NAME sections.
var summaries = map[string]string{
	"ktzip":   "compress files by searching for programs that produce them",
	"ktunzip": "restore files that ktzip compressed",
	"ktcat":   "restore compressed files to standard output",
}

// manPage returns the page of cmd in section 1.
func manPage(cmd *Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, ".\\\" Generated from the table of flags.\n.TH %s 1 \"\" ktzip \"User Commands\"\n", strings.ToUpper(cmd.Name))
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", cmd.Name, summaries[cmd.Name])
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.B %s\n[\\fIOPTION\\fR]... [\\fIFILE\\fR]...\n", cmd.Name)
	synopsis := strings.ReplaceAll(cmd.synopsis(), "NAME", cmd.Name)
	fmt.Fprintf(&b, ".SH DESCRIPTION\n%s.PP\n%s\n", roff.Replace(synopsis), roff.Replace("Input files are kept unless --rm is given. An output appears under its name only when it is complete, and replaces a file only if -f is given."))
	b.WriteString(".SH OPTIONS\nLong options can be abbreviated.\n")
	group := flagGroups
	for _, f := range listedFlags(cmd) {
		if f.group != group {
			group = f.group
			fmt.Fprintf(&b, ".SS \"%s\"\n", groupNames[group])
		}
		b.WriteString(".TP\n" + manNames(f) + "\n" + manText(f, cmd) + "\n")
	}
	b.WriteString(".PP\n" + roff.Replace("SIZE is a number of bytes, or has a unit: 64KiB, 1MiB, 1GiB (or 64K, 1M, 1G), 64kB.") + "\n")
	fmt.Fprintf(&b, ".SH ENVIRONMENT\n.TP\n.B %s\n%s\n", envName, roff.Replace("holds options that precede those of the command line, separated by spaces, without quoting. Only those under Compression and under Resources and messages are allowed. "+
		"Commands that only restore ignore those under Compression."))
	b.WriteString(".SH EXIT STATUS\n.TP\n0\nsuccess\n.TP\n1\nan error, after which the other files were still processed\n.TP\n2\na warning, such as a skipped file\n.PP\nIf a signal ends the command, it leaves no unfinished output.\n")
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

// manNames returns the line with the names of f.
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

// manText returns the description of f.
func manText(f *flagSpec, cmd *Command) string {
	return roff.Replace(strings.ReplaceAll(f.helpOf(cmd), "\n", "; "))
}
