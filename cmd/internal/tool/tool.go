// Package tool runs the commands kteval and ktgen, and work that they do in several threads.
package tool

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"time"

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
	exitError       = 1
	exitUsage       = 2   // the command line is wrong
	exitInterrupted = 130 // as shells have it for an interrupt
)

// grace is how long the work may take to end after a signal; a search of one sequence may take hours.
// The value is arbitrary: long enough to remove an unfinished file.
const grace = 300 * time.Millisecond

var errInterrupted = errors.New("interrupted")

// Main runs t with the process's arguments and streams until it ends or a signal comes,
// and exits. A second signal ends the process at once.
func Main(t Tool) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	done := make(chan int, 1)
	go func() { done <- Run(ctx, t, os.Args[1:], os.Stdout, os.Stderr) }()
	select {
	case code := <-done:
		os.Exit(code)
	case <-ctx.Done():
	}
	stop() // the next signal ends the process
	select {
	case code := <-done:
		os.Exit(code)
	case <-time.After(grace):
		fmt.Fprintf(os.Stderr, "%s: %v\n", filepath.Base(os.Args[0]), errInterrupted)
		os.Exit(exitInterrupted)
	}
}

// Other returns a flag that was given and is none of names; "" if there is none.
func Other(flags *pflag.FlagSet, names ...string) (other string) {
	flags.Visit(func(f *pflag.Flag) {
		if other == "" && !slices.Contains(names, f.Name) {
			other = f.Name
		}
	})
	return other
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
	err = t.Run(ctx, stdout, stderr)
	switch {
	case err == nil || errors.Is(err, syscall.EPIPE):
		return 0
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		fmt.Fprintf(stderr, "%s: %v\n", flags.Name(), errInterrupted)
		return exitInterrupted
	default:
		fmt.Fprintf(stderr, "%s: %v\n", flags.Name(), err)
		return exitError
	}
}
