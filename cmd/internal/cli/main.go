package cli

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime/debug"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/container"
)

// A Command is what tells one command from another.
type Command struct {
	Name     string                                              // as messages and help give it
	Compress bool                                                // it compresses unless told otherwise; else it only restores
	Finder   func(s Search) (f codec.Finder, n Notes, err error) // where it compresses; nil: GZIP only
	Device   func(name string) error                             // says what is wrong with a Search's Device
	Planner  func(level int) codec.Planner
}

// Notes are what there is to say of a Finder.
type Notes struct {
	Warning string // a part of what was asked for is missing, and need not be there
	Verbose string // what it runs on
}

// A Search says how programs are looked for.
type Search struct {
	Level  int
	How    string // one of the searches
	Model  string // a file of weights; empty: those built in
	Device string // that a model runs on
}

// The values of --search.
const (
	SearchEnumerate = "enumerate"
	SearchSeqCoder  = "seqcoder"
	SearchBoth      = "both"
)

var searches = []string{SearchEnumerate, SearchSeqCoder, SearchBoth}

// A mode is what is done with every operand.
type mode int

const (
	compressing mode = iota
	restoring
	checking
	listing
	explaining
)

// reads reports whether the mode writes no file.
func (m mode) reads() bool { return m >= checking }

// An app is one run of a command.
type app struct {
	*Command
	opt      *options
	ctx      context.Context
	temp     temporary
	stdin    *os.File
	stdout   *os.File
	stderr   *os.File
	finder   codec.Finder // where it compresses
	troubled bool         // it was said what the finder went on without
	status   status
	totals   totals
	mask     fs.FileMode          // takes permission bits from new files
	sync     func(*os.File) error // waits until the disk has the file
}

// Main runs cmd with the arguments that follow its name, on the process's
// standard streams, and returns the exit code. A signal that ends the work ends
// the process.
func Main(cmd Command, args []string) (code int) {
	a := &app{Command: &cmd, ctx: context.Background(), stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, mask: processMask(), sync: (*os.File).Sync}
	opt, err := parse(&cmd, args)
	switch {
	case err != nil:
		fmt.Fprintf(a.stderr, "%s: %v\nUse `%s -h` for the list of options.\n", cmd.Name, err, cmd.Name)
		return exitError
	case opt.help:
		return a.print(usage(&cmd))
	case opt.version:
		return a.print(version(cmd.Name))
	}
	a.opt = opt
	ctx, stop := a.temp.catch(a.ctx)
	defer stop()
	a.ctx = ctx
	defer a.recover(&code)
	if opt.mode == compressing && a.Finder != nil {
		var notes Notes
		if a.finder, notes, err = a.Finder(opt.search); err != nil {
			a.fail("", err)
			return a.status.code()
		}
		if notes.Warning != "" {
			a.warn("", notes.Warning)
		}
		if notes.Verbose != "" && opt.verbose {
			a.message("", notes.Verbose)
		}
	}
	a.operands(opt.operands)
	return a.status.code()
}

// print writes what was asked for to standard output.
func (a *app) print(text string) int {
	if _, err := io.WriteString(a.stdout, text); err != nil {
		a.fail("", &outputError{"standard output", err})
	}
	return a.status.code()
}

func version(name string) string {
	v := "(devel)"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		v = info.Main.Version
	}
	return fmt.Sprintf("%s %s, format version %d, language edition %d\n", name, v, container.Version, container.Edition)
}
