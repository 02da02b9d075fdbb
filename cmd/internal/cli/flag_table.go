package cli

import (
	"errors"
	"path/filepath"
	"strconv"
	"strings"
)

// envName is the environment variable that holds default options.
const envName = "KTZIP_OPT"

// A flagSpec describes a flag. The parser, the help, the man pages and the completions
// all follow flagTable.
type flagSpec struct {
	short    rune     // 0 if none
	long     string   // "" for the levels
	also     []string // other long names, which gzip and zstd have
	value    string   // what it takes, as the help names it: FILE, DIR, …; "" if nothing
	optional string   // the value if none is given; another one follows =
	choices  []string // the values, if there are few
	group    flagGroup
	harmless bool   // of groupCompression, but ktunzip ignores it as gunzip does
	help     string // a phrase per line; the first one stands alone in completions
	restore  string // the help of a command that only restores, if not the same
	set      func(o *options, value string) error
}

// A flagGroup is a paragraph of the help.
type flagGroup int

const (
	groupMode flagGroup = iota
	groupFiles
	groupCompression // only of commands that compress
	groupRest
	flagGroups
)

var groupNames = [flagGroups]string{"What to do", "Input and output", "Compression", "Resources and messages"}

// env reports whether f may be in KTZIP_OPT: what removes, overwrites or chooses files
// and what to do must be said each time.
func (f *flagSpec) env() bool { return f.group >= groupCompression }

// yes sets what field returns.
func yes(field func(o *options) *bool) func(*options, string) error {
	return func(o *options, _ string) error {
		*field(o) = true
		return nil
	}
}

// text sets what field returns to a value that is not empty.
func text(field func(o *options) *string) func(*options, string) error {
	return func(o *options, value string) error {
		if value == "" {
			return errors.New("the value is empty")
		}
		*field(o) = value
		return nil
	}
}

// size sets what field returns.
func size(field func(o *options) *byteSize) func(*options, string) error {
	return func(o *options, value string) error { return field(o).Set(value) }
}

// level sets the level.
func level(n int) func(*options, string) error {
	return func(o *options, _ string) error {
		o.level = n
		return nil
	}
}

