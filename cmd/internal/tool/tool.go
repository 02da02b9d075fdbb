// Package tool runs the commands kteval and ktgen, and work that they do in several threads.
package tool

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/pflag"
)

// A Tool is a command.
type Tool interface {
	// Flags defines the flags, in a set with the name of the command. The help is usage,
	// an empty line, and the list of flags.
	Flags() (flags *pflag.FlagSet, usage string)
	// Check returns an error if the values of the flags or the operands are wrong.
	Check(operands []string) error
	// Run does the work. It returns soon if ctx is done.
	Run(ctx context.Context, stdout, stderr io.Writer) error
}

// Exit codes.
const (
	exitError = 1
	exitUsage = 2 // the command line is wrong
)

// Main runs t with the process's arguments and streams until it ends or an interrupt comes,
// and exits. A second interrupt ends the process at once: t may wait for input.
func Main(t Tool) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop)
	code := Run(ctx, t, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// Run runs t with the arguments and returns the exit code. It is no error if the reader of
// stdout goes away: it has enough.
func Run(ctx context.Context, t Tool, args []string, stdout, stderr io.Writer) int {
	flags, usage := t.Flags()
	flags.Usage = func() {}
	err := flags.Parse(args)
	if errors.Is(err, pflag.ErrHelp) {
		fmt.Fprintf(stdout, "%s\n%s", usage, flags.FlagUsages())
		return 0
	}
	if err == nil {
		err = t.Check(flags.Args())
	}
	if err != nil {
		fmt.Fprintf(stderr, "%s: %v\nUse `%[1]s --help` for the list of options.\n", flags.Name(), err)
		return exitUsage
	}
	if err := t.Run(ctx, stdout, stderr); err != nil && !errors.Is(err, syscall.EPIPE) {
		fmt.Fprintf(stderr, "%s: %v\n", flags.Name(), err)
		return exitError
	}
	return 0
}
