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
// follow from flagTable.
type flagSpec struct {
	short    rune     // 0 if there is none
	long     string   // "" for the levels
	also     []string // other long names, from gzip and zstd
	value    string   // the name of the value in the help, such as FILE; "" if it takes none
	optional string   // the value if none is given; if given, it follows =
	choices  []string // the values, if there are few
	group    flagGroup
	ignored  bool   // by ktunzip, as by gunzip, although of groupCompression
	coding   bool   // it is of a Coding, as all of groupCompression
	encoder  bool   // it is of commands that compress, as all of groupCompression
	help     string // one phrase per line; completions show the first one
	restore  string // the help of commands that only restore, if different
	set      func(o *options, value string) error
}

// A flagGroup is a paragraph of the help.
type flagGroup int

const (
	groupMode flagGroup = iota
	groupFiles
	groupCompression // of commands that compress
	groupResources
	flagGroups
)

var groupNames = [flagGroups]string{"Action", "Input and output", "Compression", "Resources and messages"}

// env reports whether f may be in KTZIP_OPT. Options that choose the action, or choose,
// remove or overwrite files, must be given each time.
func (f *flagSpec) env() bool { return f.group >= groupCompression }

// codes reports whether f is an option of a Coding.
func (f *flagSpec) codes() bool { return f.group == groupCompression || f.coding }

// yes returns a setter of the field to true.
func yes(field func(o *options) *bool) func(*options, string) error {
	return func(o *options, _ string) error {
		*field(o) = true
		return nil
	}
}

// text returns a setter of the field, which refuses an empty value.
func text(field func(o *options) *string) func(*options, string) error {
	return func(o *options, value string) error {
		if value == "" {
			return errors.New("the value must not be empty")
		}
		*field(o) = value
		return nil
	}
}

// size returns a setter of the field.
func size(field func(o *options) *byteSize) func(*options, string) error {
	return func(o *options, value string) error { return field(o).Set(value) }
}

// level returns a setter of the level.
func level(n int) func(*options, string) error {
	return func(o *options, _ string) error {
		o.setLevel(n)
		return nil
	}
}

