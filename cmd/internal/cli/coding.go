package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// A Coding is what the options say about how files are coded: those of the help's group
// Compression, the levels, and -n.
type Coding struct {
	NoName bool   // headers without name, time and mode
	Like   string // a file whose plans are tried, for ReadPlans; "" if there is none
	Search SearchOptions

	given                  []string // the options but for the level, in their order; of one given twice, the last
	blockSize, segmentSize byteSize
	noVerify               bool
	rsyncable              bool
	mix                    bool     // predictors may code
	restoreSpeed           byteSize // a second, that predictors leave; 0 if not given
	predictorMemory        byteSize // 0 if not given
	plan                   planFlag
}

// newCoding returns what holds without options.
func newCoding() Coding {
	return Coding{Search: SearchOptions{Level: codec.DefaultLevel, Device: "auto"}}
}

// ParseCoding takes the options of a Coding out of args, for a command that has other options, too. It
// returns all other arguments as they are, in their order, and takes none after --. It reads the options as
// ktzip does, with these differences: it takes no abbreviated names, and no clusters of short options that
// hold others, such as -9v. It knows no values of other options, so one that begins with a dash must follow
// a =, as in --jobs=-1.
//
// device returns what is wrong with the name of a device; nil to take any.
func ParseCoding(args []string, device func(name string) error) (c *Coding, others []string, err error) {
	o := &options{Coding: newCoding()}
	p := &flagParser{cmd: &Command{Compress: true}, coding: true, options: o, args: args}
	if others, err = p.parse(); err != nil {
		return nil, nil, err
	}
	if err := o.Search.check(device); err != nil {
		return nil, nil, err
	}
	if err := o.Coding.check(); err != nil {
		return nil, nil, err
	}
	return &o.Coding, others, nil
}

// codes reports whether arg is an option of a Coding, or a cluster of such ones.
func codes(arg string) bool {
	if name, long := strings.CutPrefix(arg, "--"); long {
		name, _, _ = strings.Cut(name, "=")
		return slices.ContainsFunc(flagTable, func(f flagSpec) bool {
			return f.codes() && name != "" && (f.long == name || slices.Contains(f.also, name))
		})
	}
	cluster := strings.TrimPrefix(arg, "-")
	return cluster != arg && cluster != "" && !strings.ContainsFunc(cluster, func(r rune) bool {
		short := func(f flagSpec) bool { return f.codes() && f.short == r && r != 0 }
		return !('0' <= r && r <= '9') && !slices.ContainsFunc(flagTable, short)
	})
}

// give notes that f is given, with its value.
func (c *Coding) give(f *flagSpec, value string) {
	option := "--" + f.long
	if f.value != "" {
		option += "="
	}
	c.given = slices.DeleteFunc(slices.Clone(c.given), func(o string) bool {
		return o == option || f.value != "" && strings.HasPrefix(o, option)
	})
	c.given = append(c.given, option+value)
}

// Args returns the options of c, as ktzip takes them: the level, then the others, of which none is
// given twice. ParseCoding makes them c again, also in another process.
func (c *Coding) Args() []string {
	return append([]string{fmt.Sprintf("-%d", c.Search.Level)}, c.given...)
}

// WriterConfig returns how to compress by c. found is what a search returned for c.Search, the zero
// value without one; like are the plans of c.Like. The threads and the context are found's.
func (c *Coding) WriterConfig(found codec.WriterConfig, like []*dsl.Program) codec.WriterConfig {
	cfg := found
	cfg.Level = c.Search.Level
	cfg.BlockSize, cfg.SegmentSize = int(c.blockSize), int(c.segmentSize)
	cfg.NoVerify, cfg.Rsyncable = c.noVerify, c.rsyncable
	cfg.RestoreSpeed, cfg.PredictorMemory = int(c.restoreSpeed), int64(c.predictorMemory)
	if !c.mix {
		cfg.Mixer = nil
	}
	if c.plan.given {
		cfg.Planner, cfg.Plans = nil, c.plan.programs
	}
	cfg.Plans = append(slices.Clip(cfg.Plans), like...)
	if len(like) > 0 && cfg.Planner == nil {
		cfg.Planner = codec.RefitOnly(found.Planner)
	}
	return cfg
}

// check returns an error if a Writer refuses what c says.
func (c *Coding) check() error {
	cfg := c.WriterConfig(codec.WriterConfig{}, nil)
	return checkWriter(&cfg)
}

// checkWriter returns an error if a Writer refuses cfg.
func checkWriter(cfg *codec.WriterConfig) error {
	if _, err := codec.NewWriter(io.Discard, cfg); err != nil {
		return errors.New(strings.TrimPrefix(err.Error(), "codec: "))
	}
	return nil
}

// KnownSize is the most bytes of an input that is read whole before the header is written.
// The Writer's shortest first segment is as long, so this delays nothing.
const KnownSize = 1 << 20

// Header returns the header of an input. about has its name, without folders, its time and its mode;
// -n leaves them out. first is how many bytes the input begins with, as far as KnownSize + 1: if there
// are no more, that is its size. Else it has the size that the system tells, if that may be true.
func (c *Coding) Header(about container.Header, first, told int64) (h container.Header) {
	if !c.NoName {
		h.Name, h.ModTime, h.Mode, h.HasMode = about.Name, about.ModTime, about.Mode.Perm(), about.HasMode
		test := container.Header{BlockLog: container.MinBlockLog, SegmentLog: container.MinBlockLog, Name: h.Name}
		if _, err := test.Append(nil); err != nil {
			h.Name = "" // a header can't hold it
		}
	}
	switch {
	case first <= KnownSize:
		h.Size, h.HasSize = first, true
	case told > KnownSize:
		h.Size, h.HasSize = told, true
	}
	return h
}

// check returns an error if s holds a wrong value or contradicts itself, and sets the
// defaults. device is as for ParseCoding.
func (s *SearchOptions) check(device func(name string) error) error {
	if s.How == "" && s.Model != "" {
		s.How = SearchBoth
	}
	s.How = cmp.Or(s.How, SearchEnumerate)
	if device != nil {
		if err := device(s.Device); err != nil {
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
