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
	"unicode/utf8"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/ktzip/ktzip/cmd/internal/cli"
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
	if isWorker(os.Args[1:]) {
		flag.Parse()
		beam.Init() // which works for a runner, and does not return
	}
	os.Exit(Main(os.Args[1:], os.Stdout, os.Stderr))
}

// isWorker reports whether args are those by which Beam's containers start workers: flags without a command.
func isWorker(args []string) bool {
	return len(args) > 0 && strings.HasPrefix(args[0], "-") && slices.ContainsFunc(args, func(arg string) bool {
		name, value, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		return strings.HasPrefix(arg, "-") && name == "worker" && value != "false"
	})
}

// gcPercent is GOGC unless the user sets it: that of ktzip.
const gcPercent = 200

// Main runs the command of args, and returns the exit code.
func Main(args []string, stdout, stderr io.Writer) int {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	ctx, stop := signal.NotifyContext(context.Background(), endings()...)
	defer stop()
	signal.Ignore(syscall.SIGPIPE) // writing fails instead, and temporary files are removed
	out := &printer{Writer: stdout}
	e := &env{stdout: out}
	e.Stderr = stderr
	if f, ok := stderr.(*os.File); ok {
		e.Terminal = term.IsTerminal(int(f.Fd()))
	}
	err := e.main(ctx, args)
	if errors.Is(err, pflag.ErrHelp) {
		err = nil
	}
	if err == nil && out.err != nil {
		err = fmt.Errorf("standard output: %w", out.err)
	}
	switch {
	case ctx.Err() != nil:
		err = errors.New("interrupted")
	case err == nil:
		return e.code
	}
	cli.Message(stderr, programName, "", err.Error())
	return exitError
}

// endings returns the signals that end a run. That of a closed terminal does not where nohup has it ignored.
func endings() []os.Signal {
	all := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		all = append(all, syscall.SIGHUP)
	}
	return all
}

// temporaryFolder names the variable by which os.TempDir finds the folder for temporary files on Unix.
const temporaryFolder = "TMPDIR"

// scratch makes a folder, in which Beam leaves files that nobody removes, the one for temporary files until
// tidy is called. Beam dereferences nil if there is none.
func scratch() (tidy func(), err error) {
	old, had := os.LookupEnv(temporaryFolder)
	folder, err := os.MkdirTemp("", files.TemporaryPrefix+"*")
	if err == nil {
		err = os.Setenv(temporaryFolder, folder)
	}
	return func() {
		if os.RemoveAll(folder); had {
			os.Setenv(temporaryFolder, old)
		} else {
			os.Unsetenv(temporaryFolder)
		}
	}, err
}

// programName begins the lines on standard error.
const programName = "ktfleet"

// A printer keeps the first error of writing, so that what prints need not look.
type printer struct {
	io.Writer
	err error
}

// Write implements io.Writer.
func (o *printer) Write(p []byte) (n int, err error) {
	if o.err != nil {
		return 0, o.err
	}
	n, o.err = o.Writer.Write(p)
	return n, o.err
}

// checkText returns an error unless all args are text. Runners carry the paths of a command line as JSON, which
// has no others.
func checkText(args []string) error {
	for _, a := range args {
		if !utf8.ValidString(a) {
			return fmt.Errorf("%q: is not UTF-8; name the folder that it is in, or use wildcards", a)
		}
	}
	return nil
}

// main parses args and runs the command.
func (e *env) main(ctx context.Context, args []string) error {
	switch {
	case len(args) == 1 && (args[0] == "-V" || args[0] == "--version"):
		fmt.Fprint(e.stdout, cli.Version("ktfleet"))
		return nil
	case len(args) == 2 && args[0] == "help":
		args = []string{args[1], "--help"}
	}
	if len(args) == 0 || args[0] == "-h" || args[0] == "--help" || args[0] == "help" && len(args) == 1 {
		fmt.Fprint(e.stdout, usage())
		return pflag.ErrHelp
	}
	if err := checkText(args); err != nil {
		return err
	}
	i := slices.IndexFunc(commands, func(c command) bool { return c.name == args[0] })
	if i < 0 {
		return fmt.Errorf("unknown command %q; there are %s", args[0], names())
	}
	c := &commands[i]
	f := pflag.NewFlagSet(c.name, pflag.ContinueOnError)
	f.SortFlags = false
	f.SetOutput(e.Stderr)
	f.Usage = func() {
		fmt.Fprintf(e.stdout, "Usage: ktfleet %s %s\n\n%s.\n\nOptions:\n%s", c.name, c.usage, c.about, f.FlagUsages())
		fmt.Fprint(e.stdout, "\nFlags of Apache Beam's Go SDK, such as --endpoint, are taken, too.\n")
		if c.more != nil {
			fmt.Fprint(e.stdout, c.more())
		}
	}
	r := c.start(f)
	e.Options.Flags(f)
	args = args[1:]
	if p, ok := r.(taker); ok {
		var err error
		if args, err = p.take(withValues(f, args)); err != nil {
			return err
		}
	}
	if err := f.Parse(args); err != nil {
		return explain(c.name, err)
	}
	if err := e.Options.Check(); err != nil {
		return err
	}
	if !beam.Initialized() {
		beam.Init()
	}
	operands := f.Args()
	if e.Runner != job.Prism {
		var err error
		if operands, err = absolute(f); err != nil {
			return err
		}
	}
	tidy, err := scratch()
	defer tidy()
	if err != nil {
		return err
	}
	return r.run(ctx, e, operands)
}

// withValues returns args with the values of the flags of f in one argument with them, so that a value that
// begins with a dash is none of ktzip's options.
func withValues(f *pflag.FlagSet, args []string) (all []string) {
	for i := 0; i < len(args); i++ {
		if args[i] == "--" {
			return append(all, args[i:]...)
		}
		name, long := strings.CutPrefix(args[i], "--")
		flag := f.Lookup(name) // nil if it has a value already
		if all = append(all, args[i]); long && flag != nil && flag.NoOptDefVal == "" && i+1 < len(args) {
			i++
			all[len(all)-1] += "=" + args[i]
		}
	}
	return all
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
	b.WriteString("\nktfleet COMMAND --help tells the options of a command, ktfleet --version the version.\n")
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
			cli.Message(e.Stderr, programName, r.Path, fmt.Sprintf("%d -> %d bytes", r.In, r.Out))
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
		cli.Message(e.Stderr, programName, path, text)
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
	unlock, err := files.Lock(e.Temp + lockSuffix)
	if err != nil {
		return err
	}
	defer unlock()
	defer func() {
		e := files.RemoveAll(context.WithoutCancel(ctx), e.Temp)
		if err == nil {
			err = e
		}
	}()
	return do()
}

// lockSuffix follows the name of the temporary folder in that of the file by which only one run has it.
const lockSuffix = ".lock"

// keyOf returns a name for what is told by texts.
func keyOf(texts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(texts, "\x00")))
	return hex.EncodeToString(sum[:8])
}