var flagTable = []flagSpec{
	{short: 'd', long: "decompress", also: []string{"uncompress"}, group: groupMode,
		help: "restore; FILE" + suffix + " becomes FILE",
		set:  yes(func(o *options) *bool { return &o.decompress })},
	{short: 't', long: "test", group: groupMode,
		help: "check that files restore\nwrite nothing",
		set:  yes(func(o *options) *bool { return &o.test })},
	{short: 'l', long: "list", group: groupMode,
		help: "list sizes, ratio, share of program blocks, memory needed\nwith -v also what the header says",
		set:  yes(func(o *options) *bool { return &o.list })},
	{long: "salvage", value: "HOW", optional: salvageZeros, choices: []string{salvageZeros, salvageOmit}, group: groupMode,
		help: "restore what is intact of a damaged file\nwhat is missing becomes NULs (zeros, the default) or is left out (omit)",
		set:  func(o *options, value string) error { return o.salvage.Set(value) }},
	{long: "explain", group: groupMode,
		help: "print every program with its place and its cost",
		set:  yes(func(o *options) *bool { return &o.explain })},
	{short: 'h', long: "help", group: groupMode,
		help: "print this help",
		set:  yes(func(o *options) *bool { return &o.help })},
	{short: 'V', long: "version", group: groupMode,
		help: "print the versions",
		set:  yes(func(o *options) *bool { return &o.version })},

	{short: 'o', long: "output", value: "FILE", group: groupFiles,
		help: "write to FILE",
		set:  text(func(o *options) *string { return &o.output })},
	{short: 'c', long: "stdout", also: []string{"to-stdout"}, group: groupFiles,
		help: "write to standard output\nwith -d and -f, files that are not compressed pass unchanged",
		set:  yes(func(o *options) *bool { return &o.stdout })},
	{long: "output-dir", also: []string{"output-dir-mirror"}, value: "DIR", group: groupFiles,
		help: "write into DIR, in folders like those of the input",
		set:  text(func(o *options) *string { return &o.outputDir })},
	{long: "output-dir-flat", value: "DIR", group: groupFiles,
		help: "write into DIR, all files side by side",
		set:  text(func(o *options) *string { return &o.outputDirFlat })},
	{short: 'r', long: "recursive", group: groupFiles,
		help: "work on the files in folders\nlinks in them are skipped",
		set:  yes(func(o *options) *bool { return &o.recursive })},
	{short: 'k', long: "keep", group: groupFiles,
		help: "keep the input files (always so without --rm)",
		set:  yes(func(o *options) *bool { return &o.keep })},
	{long: "rm", group: groupFiles,
		help: "remove an input file once its output is complete and on the disk",
		set:  yes(func(o *options) *bool { return &o.remove })},
	{long: "synchronous", group: groupFiles,
		help: "wait until each output is on the disk, also without --rm",
		set:  yes(func(o *options) *bool { return &o.synchronous })},
	{long: "no-sparse", group: groupFiles,
		help: "write NULs where restored files could have holes",
		set:  yes(func(o *options) *bool { return &o.noSparse })},
	{short: 'f', long: "force", group: groupFiles,
		help: "overwrite\nwrite compressed data to a terminal; take devices and pipes",
		set:  yes(func(o *options) *bool { return &o.force })},
	{short: 'S', long: "suffix", value: ".SUF", group: groupFiles,
		help: "use the suffix .SUF for compressed files\n" + suffix + " is known as well when restoring",
		set:  setSuffix},
	{short: 'n', long: "no-name", group: groupFiles,
		help: "store no name, time and mode, and restore no stored ones\nthe output has those of the input file",
		set:  yes(func(o *options) *bool { return &o.noName })},

	{group: groupCompression, harmless: true,
		help: "fast ... small; 6 is the default"},
	{long: "fast", group: groupCompression, harmless: true,
		help: "the same as -1",
		set:  level(1)},
	{long: "best", group: groupCompression, harmless: true,
		help: "the same as -9",
		set:  level(9)},
	{long: "block-size", value: "SIZE", group: groupCompression,
		help: "bytes that one program makes, a power of two\ndefault 128",
		set:  size(func(o *options) *byteSize { return &o.blockSize })},
	{long: "segment-size", value: "SIZE", group: groupCompression,
		help: "bytes that restore alone\ndefault 1 to 8 MiB, by the data",
		set:  size(func(o *options) *byteSize { return &o.segmentSize })},
	{long: "plan", value: "TEXT", choices: []string{"none"}, group: groupCompression,
		help: "the plan of every segment, its lines separated by semicolons\nnone: no plan; default: the best one that is found",
		set:  func(o *options, value string) error { return o.plan.Set(value) }},
	{long: "search", value: "HOW", choices: searches, group: groupCompression,
		help: "what looks for programs\nenumerate (deduction and enumeration, the default), seqcoder (a transformer), or both",
		set:  text(func(o *options) *string { return &o.search.How })},
	{long: "model", value: "FILE", group: groupCompression,
		help: "the transformer's weights (.safetensors), for those built in",
		set:  text(func(o *options) *string { return &o.search.Model })},
	{long: "device", value: "DEVICE", choices: []string{"auto", "cpu", "cuda", "none"}, group: groupCompression,
		help: "what the transformer runs on\ncpu, cuda or cuda:N, auto (a GPU if there is one; the default), none (without it)",
		set:  text(func(o *options) *string { return &o.search.Device })},
	{long: "no-verify", group: groupCompression,
		help: "do not restore what was compressed to compare it",
		set:  yes(func(o *options) *bool { return &o.noVerify })},

	{short: 'T', long: "threads", value: "N", group: groupRest,
		help:    "segments at a time\ndefault: all cores; 1 for -d and -t",
		restore: "segments at a time\ndefault: 1",
		set:     setThreads},
	{long: "memory-limit", value: "SIZE", group: groupRest,
		help: "refuse to restore what needs more\ndefault 128MiB",
		set: func(o *options, value string) error {
			err := o.memoryLimit.Set(value)
			if err == nil && o.memoryLimit == 0 {
				err = errors.New("that allows nothing")
			}
			return err
		}},
	{short: 'v', long: "verbose", group: groupRest,
		help: "a line for each file",
		set:  yes(func(o *options) *bool { return &o.verbose })},
	{short: 'q', long: "quiet", group: groupRest,
		help: "no warnings, no progress",
		set:  yes(func(o *options) *bool { return &o.quiet })},
	{long: "no-progress", group: groupRest,
		help: "no progress bar",
		set:  yes(func(o *options) *bool { return &o.noProgress })},
	{long: "json", group: groupRest,
		help: "one JSON object a file, a line each\nwith -l, --explain, -t, and after compressing or restoring; on standard output, or on standard error if that takes the data; a name that is not UTF-8 has its bytes in name_base64 as well",
		set:  yes(func(o *options) *bool { return &o.json })},
}

// argument is what f takes, as it follows the name in the help.
func (f *flagSpec) argument() string {
	switch {
	case f.value == "":
		return ""
	case f.optional != "":
		return "[=" + f.value + "]"
	}
	return " " + f.value
}

// names are the names of f as the help has them, without its value.
func (f *flagSpec) names() string {
	switch {
	case f.long == "":
		return "-1 ... -9"
	case f.short == 0:
		return "    --" + f.long
	}
	return "-" + string(f.short) + ", --" + f.long
}

// helpOf returns f's help for cmd, each phrase on a line of its own.
func (f *flagSpec) helpOf(cmd *Command) string {
	if !cmd.Compress && f.restore != "" {
		return f.restore
	}
	return f.help
}

// listed reports whether the help of cmd has f.
func (f *flagSpec) listed(cmd *Command) bool { return cmd.Compress || f.group != groupCompression }

func setThreads(o *options, value string) error {
	n, err := strconv.Atoi(value)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return errors.New("the number of threads is out of range")
	case err != nil:
		return errors.New("the number of threads is not a number")
	case n < 0:
		return errors.New("the number of threads is negative")
	}
	o.threads = n
	return nil
}

func setSuffix(o *options, value string) error {
	if value == "" || filepath.Base(value) != value || strings.ContainsAny(value, `/\`) || value == "." || value == ".." {
		return errors.New("a suffix is the end of a name, such as " + suffix)
	}
	o.suffix = value
	return nil
}
