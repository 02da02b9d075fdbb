package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// A flagParser parses arguments like GNU getopt_long: clusters of short flags, values in
// the same argument or the next one, unambiguous abbreviations of long names, flags after
// operands, and -- before operands that begin with a dash.
type flagParser struct {
	cmd     *Command
	env     bool // the arguments are those of KTZIP_OPT
	coding  bool // options but those of a Coding are operands, and so is --
	options *options
	args    []string // those that are still to be parsed
}

// parse sets the options and returns the operands.
func (p *flagParser) parse() (operands []string, err error) {
	for len(p.args) > 0 {
		arg := p.args[0]
		p.args = p.args[1:]
		switch {
		case p.coding && arg == "--":
			return append(append(operands, arg), p.args...), nil
		case p.coding && !codes(arg):
			operands = append(operands, arg)
		case arg == "--":
			return append(operands, p.args...), nil
		case strings.HasPrefix(arg, "--"):
			err = p.long(arg[2:])
		case len(arg) > 1 && arg[0] == '-':
			err = p.cluster(arg[1:])
		default:
			operands = append(operands, arg)
		}
		if err != nil {
			return nil, err
		}
	}
	return operands, nil
}

// long parses name or name=value.
func (p *flagParser) long(arg string) error {
	name, value, given := strings.Cut(arg, "=")
	f, err := p.find(name)
	switch {
	case err != nil:
		return err
	case f.value == "" && given:
		return fmt.Errorf("--%s takes no value", f.long)
	case f.optional != "" && !given:
		return p.set(f, "--"+f.long, f.optional)
	case f.value != "" && !given:
		return p.setNext(f, "--"+f.long)
	}
	return p.set(f, "--"+f.long, value)
}

// cluster parses short flags, the last of which may be followed by its value.
func (p *flagParser) cluster(arg string) error {
	for arg != "" {
		if digits := len(arg) - len(strings.TrimLeft(arg, "0123456789")); digits > 0 {
			if err := p.level(arg[:digits]); err != nil {
				return err
			}
			arg = arg[digits:]
			continue
		}
		r, size := utf8.DecodeRuneInString(arg)
		i := slices.IndexFunc(flagTable, func(f flagSpec) bool { return f.short == r && r != 0 && p.accepts(&f) })
		if i < 0 || r == utf8.RuneError {
			return fmt.Errorf("unknown option %s", printable("-"+arg[:size]))
		}
		f, name := &flagTable[i], "-"+arg[:size]
		arg = arg[size:]
		switch {
		case f.value != "" && arg == "":
			return p.setNext(f, name)
		case f.value != "":
			return p.set(f, name, arg)
		}
		if err := p.set(f, name, ""); err != nil {
			return err
		}
	}
	return nil
}

// level sets the level from its digits.
func (p *flagParser) level(digits string) error {
	if len(digits) > 1 || digits == "0" {
		return fmt.Errorf("unknown level -%s; levels are -1 (fastest) to -9 (smallest)", digits)
	}
	p.options.setLevel(int(digits[0] - '0'))
	return nil
}

// accepts reports whether f is a flag of the command; for KTZIP_OPT, which all commands
// share, whether it may be in there.
func (p *flagParser) accepts(f *flagSpec) bool {
	if p.env {
		return f.env()
	}
	return f.listed(p.cmd) || f.ignored
}

// find returns the flag whose long name is name, or begins with it.
func (p *flagParser) find(name string) (*flagSpec, error) {
	var found []*flagSpec
	for i := range flagTable {
		f := &flagTable[i]
		if !p.accepts(f) {
			continue
		}
		names := append([]string{f.long}, f.also...)
		if f.long != "" && slices.Contains(names, name) {
			return f, nil
		}
		if name != "" && slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, name) }) {
			found = append(found, f)
		}
	}
	switch len(found) {
	case 0:
		return nil, fmt.Errorf("unknown option %s", printable("--"+name))
	case 1:
		return found[0], nil
	}
	var names []string
	for _, f := range found {
		names = append(names, "--"+f.long)
	}
	return nil, fmt.Errorf("--%s is ambiguous: %s", name, strings.Join(names, ", "))
}

// setNext sets f to the next argument.
func (p *flagParser) setNext(f *flagSpec, name string) error {
	if len(p.args) == 0 {
		return fmt.Errorf("%s needs a value: %s %s", name, name, f.value)
	}
	value := p.args[0]
	p.args = p.args[1:]
	return p.set(f, name, value)
}

// set sets f to value. Its error begins with the flag.
func (p *flagParser) set(f *flagSpec, name, value string) error {
	if p.env && f.group == groupCompression && !p.cmd.Compress {
		return nil
	}
	err := f.set(p.options, value)
	switch {
	case err == nil:
		if f.codes() && !f.ignored {
			p.options.give(f, value)
		}
		return nil
	case value == "":
		return fmt.Errorf("%s: %w", name, err)
	}
	return fmt.Errorf("%s %s: %w", name, printable(value), err)
}

// parseEnv sets the options in env, which white space separates.
func (o *options) parseEnv(cmd *Command, env string) error {
	p := &flagParser{cmd: cmd, env: true, options: o, args: strings.Fields(env)}
	operands, err := p.parse()
	if err == nil && len(operands) > 0 {
		err = errors.New("holds options only, got the file name " + printable(operands[0]))
	}
	if err != nil {
		return fmt.Errorf("%s in the environment: %w", envName, err)
	}
	return nil
}
