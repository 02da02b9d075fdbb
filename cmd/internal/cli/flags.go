package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
)

// options are the flags and operands of a run, checked against each other.
type options struct {
	mode     mode
	operands []string // "-" is standard input
	output   string   // -o; "-" is standard output
	stdout   bool

	remove, force, recursive bool
	verbose, quiet           bool
	noProgress, json         bool
	help, version            bool

	level, threads         int
	blockSize, segmentSize byteSize
	memoryLimit            byteSize
	noVerify               bool
	plan                   planFlag
	fileOptions
	search Search
}

// parse reads the arguments of cmd.
func parse(cmd *Command, args []string) (*options, error) {
	o := &options{level: codec.DefaultLevel, memoryLimit: codec.DefaultMemoryLimit}
	var decompress, keep, test, list, explain bool
	f := pflag.NewFlagSet(cmd.Name, pflag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.Usage = func() {}

	f.BoolVarP(&decompress, "decompress", "d", false, "")
	f.BoolVarP(&keep, "keep", "k", false, "")
	f.BoolVar(&o.remove, "rm", false, "")
	f.BoolVarP(&o.force, "force", "f", false, "")
	f.BoolVarP(&test, "test", "t", false, "")
	f.BoolVarP(&list, "list", "l", false, "")
	f.BoolVar(&explain, "explain", false, "")
	f.BoolVarP(&o.verbose, "verbose", "v", false, "")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "")
	f.StringVarP(&o.output, "output", "o", "", "")
	f.BoolVarP(&o.stdout, "stdout", "c", false, "")
	o.fileFlags(f)
	f.BoolVarP(&o.recursive, "recursive", "r", false, "")
	f.IntVarP(&o.threads, "threads", "T", 0, "")
	f.Var(&o.memoryLimit, "memory-limit", "")
	f.BoolVar(&o.noProgress, "no-progress", false, "")
	f.BoolVar(&o.json, "json", false, "")
	f.BoolVarP(&o.help, "help", "h", false, "")
	f.BoolVarP(&o.version, "version", "V", false, "")
	if cmd.Compress {
		for n := 1; n <= 9; n++ {
			f.VarPF(&levelFlag{&o.level, n}, fmt.Sprint("level-", n), fmt.Sprint(n), "").NoOptDefVal = "true"
		}
		f.Var(&o.blockSize, "block-size", "")
		f.Var(&o.segmentSize, "segment-size", "")
		f.BoolVar(&o.noVerify, "no-verify", false, "")
		f.Var(&o.plan, "plan", "")
		f.StringVar(&o.search.How, "search", "", "")
		f.StringVar(&o.search.Model, "model", "", "")
		f.StringVar(&o.search.Device, "device", "auto", "")
	}
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	if o.help || o.version {
		return o, nil
	}
	o.operands = f.Args()
	o.standardPaths()

	modes := 0
	if !cmd.Compress || decompress || o.salvage != "" {
		o.mode = restoring
	}
	for _, m := range []struct {
		set  bool
		mode mode
	}{{test, checking}, {list, listing}, {explain, explaining}} {
		if m.set {
			o.mode = m.mode
			modes++
		}
	}
	if f.Changed("memory-limit") && o.memoryLimit == 0 {
		return nil, errors.New("--memory-limit 0 allows nothing")
	}
	if o.mode == listing || o.mode == explaining {
		if !f.Changed("memory-limit") {
			o.memoryLimit = math.MaxInt64 // nothing is restored, so every file can be described
		}
	}
	o.search.Level = o.level
	if err := o.search.check(cmd); err != nil {
		return nil, err
	}
	return o, o.check(modes, keep, f.Changed("output"))
}

