package compress

import (
	"runtime"
	"slices"
	"strings"

	"github.com/ktzip/ktzip/cmd/internal/cli"
	"github.com/ktzip/ktzip/cmd/internal/finder"
	"github.com/ktzip/ktzip/cmd/internal/model"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/input"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/job"
	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/container"
)

// A coding is how a worker codes. Its pipelines that code in the same way share it.
type coding struct {
	*cli.Coding
	config codec.WriterConfig // without a context and a header, for one thread
	bare   codec.WriterConfig // the same, without a search: by deflate alone
	coders [2]*codec.Coder    // by config and by bare
}

// codings are those of this process, by what tells them apart.
var codings job.Shared[*coding]

// coding returns the coding of c.
func (c *Config) coding() (*coding, error) {
	return codings.Get(c.key(), func() (*coding, error) { return newCoding(c.Args, c.Like) })
}

// key returns what tells the coding of c from others.
func (c *Config) key() string { return strings.Join(append(slices.Clone(c.Args), c.Like...), "\x00") }

// newCoding returns the coding of options, that tries plans, too.
func newCoding(args, plans []string) (*coding, error) {
	options, _, err := cli.ParseCoding(args, model.Check)
	if err != nil {
		return nil, err
	}
	found, _, err := finder.Config(options.Search)
	if err != nil {
		return nil, err
	}
	like, err := cli.ParsePlans(plans)
	if err != nil {
		return nil, err
	}
	c := &coding{Coding: options, config: options.WriterConfig(*found, like)}
	return c, c.prepare()
}

// prepare completes c by its configuration.
func (c *coding) prepare() (err error) {
	c.config.Threads = 1
	c.bare = c.config
	c.bare.Finder, c.bare.Planner, c.bare.Plans, c.bare.Mixer = nil, nil, nil, nil
	for i, cfg := range []codec.WriterConfig{c.config, c.bare} {
		cfg.Threads = runtime.GOMAXPROCS(0) // at most as many code at a time
		if c.coders[i], err = codec.NewCoder(&cfg); err != nil {
			return err
		}
	}
	return nil
}

// coder returns what codes segments.
func (c *coding) coder(search bool) *codec.Coder {
	if search {
		return c.coders[0]
	}
	return c.coders[1]
}

// header returns the header of the compressed file of f.
func (c *coding) header(f *input.File) container.Header {
	at := f.Attributes()
	about := container.Header{Name: f.Name(), ModTime: at.ModTime, Mode: at.Mode, HasMode: at.HasMode}
	return c.Coding.Header(about, min(f.Size, cli.KnownSize+1), f.Size)
}

// writerConfig returns the configuration of a Writer, or of its parts, for the compressed file of f.
func (c *coding) writerConfig(f *input.File, search bool) *codec.WriterConfig {
	cfg := c.config
	if !search {
		cfg = c.bare
	}
	cfg.Header = c.header(f)
	return &cfg
}
