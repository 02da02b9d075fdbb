package tool

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
	"testing"

	"github.com/spf13/pflag"
)

// A fake is a Tool that fails as its flag says.
type fake struct{ fail string }

func (f *fake) Flags() (*pflag.FlagSet, string) {
	flags := pflag.NewFlagSet("fake", pflag.ContinueOnError)
	flags.StringVar(&f.fail, "fail", "", "")
	return flags, "Usage: fake\n"
}

func (f *fake) Check(operands []string) error {
	if len(operands) > 0 {
		return errors.New("too many operands")
	}
	return nil
}

func (f *fake) Run(_ context.Context, stdout, _ io.Writer) error {
	switch f.fail {
	case "pipe":
		return fmt.Errorf("writing: %w", syscall.EPIPE)
	case "":
		_, err := io.WriteString(stdout, "done")
		return err
	}
	return errors.New(f.fail)
}

// TestExitCodes tells success, errors and wrong command lines apart.
func TestExitCodes(t *testing.T) {
	for _, c := range []struct {
		args           string
		code           int
		stdout, stderr string // how they begin
	}{
		{"", 0, "done", ""},
		{"--help", 0, "Usage: fake\n\n", ""},
		{"--fail pipe", 0, "", ""},
		{"--fail disk", 1, "", "fake: disk\n"},
		{"operand", 2, "", "fake: too many operands\nUse `fake --help`"},
		{"--wrong", 2, "", "fake: unknown flag: --wrong\nUse `fake --help`"},
	} {
		var out, errs bytes.Buffer
		code := Run(t.Context(), &fake{}, strings.Fields(c.args), &out, &errs)
		if code != c.code || !strings.HasPrefix(out.String(), c.stdout) || !strings.HasPrefix(errs.String(), c.stderr) || c.stderr == "" && errs.Len() > 0 {
			t.Errorf("%s: code %d, %q, %q", c.args, code, out.String(), errs.String())
		}
	}
}
