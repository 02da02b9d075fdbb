package cli

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// A Command says which of the commands runs.
type Command struct {
	Name     string // in messages and help
	Compress bool   // it compresses by default; if false, it only restores
	// Search returns a configuration with a Finder and a Planner, to which the options
	// are added. If it is nil, files are compressed without a search.
	Search func(o SearchOptions) (*codec.WriterConfig, Notes, error)
	// Device reports what is wrong with SearchOptions.Device; nil to take any.
	Device func(name string) error
	// Words returns what explains a file in words. If it is nil, --explain prints plans and programs alone.
	Words func() Words
	// Views are there if Compress is set, for --report and -b; nil in commands that do not link what these
	// take.
	Views Viewer

	cat bool // it is ktcat: ktunzip -cf
}

// SearchOptions say how to search for programs and plans.
type SearchOptions struct {
	Level  int
	How    string // one of searches
	Model  string // a file of weights; empty for the built-in ones
	Device string // that the model runs on
}

// Notes are what a Search has to tell.
type Notes struct {
	Warning string // what is missing, if the work goes on without it
	Verbose string // what the search runs on
	// Err returns why the search gave up a device during the work, if it did; nil if it
	// can't.
	Err func() error
	// Progress returns how many blocks were handed to the search, and how many of them
	// are done; nil if that is unknown.
	Progress func() (queued, settled int64)
}

// The values of --search.
const (
	SearchEnumerate = "enumerate"
	SearchSeqCoder  = "seqcoder"
	SearchBoth      = "both"
)

var searches = []string{SearchEnumerate, SearchSeqCoder, SearchBoth}

// A mode is what a command does with every operand.
type mode int

const (
	compressing mode = iota
	restoring
	reporting
	checking
	listing
	explaining
	measuring
)

// reads reports whether the mode writes no file.
func (m mode) reads() bool { return m >= checking }

// compresses reports whether the mode takes files that are not compressed.
func (m mode) compresses() bool { return m == compressing || m == reporting || m == measuring }

// String returns the action of a workJSON.
func (m mode) String() string {
	return [...]string{"compress", "restore", "report", "test", "list", "explain", "measure"}[m]
}

// An app is one run of a command.
type app struct {
	*Command
	opt     *options
	ctx     context.Context
	temp    temporary
	stdin   *os.File
	stdout  *os.File
	stderr  *os.File
	config  codec.WriterConfig // that Search returned
	like    []*dsl.Program     // the plans of the file of --like
	notes   Notes
	warned  bool // of notes.Err
	status  status
	listing Listing
	bench   bench                // what -b measured
	placed  map[string]bool      // outputs in the folder of --output-dir
	mask    fs.FileMode          // permission bits that new files don't get
	sync    func(*os.File) error // waits until the disk has the file
}

// named returns the command that runs if its program is called path: a link named ktunzip
// or ktcat makes any command that one.
func (cmd Command) named(path string) Command {
	switch name := strings.TrimSuffix(filepath.Base(path), ".exe"); name {
	case "ktunzip", "ktcat":
		return Command{Name: name, cat: name == "ktcat", Words: cmd.Words}
	}
	return cmd
}

// Main runs cmd on the process's standard streams and returns the exit code. argv is
// os.Args. If a signal ends the work, Main does not return: the process dies of the signal.
func Main(cmd Command, argv []string) (code int) {
	cmd = cmd.named(argv[0])
	a := &app{
		Command: &cmd, ctx: context.Background(),
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
		mask: processMask(), sync: (*os.File).Sync,
	}
	opt, err := parse(&cmd, os.Getenv(envName), argv[1:])
	switch {
	case err != nil:
		fmt.Fprintf(a.stderr, "%s: %v\nUse `%s -h` for the list of options.\n", cmd.Name, harmless(err.Error()), cmd.Name)
		return exitError
	case opt.help:
		return a.print(usage(&cmd))
	case opt.version:
		return a.print(Version(cmd.Name))
	}
	a.opt = opt
	a.listing.NoHeading = opt.quiet
	ctx, stop := a.temp.catch(a.ctx)
	defer stop()
	a.ctx = ctx
	defer a.recover(&code)
	if opt.mode == compressing || opt.mode == reporting {
		err = a.startSearch()
	}
	if err != nil {
		a.fail("", err)
	} else if err = a.readLike(); err != nil {
		a.fail(opt.Like, err)
	} else {
		a.operands(opt.operands)
	}
	return a.status.code()
}

// startSearch makes the search ready and says what it has to tell.
func (a *app) startSearch() error {
	if a.Search == nil {
		return nil
	}
	cfg, notes, err := a.Search(a.opt.Search)
	if err != nil {
		return err
	}
	a.config, a.notes = *cfg, notes
	if notes.Warning != "" {
		a.warn("", notes.Warning)
	}
	if notes.Verbose != "" && a.opt.verbose {
		a.message("", notes.Verbose)
	}
	return nil
}

// print writes text to standard output and returns the exit code.
func (a *app) print(text string) int {
	if _, err := io.WriteString(a.stdout, text); err != nil {
		a.fail("", &outputError{stdoutName, err})
	}
	return a.status.code()
}

// Version returns the line of versions of a command.
func Version(name string) string {
	v := "(devel)"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		v = info.Main.Version
	}
	return fmt.Sprintf("%s %s, format version %d, language edition %d\n", name, v, container.Version, container.Edition)
}
