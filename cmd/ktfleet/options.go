package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"

	"github.com/ktzip/ktzip/cmd/internal/cli"
)

// kinds says what the value of an option must be, by the name that pflag has for its type.
var kinds = map[string]string{
	"bool":     "true or false",
	"duration": "a time, such as 90s or 10m",
	"int":      "a whole number",
	"int64":    "a whole number",
	"uint64":   "a whole number",
	"size":     "a number of bytes, such as 128MiB",
}

// explain returns what is wrong with the options of a command in the words of ktzip, or err as it is.
func explain(command string, err error) error {
	var unknown *pflag.NotExistError
	var missing *pflag.ValueRequiredError
	var wrong *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		name := "--" + unknown.GetSpecifiedName()
		if cluster := unknown.GetSpecifiedShortnames(); cluster != "" {
			name = "-" + cluster
		}
		return fmt.Errorf("unknown option %s; see ktfleet %s --help", name, command)
	case errors.As(err, &missing):
		return fmt.Errorf("--%s needs a value", missing.GetFlag().Name)
	case errors.As(err, &wrong):
		name, kind := wrong.GetFlag().Name, kinds[wrong.GetFlag().Value.Type()]
		if kind == "" {
			return fmt.Errorf("--%s: %w", name, errors.Unwrap(wrong))
		}
		return fmt.Errorf("--%s: %q is not %s", name, wrong.GetValue(), kind)
	}
	return err
}

// names returns the names of the commands.
func names() string {
	var all []string
	for _, c := range commands {
		all = append(all, c.name)
	}
	return strings.Join(all, ", ")
}

// A size is an option that is a number of bytes.
type size struct{ bytes *int64 }

// Set implements pflag.Value.
func (s size) Set(text string) (err error) {
	*s.bytes, err = cli.ParseSize(text)
	return err
}

// String implements pflag.Value.
func (s size) String() string {
	if s.bytes == nil || *s.bytes%(1<<20) != 0 {
		return ""
	}
	return fmt.Sprintf("%dMiB", *s.bytes>>20)
}

// Type implements pflag.Value.
func (s size) Type() string { return "size" }

// absolute returns the operands with absolute paths, and makes those of options absolute, unless they have a
// scheme: workers in other processes are in folders of their own.
func absolute(f *pflag.FlagSet) (operands []string, err error) {
	inputs := f.Args()
	if input := f.Lookup("input"); input != nil {
		list := input.Value.(pflag.SliceValue)
		inputs = append(list.GetSlice(), inputs...)
		if err := list.Replace(nil); err != nil {
			return nil, err
		}
	}
	for _, name := range inputs {
		if name, err = absolutePath(name); err != nil {
			return nil, err
		}
		operands = append(operands, name)
	}
	for _, name := range []string{"output", "temp"} {
		option := f.Lookup(name)
		if option == nil {
			continue
		}
		path, err := absolutePath(option.Value.String())
		if err != nil {
			return nil, err
		}
		if err := option.Value.Set(path); err != nil {
			return nil, err
		}
	}
	return operands, nil
}

// absolutePath returns the absolute form of a local path or pattern, and others as they are.
func absolutePath(name string) (string, error) {
	if name == "" || strings.Contains(name, "://") {
		return name, nil
	}
	return filepath.Abs(name)
}
