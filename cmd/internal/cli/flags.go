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

// options are the flags and operands of a run. parse checks that they fit together.
type options struct {
	mode     mode
	operands []string // "-" is standard input

	decompress, test, list bool // they and explain determine mode
	explain                explainFlag

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
	memoryLimit            byteSize // 0 if not given
	noVerify               bool
	mix                    bool     // predictors may code
	restoreSpeed           byteSize // a second, that predictors leave; 0 if not given
	predictorMemory        byteSize // 0 if not given
	plan                   planFlag
	like                   string // a compressed file whose plans are tried; "" if there is none
	search                 SearchOptions

	synchronous bool // wait until each output is on the disk
	noSparse    bool // restored files get no holes
	salvage     salvageFlag
}

// parse reads the arguments of cmd, after the default options in env.
func parse(cmd *Command, env string, args []string) (*options, error) {
	o := &options{level: codec.DefaultLevel, suffix: suffix, search: SearchOptions{Device: "auto"}}
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
	}{{o.test, checking}, {o.list, listing}, {o.explain != "", explaining}} {
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

// conflict returns what is wrong with the combination of the options; "" if nothing is.
func (o *options) conflict() string {
	named, placed := o.output != "", o.outputDir != "" || o.outputDirFlat != ""
	for _, rule := range []struct {
		broken  bool
		message string
	}{
		{holding(o.test, o.list, o.explain != "") > 1, "give only one of -t, -l and --explain"},
		{o.salvage != "" && (o.mode.reads() || o.remove), "--salvage cannot be combined with -t, -l, --explain or --rm"},
		{o.keep && o.remove, "-k cannot be combined with --rm"},
		{named && o.stdout, "-o cannot be combined with -c"},
		{holding(named || o.stdout, o.outputDir != "", o.outputDirFlat != "") > 1, "give only one of --output-dir, --output-dir-flat, -o and -c"},
		{o.mode.reads() && (named || placed || o.stdout || o.remove),
			"-t, -l and --explain write no files; they cannot be combined with -o, -c, --output-dir or --rm"},
		{o.stdout && o.remove, "--rm cannot be combined with writing to standard output"},
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
	if o.output == "-" {
		o.output, o.stdout = "", true
	}
	if text := o.conflict(); text != "" {
		return errors.New(text)
	}
	if len(o.operands) == 0 {
		o.operands = []string{"-"}
	}
	if o.mode != compressing {
		return nil
	}
	var cfg codec.WriterConfig
	o.configure(&cfg)
	if _, err := codec.NewWriter(io.Discard, &cfg); err != nil {
		return errors.New(strings.TrimPrefix(err.Error(), "codec: "))
	}
	return nil
}

// configure sets what the options say in cfg.
func (o *options) configure(cfg *codec.WriterConfig) {
	cfg.Level, cfg.Threads = o.level, o.threads
	cfg.BlockSize, cfg.SegmentSize = int(o.blockSize), int(o.segmentSize)
	cfg.NoVerify = o.noVerify
	cfg.RestoreSpeed, cfg.PredictorMemory = int(o.restoreSpeed), int64(o.predictorMemory)
	if !o.mix {
		cfg.Mixer = nil
	}
	if o.plan.given {
		cfg.Planner, cfg.Plans = nil, o.plan.programs
	}
}

// writerConfig returns how to compress.
func (a *app) writerConfig() codec.WriterConfig {
	cfg := a.config
	a.opt.configure(&cfg)
	cfg.Plans = append(slices.Clip(cfg.Plans), a.like...)
	if len(a.like) > 0 && cfg.Planner == nil {
		cfg.Planner = codec.RefitOnly(a.config.Planner)
	}
	cfg.Context = a.ctx
	return cfg
}

// readerConfig returns how to restore.
func (a *app) readerConfig() *codec.ReaderConfig {
	return &codec.ReaderConfig{Context: a.ctx, Threads: a.opt.threads, MemoryLimit: int64(a.opt.memoryLimit)}
}

// check returns an error if s holds a wrong value or contradicts itself, and sets the
// defaults.
func (s *SearchOptions) check(cmd *Command) error {
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
		return fmt.Errorf("--search %s: must be one of %s", printable(s.How), strings.Join(searches, ", "))
	case s.How == SearchEnumerate && s.Model != "":
		return errors.New("--search enumerate cannot be combined with --model")
	}
	return nil
}

// A planFlag is what --plan says: that nothing but some plans is tried.
type planFlag struct {
	given    bool
	programs []*dsl.Program // none or one
}

// Set takes the text of a plan, whose lines may be separated by semicolons, or "none".
func (p *planFlag) Set(s string) error {
	*p = planFlag{given: true}
	if s == "none" {
		return nil
	}
	program, err := dsl.Parse(strings.ReplaceAll(s, ";", "\n"), dsl.Plan)
	if err != nil {
		return err
	}
	p.programs = []*dsl.Program{program.Canonical()}
	return nil
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

// maxFraction is how many digits a size may have after the point: thousandths.
const maxFraction = 3
