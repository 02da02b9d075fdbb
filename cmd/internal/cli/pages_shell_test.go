package cli

import (
	"fmt"
	"strings"
)

// spellings returns all names of f with their dashes; the levels have nine.
func (f *flagSpec) spellings() (all []string) {
	switch {
	case f.long == "":
		for n := 1; n <= 9; n++ {
			all = append(all, fmt.Sprint("-", n))
		}
		return all
	case f.short != 0:
		all = append(all, "-"+string(f.short))
	}
	for _, name := range append([]string{f.long}, f.also...) {
		all = append(all, "--"+name)
	}
	return all
}

// suffixPattern returns the known suffixes as alternatives: (ktz|…).
func suffixPattern() string {
	var all []string
	for _, s := range knownSuffixes {
		all = append(all, strings.TrimPrefix(s.from, "."))
	}
	return "(" + strings.Join(all, "|") + ")"
}

// bashWords returns a command that completes one of words.
func bashWords(words []string) string {
	return fmt.Sprintf("mapfile -t COMPREPLY < <(compgen -W $'%s' -- \"$cur\")\n", strings.Join(words, `\n`))
}

// bashCompletion returns the file for bash-completion.
func bashCompletion(cmd *Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# bash completion of %s, generated from the table of flags.\n\n_%[1]s()\n{\n", cmd.Name)
	b.WriteString("\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} word equals= only=\n\tlocal IFS=$'\\n'\n\tCOMPREPLY=()\n" +
		// Bash splits --name=value into three words.
		"\tif [[ $cur == = ]]; then cur= equals=1; elif [[ $prev == = ]]; then prev=${COMP_WORDS[COMP_CWORD-2]} equals=1; fi\n" +
		"\tcase $prev in\n")
	for _, f := range listedFlags(cmd) {
		if f.value == "" {
			continue
		}
		fmt.Fprintf(&b, "\t%s)\n", strings.Join(f.spellings(), "|"))
		if f.optional != "" { // without =, the next word is not its value
			fmt.Fprintf(&b, "\t\tif [[ $equals ]]; then\n\t\t\t%s\t\t\treturn\n\t\tfi\n\t\t;;\n", bashWords(f.choices))
			continue
		}
		switch {
		case len(f.choices) > 0:
			b.WriteString("\t\t" + bashWords(f.choices))
		case f.value == "FILE":
			b.WriteString("\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n\t\tcompopt -o filenames 2>/dev/null\n")
		case f.value == "DIR":
			b.WriteString("\t\tmapfile -t COMPREPLY < <(compgen -d -- \"$cur\")\n\t\tcompopt -o filenames 2>/dev/null\n")
		}
		b.WriteString("\t\treturn\n\t\t;;\n")
	}
	b.WriteString("\tesac\n\tif [[ $cur == -* ]]; then\n")
	var all []string
	for _, f := range listedFlags(cmd) {
		all = append(all, f.spellings()...)
	}
	b.WriteString("\t\t" + bashWords(all) + "\t\treturn\n\tfi\n")
	restores := "only=1"
	if cmd.Compress {
		restores = `for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		case $word in
		-[dtl]*|-[!-]*[dtl]*|--decompress|--uncompress|--test|--list|--salvage|--explain) only=1 ;;
		esac
	done`
	}
	fmt.Fprintf(&b, "\t%s\n", restores)
	fmt.Fprintf(&b, `	compopt -o filenames 2>/dev/null
	if [[ $only ]]; then
		shopt -q extglob || local reset=1
		shopt -s extglob
		mapfile -t COMPREPLY < <(compgen -f -X '!*.@%s' -- "$cur"; compgen -d -- "$cur")
		[[ $reset ]] && shopt -u extglob
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
	fi
	return 0
}
complete -F _%s %[2]s
`, suffixPattern(), cmd.Name)
	return b.String()
}

// zshCompletion returns the function for zsh's completion system.
func zshCompletion(cmd *Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, "#compdef %s\n# Generated from the table of flags.\n\n_arguments -s -S \\\n", cmd.Name)
	quote := strings.NewReplacer("'", `'\''`, "[", `\[`, "]", `\]`, ":", `\:`)
	for _, f := range listedFlags(cmd) {
		help := quote.Replace(f.brief(cmd))
		if f.long == "" {
			fmt.Fprintf(&b, "  '(-1 -2 -3 -4 -5 -6 -7 -8 -9)'{-1,-2,-3,-4,-5,-6,-7,-8,-9}'[%s]' \\\n", help)
			continue
		}
		action := ""
		switch {
		case f.optional != "":
			action = "::" + f.value + ":(" + strings.Join(f.choices, " ") + ")"
		case len(f.choices) > 0:
			action = ":" + f.value + ":(" + strings.Join(f.choices, " ") + ")"
		case f.value == "FILE":
			action = ":" + f.value + ":_files"
		case f.value == "DIR":
			action = ":" + f.value + ":_files -/"
		case f.value != "":
			action = ":" + f.value + ": "
		}
		names := f.spellings()
		plain := strings.Join(names, " ")
		for i, name := range names {
			switch long := strings.HasPrefix(name, "--"); {
			case f.optional != "":
				names[i] += "=-" // then the value is in the same argument
			case f.value != "" && long:
				names[i] += "=" // then the value is in the same argument or the next one
			case f.value != "":
				names[i] += "+"
			}
		}
		if len(names) == 1 {
			fmt.Fprintf(&b, "  '%s[%s]%s' \\\n", names[0], help, action)
			continue
		}
		fmt.Fprintf(&b, "  '(%s)'{%s}'[%s]%s' \\\n", plain, strings.Join(names, ","), help, action)
	}
	files := "_files"
	if !cmd.Compress {
		files = `_files -g "*.` + suffixPattern() + `(-.)"`
	}
	fmt.Fprintf(&b, "  '*:FILE:%s'\n", files)
	return b.String()
}

// fishCompletion returns the file for fish.
func fishCompletion(cmd *Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Completions of %s, generated from the table of flags.\n", cmd.Name)
	quote := strings.NewReplacer(`\`, `\\`, "'", `\'`)
	if !cmd.Compress {
		fmt.Fprintf(&b, "complete -c %s -f -a '(__fish_complete_suffix .ktz .tktz)'\n", cmd.Name)
	}
	for _, f := range listedFlags(cmd) {
		help := quote.Replace(f.brief(cmd))
		if f.long == "" {
			for n := 1; n <= 9; n++ {
				fmt.Fprintf(&b, "complete -c %s -s %d -d '%s'\n", cmd.Name, n, help)
			}
			continue
		}
		for i, name := range append([]string{f.long}, f.also...) {
			fmt.Fprintf(&b, "complete -c %s", cmd.Name)
			if i == 0 && f.short != 0 {
				fmt.Fprintf(&b, " -s %c", f.short)
			}
			fmt.Fprintf(&b, " -l %s", name)
			switch {
			case f.optional != "":
				fmt.Fprintf(&b, " -f -a '%s'", strings.Join(f.choices, " "))
			case len(f.choices) > 0:
				fmt.Fprintf(&b, " -x -a '%s'", strings.Join(f.choices, " "))
			case f.value == "FILE":
				b.WriteString(" -r -F")
			case f.value == "DIR":
				b.WriteString(" -x -a '(__fish_complete_directories)'")
			case f.value != "":
				b.WriteString(" -x")
			}
			fmt.Fprintf(&b, " -d '%s'\n", help)
		}
	}
	return b.String()
}