// check refuses what contradicts itself, and fills in what follows from the
// rest.
func (o *options) check(modes int, keep, named bool) error {
	if o.output == "-" {
		o.output, o.stdout, named = "", true, false
	}
	switch {
	case modes > 1:
		return errors.New("-t, -l and --explain exclude each other")
	case o.salvage != "" && (o.mode.reads() || o.remove):
		return errors.New("--salvage restores, and removes no files: -t, -l, --explain and --rm make no sense with it")
	case keep && o.remove:
		return errors.New("-k and --rm exclude each other")
	case named && o.output == "":
		return errors.New("-o needs a file name")
	case named && o.stdout:
		return errors.New("-o and -c exclude each other")
	case o.mode.reads() && (named || o.stdout || o.remove):
		return errors.New("-t, -l and --explain write and remove no files: -o, -c and --rm make no sense with them")
	case o.stdout && o.remove:
		return errors.New("--rm makes no sense where the output goes to standard output")
	case named && len(o.operands) > 1:
		return errors.New("-o takes the output of one file, and there are several")
	case o.threads < 0:
		return fmt.Errorf("-T %d: the number of threads is negative", o.threads)
	}
	if len(o.operands) == 0 {
		o.operands = []string{"-"}
	}
	if o.mode == compressing {
		_, err := codec.NewWriter(io.Discard, o.writerConfig())
		if err != nil {
			return errors.New(strings.TrimPrefix(err.Error(), "codec: "))
		}
	}
	return nil
}

// writerConfig is what the options say of a codec.WriterConfig.
func (o *options) writerConfig() *codec.WriterConfig {
	return &codec.WriterConfig{
		Level: o.level, Threads: o.threads, NoVerify: o.noVerify,
		BlockSize: int(o.blockSize), SegmentSize: int(o.segmentSize), Plan: o.plan.program,
	}
}

// A levelFlag is one of -1 to -9.
type levelFlag struct {
	level *int
	n     int
}

func (l *levelFlag) String() string { return "" }
func (l *levelFlag) Type() string   { return "bool" }
func (l *levelFlag) Set(s string) error {
	if s != "true" {
		return errors.New("a level takes no value")
	}
	*l.level = l.n
	return nil
}

// check refuses what is no choice and what contradicts itself, and fills in the rest.
func (s *Search) check(cmd *Command) error {
	if s.How == "" && s.Model != "" {
		s.How = SearchBoth
	}
	s.How = cmp.Or(s.How, SearchEnumerate)
	if cmd.Device != nil {
		if err := cmd.Device(s.Device); err != nil {
			return fmt.Errorf("--device %s: %w", s.Device, err)
		}
	}
	switch {
	case !slices.Contains(searches, s.How):
		return fmt.Errorf("--search %s: it is one of %s", s.How, strings.Join(searches, ", "))
	case s.How == SearchEnumerate && s.Model != "":
		return errors.New("--search enumerate takes no --model")
	}
	return nil
}

// A planFlag is the text of a plan, whose lines may be separated by semicolons, or
// none: the identity.
type planFlag struct{ program *dsl.Program }

func (p *planFlag) String() string { return "" }
func (p *planFlag) Type() string   { return "plan" }
func (p *planFlag) Set(s string) error {
	if s == "none" {
		p.program = dsl.Identity()
		return nil
	}
	program, err := dsl.Parse(strings.ReplaceAll(s, ";", "\n"), dsl.Plan)
	if err != nil {
		return err
	}
	p.program = program.Canonical()
	return nil
}

// A byteSize is a number of bytes, given as 65536, 64K, 64KiB or 64kB.
type byteSize int64

var sizeUnits = map[string]int64{
	"": 1, "b": 1,
	"k": 1 << 10, "kib": 1 << 10, "kb": 1e3,
	"m": 1 << 20, "mib": 1 << 20, "mb": 1e6,
	"g": 1 << 30, "gib": 1 << 30, "gb": 1e9,
	"t": 1 << 40, "tib": 1 << 40, "tb": 1e12,
}

func (b *byteSize) String() string { return strconv.FormatInt(int64(*b), 10) }
func (b *byteSize) Type() string   { return "size" }
func (b *byteSize) Set(s string) error {
	digits := len(s) - len(strings.TrimLeft(s, "0123456789"))
	unit, ok := sizeUnits[strings.ToLower(strings.TrimSpace(s[digits:]))]
	if !ok || digits == 0 {
		return errors.New("not a size; give bytes, or a number with KiB, MiB or GiB")
	}
	n, err := strconv.ParseInt(s[:digits], 10, 64)
	if err != nil || n > math.MaxInt64/unit {
		return errors.New("the size is out of range")
	}
	*b = byteSize(n * unit)
	return nil
}
