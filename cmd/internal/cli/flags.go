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

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
)

// options are the flags and operands of a run, checked against each other.
type options struct {
	mode     mode
	operands []string // "-" is standard input

	decompress, test, list, explain bool // what mode follows from

	output                   string // -o; "-" is standard output
	stdout                   bool
	outputDir, outputDirFlat string
	suffix                   string // of compressed files; not empty

	remove, keep, force, recursive, noName bool

	verbose, quiet   bool
	noProgress, json bool
	help, version    bool

	level, threads         int
	blockSize, segmentSize byteSize
	memoryLimit            byteSize // 0: not given
	noVerify               bool
	plan                   planFlag
	fileOptions
	search Search
}

// parse reads the arguments of cmd, after the default options in env.
func parse(cmd *Command, env string, args []string) (*options, error) {
	o := &options{level: codec.DefaultLevel, suffix: suffix, search: Search{Device: "auto"}}
	envErr := o.parseEnv(cmd, env)
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
	}{{o.test, checking}, {o.list, listing}, {o.explain, explaining}} {
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
			o.memoryLimit = math.MaxInt64 // nothing is restored, so every file can be described
		}
	}
	o.search.Level = o.level
	if err := o.search.check(cmd); err != nil {
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

// check refuses what contradicts itself, and fills in what follows from the
// rest.
func (o *options) check() error {
	if o.output == "-" {
		o.output, o.stdout = "", true
	}
	named, placed := o.output != "", o.outputDir != "" || o.outputDirFlat != ""
	for _, rule := range []struct {
		broken  bool
		message string
	}{
		{holding(o.test, o.list, o.explain) > 1, "-t, -l and --explain exclude each other"},
		{o.salvage != "" && (o.mode.reads() || o.remove),
			"--salvage restores, and removes no files: -t, -l, --explain and --rm make no sense with it"},
		{o.keep && o.remove, "-k and --rm exclude each other"},
		{named && o.stdout, "-o and -c exclude each other"},
		{holding(named || o.stdout, o.outputDir != "", o.outputDirFlat != "") > 1, "--output-dir, --output-dir-flat, -o and -c exclude each other"},
		{o.mode.reads() && (named || placed || o.stdout || o.remove),
			"-t, -l and --explain write and remove no files: -o, -c, --output-dir and --rm make no sense with them"},
		{o.stdout && o.remove, "--rm makes no sense if the output goes to standard output"},
		{named && len(o.operands) > 1, "-o takes the output of one file, and there are several"},
	} {
		if rule.broken {
			return errors.New(rule.message)
		}
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

// check refuses what is no choice and what contradicts itself, and fills in the rest.
func (s *Search) check(cmd *Command) error {
	if s.How == "" && s.Model != "" {
		s.How = SearchBoth
	}
	s.How = cmp.Or(s.How, SearchEnumerate)
	if cmd.Device != nil {
		if err := cmd.Device(s.Device); err != nil {
			return fmt.Errorf("--device %s: %w", printable(s.Device), err)
		}
	}
	switch {
	case !slices.Contains(searches, s.How):
		return fmt.Errorf("--search %s: it is one of %s", printable(s.How), strings.Join(searches, ", "))
	case s.How == SearchEnumerate && s.Model != "":
		return errors.New("--search enumerate takes no --model")
	}
	return nil
}

// A planFlag is the text of a plan, whose lines may be separated by semicolons, or
// none: the identity.
type planFlag struct{ program *dsl.Program }

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
