package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/ktzip/ktzip/cmd/ktfleet/internal/files"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/job"
)

// The exit codes, which are those of ktzip.
const (
	exitOK      = 0
	exitError   = 1 // the pipeline failed, or the command line is wrong
	exitWarning = 2 // some files were skipped
)

// A command is what the first argument names.
type command struct {
	name  string
	about string // one line
	usage string
	more  func() string // what the help tells after the options; nil if nothing
	// start adds the flags of the command, and returns what runs it once they are set.
	start func(f *pflag.FlagSet) runner
}

// A runner runs a command.
type runner interface {
	// run runs it with the operands that remained. The Options have all but Temp.
	run(ctx context.Context, e *env, operands []string) error
}

// An env is what a command runs in.
type env struct {
	job.Options
	stdout io.Writer
	code   int // to exit with, if there is no error
}

// commands lists the commands in the order of the help.
var commands = []command{
	compressCommand, restoreCommand, verifyCommand, listCommand, plansCommand, generateCommand, evaluateCommand,
}

func main() {
	if slices.ContainsFunc(os.Args[1:], isWorker) {
		flag.Parse()
		beam.Init() // which works for a runner, and does not return
	}
	os.Exit(Main(os.Args[1:], os.Stdout, os.Stderr))
}

// isWorker reports whether arg is the flag by which Beam's containers start workers.
func isWorker(arg string) bool {
	name, value, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	return strings.HasPrefix(arg, "-") && name == "worker" && value != "false"
}

// gcPercent is GOGC unless the user sets it: that of ktzip.
const gcPercent = 200

// Main runs the command of args, and returns the exit code.
func Main(args []string, stdout, stderr io.Writer) int {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	e := &env{stdout: stdout}
	e.Stderr = stderr
	if f, ok := stderr.(*os.File); ok {
		e.Terminal = term.IsTerminal(int(f.Fd()))
	}
	err := e.main(ctx, args)
	switch {
	case errors.Is(err, pflag.ErrHelp):
		return exitOK
	case ctx.Err() != nil:
		fmt.Fprintln(stderr, "ktfleet: interrupted")
		return exitError
	case err != nil:
		fmt.Fprintf(stderr, "ktfleet: %v\n", err)
		return exitError
	}
	return e.code
}

// main parses args and runs the command.
func (e *env) main(ctx context.Context, args []string) error {
	if len(args) == 0 || args[0] == "-h" || args[0] == "--help" || args[0] == "help" && len(args) == 1 {
		fmt.Fprint(e.stdout, usage())
		return pflag.ErrHelp
	}
	i := slices.IndexFunc(commands, func(c command) bool { return c.name == args[0] })
	if i < 0 {
		return fmt.Errorf("unknown command %q; see ktfleet --help", args[0])
	}
	c := &commands[i]
	f := pflag.NewFlagSet(c.name, pflag.ContinueOnError)
	f.SortFlags = false
	f.SetOutput(e.Stderr)
	f.Usage = func() {
		fmt.Fprintf(e.stdout, "Usage: ktfleet %s %s\n\n%s.\n\nOptions:\n%s", c.name, c.usage, c.about, f.FlagUsages())
		if c.more != nil {
			fmt.Fprint(e.stdout, c.more())
		}
	}
	r := c.start(f)
	e.Options.Flags(f)
	args = args[1:]
	if p, ok := r.(taker); ok {
		var err error
		if args, err = p.take(args); err != nil {
			return err
		}
	}
	if err := f.Parse(args); err != nil {
		return err
	}
	if err := e.Options.Check(); err != nil {
		return err
	}
	if !beam.Initialized() {
		beam.Init()
	}
	return r.run(ctx, e, f.Args())
}

// A taker takes some arguments out before the flags are parsed.
type taker interface {
	take(args []string) (rest []string, err error)
}

// usage returns the help.
func usage() string {
	var b strings.Builder
	b.WriteString("Usage: ktfleet COMMAND [OPTION]...\n\nktfleet runs ktzip over many files, on one machine or on many.\n\nCommands:\n")
	for _, c := range commands {
		fmt.Fprintf(&b, "  %-10s %s\n", c.name, c.about)
	}
	b.WriteString("\nktfleet COMMAND --help tells the options of a command.\n")
	return b.String()
}

// report tells what became of the files, and sets the exit code.
func (e *env) report(results []job.Result, did string) {
	var sum job.Result
	skipped := 0
	for i := range results {
		r := &results[i]
		switch {
		case r.Error != "":
			skipped++
			e.warn(r.Path, r.Error)
		case e.Verbose:
			fmt.Fprintf(e.Stderr, "%s: %d -> %d bytes\n", r.Path, r.In, r.Out)
		}
		for _, note := range r.Notes {
			e.warn(r.Path, note)
		}
		sum.In, sum.Out = sum.In+r.In, sum.Out+r.Out
	}
	if !e.Quiet {
		fmt.Fprintf(e.Stderr, "%s %d files, %d -> %d bytes", did, len(results)-skipped, sum.In, sum.Out)
		if skipped > 0 {
			fmt.Fprintf(e.Stderr, "; skipped %d", skipped)
		}
		fmt.Fprintln(e.Stderr)
	}
}

// warn prints a warning about a file, and makes the exit code tell of it.
func (e *env) warn(path, text string) {
	if e.code = exitWarning; !e.Quiet {
		fmt.Fprintf(e.Stderr, "ktfleet: %s: %s\n", path, text)
	}
}

// within runs do with e.Temp set to the folder that --temp names, or else to one in output or, without
// an output, on this machine. It removes that folder, unless it is to be kept for another run.
func (e *env) within(ctx context.Context, output, key string, do func() error) (err error) {
	name := files.TemporaryPrefix + key
	switch {
	case e.Temp != "":
		e.Temp = files.Join(e.Temp, name)
	case output != "":
		e.Temp = files.Join(output, name)
	case e.Runner != job.Prism:
		return errors.New("give --temp, a folder that all workers see")
	default:
		e.Temp = files.Join(os.TempDir(), fmt.Sprintf("%s-%d", name, os.Getpid()))
	}
	defer func() {
		e := files.RemoveAll(context.WithoutCancel(ctx), e.Temp)
		if err == nil {
			err = e
		}
	}()
	return do()
}

// keyOf returns a name for what is told by texts.
func keyOf(texts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(texts, "\x00")))
	return hex.EncodeToString(sum[:8])
}