var flagTable = []flagSpec{
	{short: 'd', long: "decompress", also: []string{"uncompress"}, group: groupMode,
		help: "restore; FILE" + Suffix + " becomes FILE",
		set:  yes(func(o *options) *bool { return &o.decompress })},
	{short: 't', long: "test", group: groupMode,
		help: "check that files restore, without writing anything",
		set:  yes(func(o *options) *bool { return &o.test })},
	{short: 'l', long: "list", group: groupMode,
		help: "list sizes, ratio, share of blocks that have a program, and memory needed to restore\nwith -v also the headers",
		set:  yes(func(o *options) *bool { return &o.list })},
	{long: "salvage", value: "HOW", optional: salvageZeros, choices: []string{salvageZeros, salvageOmit}, group: groupMode,
		help: "restore the intact parts of a damaged file\nfill gaps with NULs (zeros, the default) or leave them out (omit)",
		set:  func(o *options, value string) error { return o.salvage.Set(value) }},
	{long: "explain", value: "HOW", optional: explainText, choices: explains, group: groupMode,
		help:    "say what is in compressed files\nin words first (text, the default), or print all plans and programs with their positions and costs\nalone (program) or as JSON (json)",
		restore: "say what is in compressed files\nprint all plans and programs with their positions and costs (text or program; ktzip has words for them)\nor as JSON (json)",
		set: func(o *options, value string) error {
			o.json = o.json || value == explainJSON
			return o.explain.Set(value)
		}},
	{long: "report", value: "OUT.html", group: groupMode, encoder: true,
		help: "write a page for a browser that shows what is in FILE\na file that is not compressed is compressed first, as the other options say; if OUT is a folder, each FILE gets a page in it; - is standard output",
		set:  text(func(o *options) *string { return &o.report })},
	{short: 'b', long: "bench", group: groupMode, encoder: true,
		help: "measure sizes and speeds in memory, with one thread: of levels 1, 6 and 9, or of those given, and of other compressors\nwith --mix also of predictors, which is slow",
		set:  yes(func(o *options) *bool { return &o.bench })},
	{short: 'h', long: "help", group: groupMode,
		help: "print this help",
		set:  yes(func(o *options) *bool { return &o.help })},
	{short: 'V', long: "version", group: groupMode,
		help: "print version numbers",
		set:  yes(func(o *options) *bool { return &o.version })},

	{short: 'o', long: "output", value: "FILE", group: groupFiles,
		help: "write the output to FILE",
		set:  text(func(o *options) *string { return &o.output })},
	{short: 'c', long: "stdout", also: []string{"to-stdout"}, group: groupFiles,
		help: "write to standard output\nwith -d and -f, copy uncompressed files unchanged",
		set:  yes(func(o *options) *bool { return &o.stdout })},
	{long: "output-dir", also: []string{"output-dir-mirror"}, value: "DIR", group: groupFiles,
		help: "write into DIR, in the same folders as the input",
		set:  text(func(o *options) *string { return &o.outputDir })},
	{long: "output-dir-flat", value: "DIR", group: groupFiles,
		help: "write all files into DIR, without folders",
		set:  text(func(o *options) *string { return &o.outputDirFlat })},
	{short: 'r', long: "recursive", group: groupFiles,
		help: "process the files in folders\nskip links in them",
		set:  yes(func(o *options) *bool { return &o.recursive })},
	{short: 'k', long: "keep", group: groupFiles,
		help: "keep the input files (the default)",
		set:  yes(func(o *options) *bool { return &o.keep })},
	{long: "rm", group: groupFiles,
		help: "remove each input file once its output is complete and on disk",
		set:  yes(func(o *options) *bool { return &o.remove })},
	{long: "synchronous", group: groupFiles,
		help: "wait until each output is on disk (implied by --rm)",
		set:  yes(func(o *options) *bool { return &o.synchronous })},
	{long: "no-sparse", group: groupFiles,
		help: "write NULs instead of leaving holes in restored files",
		set:  yes(func(o *options) *bool { return &o.noSparse })},
	{short: 'f', long: "force", group: groupFiles,
		help: "overwrite existing files\nwrite compressed data to a terminal; accept devices and pipes as files",
		set:  yes(func(o *options) *bool { return &o.force })},
	{short: 'S', long: "suffix", value: ".SUF", group: groupFiles,
		help: "use the suffix .SUF for compressed files\nrestoring accepts " + Suffix + " too",
		set:  setSuffix},
	{short: 'n', long: "no-name", group: groupFiles, coding: true,
		help: "do not store name, time and mode, and do not restore stored ones\nthe output gets those of the input file",
		set:  yes(func(o *options) *bool { return &o.NoName })},

	{group: groupCompression, ignored: true,
		help: "fastest ... smallest; default 6"},
	{long: "fast", group: groupCompression, ignored: true,
		help: "the same as -1",
		set:  level(1)},
	{long: "best", group: groupCompression, ignored: true,
		help: "the same as -9",
		set:  level(9)},
	{long: "block-size", value: "SIZE", group: groupCompression,
		help: "bytes per block, each of which a program may produce; a power of two\ndefault 128",
		set:  size(func(o *options) *byteSize { return &o.blockSize })},
	{long: "segment-size", value: "SIZE", group: groupCompression,
		help: "bytes per segment, each of which restores alone\ndefault 1 to 8 MiB, depending on the data",
		set:  size(func(o *options) *byteSize { return &o.segmentSize })},
	{long: "rsyncable", group: groupCompression,
		help: "end segments where their content says so, after 512 KiB on average\na change of the input then changes the file only nearby; --segment-size is the most bytes",
		set:  yes(func(o *options) *bool { return &o.rsyncable })},
	{long: "plan", value: "TEXT", choices: []string{"none"}, group: groupCompression,
		help: "search for no plan; try this one, its lines separated by semicolons, or none\nit is used where it makes a segment shorter",
		set:  func(o *options, value string) error { return o.plan.Set(value) }},
	{long: "like", value: "FILE", group: groupCompression,
		help: "also try the plans of FILE, which is compressed or text\ntext has the lines that --explain=program prints of a plan, and a line --- between plans\nwith --plan none, try these alone and search for none: for many files of a kind",
		set:  text(func(o *options) *string { return &o.Like })},
	{long: "mix", group: groupCompression,
		help: "code by predictors, too, where that is shorter\nrecordings and images are often 5 to 25 % smaller, text and code 25 to 40 %\nrestoring at 0.5 to 10 MB/s takes the memory that -l shows",
		set:  yes(func(o *options) *bool { return &o.mix })},
	{long: "restore-speed", value: "RATE", group: groupCompression,
		help: "use only predictors that let files restore at RATE, such as 5MB/s, on a usual processor\nimplies --mix; default 500kB/s, the least",
		set: func(o *options, value string) error {
			o.mix = true
			return o.restoreSpeed.Set(strings.TrimSuffix(value, "/s"))
		}},
	{long: "memory", value: "SIZE", group: groupCompression,
		help: "use only predictors that take SIZE of memory to restore\nimplies --mix; 64KiB to 128MiB beside what restoring takes without, default 64MiB\nof more than 64MiB, restoring may want --memory-limit",
		set: func(o *options, value string) error {
			o.mix = true
			return o.predictorMemory.Set(value)
		}},
	{long: "search", value: "HOW", choices: searches, group: groupCompression,
		help: "how to search for programs: enumerate (deduction, whose guesses a network ranks, and enumeration)\nseqcoder (a transformer, which proposes whole programs), or both, for computers with a GPU\ndefault enumerate",
		set:  text(func(o *options) *string { return &o.Search.How })},
	{long: "model", value: "FILE", group: groupCompression,
		help: "take the transformer's weights from FILE (.safetensors) instead of the built-in ones\nimplies --search both",
		set:  text(func(o *options) *string { return &o.Search.Model })},
	{long: "device", value: "DEVICE", choices: []string{"auto", "cpu", "cuda", "none"}, group: groupCompression,
		help: "run the transformer, which pays on a GPU only, on DEVICE\ncpu, cuda, cuda:N, auto (a GPU if there is one; the default), or none (no transformer)",
		set:  text(func(o *options) *string { return &o.Search.Device })},
	{long: "no-verify", group: groupCompression,
		help: "do not check that the compressed data restores",
		set:  yes(func(o *options) *bool { return &o.noVerify })},

	{short: 'T', long: "threads", value: "N", group: groupResources,
		help:    "process N segments at a time\ndefault: one per core; 1 for -d and -t",
		restore: "process N segments at a time\ndefault 1",
		set:     setThreads},
	{long: "memory-limit", value: "SIZE", group: groupResources,
		help: "refuse files that need more memory to restore\ndefault 128MiB",
		set: func(o *options, value string) error {
			err := o.memoryLimit.Set(value)
			if err == nil && o.memoryLimit == 0 {
				err = errors.New("must be more than 0")
			}
			return err
		}},
	{short: 'v', long: "verbose", group: groupResources,
		help: "print a line per file",
		set:  yes(func(o *options) *bool { return &o.verbose })},
	{short: 'q', long: "quiet", group: groupResources,
		help: "print no warnings and no progress",
		set:  yes(func(o *options) *bool { return &o.quiet })},
	{long: "no-progress", group: groupResources,
		help: "show no progress bar",
		set:  yes(func(o *options) *bool { return &o.noProgress })},
	{long: "json", group: groupResources,
		help: "print a line with a JSON object per file\non standard output, or on standard error if standard output gets the data; if a name is not UTF-8, name_base64 holds its bytes",
		set:  yes(func(o *options) *bool { return &o.json })},
}

