package compress

import (
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/ktzip/ktzip/cmd/internal/cli"
	"github.com/ktzip/ktzip/cmd/internal/finder"
	"github.com/ktzip/ktzip/cmd/internal/model"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/input"
	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// A coding is how a worker codes. Its pipelines that code in the same way share it.
type coding struct {
	*cli.Coding
	config codec.WriterConfig // without a context and a header, for one thread
	bare   codec.WriterConfig // the same, without a search
	coders [2]*codec.Coder    // by config and by bare
}

// The codings of this process, by what tells them apart.
var (
	codingsLock sync.Mutex
	codings     = map[string]*coding{}
)

// coding returns the coding of c.
func (c *Config) coding() (*coding, error) {
	key := c.key()
	codingsLock.Lock()
	defer codingsLock.Unlock()
	if found := codings[key]; found != nil {
		return found, nil
	}
	made, err := newCoding(c.Args, c.Like)
	if err == nil {
		codings[key] = made
	}
	return made, err
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
	var like []*dsl.Program
	for _, text := range plans {
		p, err := dsl.Parse(text, dsl.Plan)
		if err != nil {
			return nil, err
		}
		like = append(like, p.Canonical())
	}
	c := &coding{Coding: options, config: options.WriterConfig(*found, like)}
	c.bare = c.config
	c.bare.Finder, c.bare.Planner, c.bare.Plans = nil, nil, nil
	for i, cfg := range []codec.WriterConfig{c.config, c.bare} {
		cfg.Threads = runtime.GOMAXPROCS(0) // at most as many code at a time
		if c.coders[i], err = codec.NewCoder(&cfg); err != nil {
			return nil, err
		}
	}
	c.config.Threads, c.bare.Threads = 1, 1
	return c, nil
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
