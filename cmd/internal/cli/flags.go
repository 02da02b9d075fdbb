package cli

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/ktzip/ktzip/codec"
)

// options are the flags and operands of a run. parse checks that they fit together.
type options struct {
	Coding

	mode     mode
	operands []string // "-" is standard input

	decompress, test, list, bench bool // they, explain and report determine mode
	explain                       explainFlag

	report                   string // where pages go; "-" is standard output, "" if there are none
	output                   string // -o; "-" is standard output
	stdout                   bool
	outputDir, outputDirFlat string
	suffix                   string // of compressed files; not empty

	remove, keep, force, recursive bool

	verbose, quiet   bool
	noProgress, json bool
	help, version    bool

	threads     int
	levels      []int    // that the command line gives, in their order
	memoryLimit byteSize // 0 if not given

	synchronous bool // wait until each output is on the disk
	noSparse    bool // restored files get no holes
	salvage     salvageFlag
}

// parse reads the arguments of cmd, after the default options in env.
func parse(cmd *Command, env string, args []string) (*options, error) {
	o := &options{Coding: newCoding(), suffix: Suffix}
	envErr := o.parseEnv(cmd, env)
	o.levels = nil // a default level does not say what -b measures
	p := &flagParser{cmd: cmd, options: o, args: args}
	var err error
	if o.operands, err = p.parse(); err != nil {
		return nil, err
	}
	switch {
	case o.help || o.version:
		return o, nil
	case envErr != nil:
		return nil, envErr
	}
	o.standardPaths()
	if !cmd.Compress || o.decompress || o.salvage != "" {
		o.mode = restoring
	}
	for _, m := range []struct {
		set  bool
		mode mode
	}{{o.test, checking}, {o.list, listing}, {o.explain != "", explaining}, {o.bench, measuring}, {o.report != "", reporting}} {
		if m.set {
			o.mode = m.mode
		}
	}
	if cmd.cat && !o.mode.reads() {
		o.stdout, o.force = true, true
	}
	if o.memoryLimit == 0 {
		o.memoryLimit = codec.DefaultMemoryLimit
		if o.mode == listing || o.mode == explaining {
			o.memoryLimit = math.MaxInt64 // describe also what restoring refuses
		}
	}
	if err := o.Search.check(cmd.Device); err != nil {
		return nil, err
	}
	return o, o.check()
}

// holding returns how many of the conditions hold.
func holding(conditions ...bool) (n int) {
	for _, c := range conditions {
		if c {
			n++
		}
	}
	return n
}

// conflict returns what is wrong with the combination of the options; "" if nothing is.
func (o *options) conflict() string {
	named, placed := o.output != "", o.outputDir != "" || o.outputDirFlat != ""
	for _, rule := range []struct {
		broken  bool
		message string
	}{
		{o.bench && (o.decompress || o.test || o.list || o.explain != "" || o.salvage != "" || named || placed || o.stdout || o.remove),
			"-b only measures; it cannot be combined with -d, -t, -l, --explain, --salvage, -o, -c, --output-dir or --rm"},
		{holding(o.test, o.list, o.explain != "") > 1, "give only one of -t, -l and --explain"},
		{o.salvage != "" && (o.mode.reads() || o.remove), "--salvage cannot be combined with -t, -l, --explain or --rm"},
		{o.keep && o.remove, "-k cannot be combined with --rm"},
		{named && o.stdout, "-o cannot be combined with -c"},
		{holding(named || o.stdout, o.outputDir != "", o.outputDirFlat != "") > 1, "give only one of --output-dir, --output-dir-flat, -o and -c"},
		{o.mode.reads() && (named || placed || o.stdout || o.remove),
			"-t, -l and --explain write no files; they cannot be combined with -o, -c, --output-dir or --rm"},
		{o.stdout && o.remove, "--rm cannot be combined with writing to standard output"},
		{o.report != "" && !placed && len(o.operands) > 1, fmt.Sprintf("--report writes one page, got %d files; for several, name a folder: --report DIR/", len(o.operands))},
		{named && len(o.operands) > 1, fmt.Sprintf("-o takes the output of one file, got %d files", len(o.operands))},
	} {
		if rule.broken {
			return rule.message
		}
	}
	return ""
}

// check returns an error if the options contradict each other, and sets those that follow
// from others.
func (o *options) check() error {
	if text := o.reportConflict(); text != "" {
		return errors.New(text)
	}
	o.setReport()
	if o.output == "-" {
		o.output, o.stdout = "", true
	}
	if text := o.conflict(); text != "" {
		return errors.New(text)
	}
	if len(o.operands) == 0 {
		o.operands = []string{"-"}
	}
	if !o.mode.compresses() {
		return nil
	}
	return o.Coding.check()
}

// setLevel sets a level that is given.
func (o *options) setLevel(n int) { o.Search.Level, o.levels = n, append(o.levels, n) }

// writerConfig returns how to compress.
func (a *app) writerConfig() codec.WriterConfig { return a.configFor(a.opt, a.config) }

// configFor returns how to compress by the options o and found, which Search returned for them.
func (a *app) configFor(o *options, found codec.WriterConfig) codec.WriterConfig {
	cfg := o.WriterConfig(found, a.like)
	cfg.Threads, cfg.Context = o.threads, a.ctx
	return cfg
}

// readerConfig returns how to restore.
func (a *app) readerConfig() *codec.ReaderConfig {
	return &codec.ReaderConfig{Context: a.ctx, Threads: a.opt.threads, MemoryLimit: int64(a.opt.memoryLimit)}
}

// A byteSize is a number of bytes.
type byteSize int64

var sizeUnits = map[string]int64{
	"": 1, "b": 1,
	"k": 1 << 10, "kib": 1 << 10, "kb": 1e3,
	"m": 1 << 20, "mib": 1 << 20, "mb": 1e6,
	"g": 1 << 30, "gib": 1 << 30, "gb": 1e9,
	"t": 1 << 40, "tib": 1 << 40, "tb": 1e12,
}

// Set takes a size such as 65536, 64K, 64KiB, 64kB or 2.5MB.
func (b *byteSize) Set(s string) error {
	rest := strings.TrimLeft(s, "0123456789")
	whole := s[:len(s)-len(rest)]
	fraction := "0"
	if after, ok := strings.CutPrefix(rest, "."); ok {
		rest = strings.TrimLeft(after, "0123456789")
		fraction = after[:len(after)-len(rest)]
	}
	unit, ok := sizeUnits[strings.ToLower(strings.TrimSpace(rest))]
	if !ok || whole == "" || fraction == "" || len(fraction) > maxFraction {
		return errors.New("not a size, such as 65536, 64KiB or 2.5MB")
	}
	n, err := strconv.ParseInt(whole, 10, 64)
	part, _ := strconv.ParseInt((fraction + "00")[:maxFraction], 10, 64)
	if err != nil || n > math.MaxInt64/unit || part > 0 && n == math.MaxInt64/unit {
		return errors.New("out of range")
	}
	*b = byteSize(n*unit + part*(unit/1000) + part*(unit%1000)/1000)
	return nil
}

// ParseSize returns the number of bytes that an option such as --segment-size takes.
func ParseSize(text string) (int64, error) {
	var b byteSize
	err := b.Set(text)
	return int64(b), err
}

// maxFraction is how many digits a size may have after the point: thousandths.
const maxFraction = 3