// argument returns what follows the name of f in the help.
func (f *flagSpec) argument() string {
	switch {
	case f.value == "":
		return ""
	case f.optional != "":
		return "[=" + f.value + "]"
	}
	return " " + f.value
}

// names returns the names of f in the help.
func (f *flagSpec) names() string {
	switch {
	case f.long == "":
		return "-1 ... -9"
	case f.short == 0:
		return "    --" + f.long
	}
	return "-" + string(f.short) + ", --" + f.long
}

// helpOf returns the help of f for cmd, one phrase per line.
func (f *flagSpec) helpOf(cmd *Command) string {
	if !cmd.Compress && f.restore != "" {
		return f.restore
	}
	return f.help
}

// listed reports whether the help of cmd has f.
func (f *flagSpec) listed(cmd *Command) bool {
	return cmd.Compress || f.group != groupCompression && !f.encoder
}

func setThreads(o *options, value string) error {
	n, err := strconv.Atoi(value)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return errors.New("out of range")
	case err != nil:
		return errors.New("not a number")
	case n < 0:
		return errors.New("must not be negative")
	}
	o.threads = n
	return nil
}

func setSuffix(o *options, value string) error {
	if value == "" || filepath.Base(value) != value || strings.ContainsAny(value, `/\`) || value == "." || value == ".." {
		return errors.New("must be the end of a file name, such as " + Suffix)
	}
	o.suffix = value
	return nil
}
