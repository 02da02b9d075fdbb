package input

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"golang.org/x/sync/errgroup"

	"github.com/ktzip/ktzip/cmd/internal/cli"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/files"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/job"
)

// A batch has at most batchFiles files and, unless it is one file, batchBytes bytes: some seconds' work.
const batchFiles, batchBytes = 64, 8 << 20

// The kinds of outputs, by which Config.Kind names them.
const (
	None       = "none"       // compressed files, which have no output
	Compressed = "compressed" // files, whose outputs are compressed files
	Sampled    = "sampled"    // files, which have no output
	Restored   = "restored"   // compressed files, and what they restore to
	Evaluated  = "evaluated"  // any files, whose outputs have the same names
)

// naming returns the path of the output of a file below the output folder, by its kind. The error says
// why the file is skipped.
var naming = map[string]func(rel string) (string, error){
	None:       func(rel string) (string, error) { return rel, nil },
	Evaluated:  func(rel string) (string, error) { return rel, nil },
	Compressed: compressedName,
	Sampled:    compressedName,
	Restored: func(rel string) (string, error) {
		if name := cli.RestoredName(rel, cli.Suffix); name != "" {
			return name, nil
		}
		return "", fmt.Errorf("does not end in %s", cli.Suffix)
	},
}

// compressedName returns the name of the compressed file.
func compressedName(rel string) (string, error) {
	if suffix := cli.SuffixOf(rel, cli.Suffix); suffix != "" {
		return "", fmt.Errorf("has the suffix %s already", suffix)
	}
	return rel + cli.Suffix, nil
}

// A Config says which files there are, and where their outputs go. It is plain data.
type Config struct {
	Patterns []string // as files.Match takes them
	Kind     string   // of the outputs
	Output   string   // their folder; unused if there are none
	Force    bool     // replace outputs that exist
	Resume   bool     // leave alone files whose output exists
	Small    int64    // bytes of a file that is batched with others, at most
}

// A Batch has files that one worker works on.
type Batch struct{ Files []File }

func init() {
	for _, t := range []reflect.Type{reflect.TypeFor[File](), reflect.TypeFor[Batch](), reflect.TypeFor[*match]()} {
		beam.RegisterType(t)
	}
}

// Match returns the small files of c in batches, the others, and the lines of the results of those that are
// skipped.
func Match(s beam.Scope, c *Config) (batches, large, results beam.PCollection) {
	s = s.Scope("match")
	return beam.ParDo3(s, &match{*c}, beam.Impulse(s))
}

// match finds the files of all patterns. It is one worker's work, who sees that no two files have the
// same output.
type match struct{ Config }

// ProcessElement emits the small files in batches, the large ones, and the results of those that are
// skipped.
func (m *match) ProcessElement(ctx context.Context, _ []byte, batches func(Batch), large func(File), results func(string)) {
	skipped := map[string]bool{}
	skip := func(path string, err error) {
		if skipped[path] {
			return // of two patterns
		}
		skipped[path] = true
		job.Count{Failed: 1}.Add(ctx)
		failed := job.Result{Path: path}.Failed(err)
		results(failed.Line())
	}
	seen := map[string]string{} // the inputs of outputs
	var b batch
	for _, pattern := range m.Patterns {
		list, err := files.Match(ctx, pattern)
		if err != nil {
			skip(pattern, err)
		}
		for _, c := range m.candidates(ctx, list) {
			f, err := c.file, c.err
			if err == nil && seen[f.Output] == f.Path || errors.Is(err, errDone) {
				continue
			}
			if other := seen[f.Output]; err == nil && other != "" {
				err = fmt.Errorf("%s has the same output, %s", other, f.Output)
			}
			if err != nil {
				skip(f.Path, err)
				continue
			}
			seen[f.Output] = f.Path
			if f.Size > m.Small {
				large(f)
			} else {
				b.add(f, batches)
			}
		}
	}
	b.flush(batches)
}

// A candidate is a file that was found; err says why it is skipped.
type candidate struct {
	file File
	err  error
}

// maxAsked is how many outputs are looked for at a time: in an object store each takes a request, which
// mostly waits. Arbitrary.
const maxAsked = 64

// candidates returns the files of list with their outputs, in its order, but for those that are outputs of an
// earlier run themselves.
func (m *match) candidates(ctx context.Context, list []files.Info) []candidate {
	list = slices.DeleteFunc(list, m.earlier)
	all := make([]candidate, len(list))
	var group errgroup.Group
	group.SetLimit(maxAsked)
	for i, info := range list {
		group.Go(func() error {
			all[i].file, all[i].err = m.file(ctx, info)
			return nil
		})
	}
	group.Wait() // no error
	return all
}

// earlier reports whether a file is below the output folder, and that below what was walked through: the
// output of an earlier run. Who names the output folder, or what is in it, means the files there.
func (c *Config) earlier(info files.Info) bool {
	walked := strings.TrimSuffix(info.Path, info.Rel)
	return c.Output != "" && inside(walked, c.Output) && inside(c.Output, info.Path)
}

// inside reports whether the file at path is in folder, as far as the paths tell.
func inside(folder, path string) bool {
	if !strings.Contains(path, "://") {
		a, err := filepath.Abs(folder)
		b, e := filepath.Abs(path)
		if err != nil || e != nil {
			return false
		}
		folder, path = filepath.ToSlash(a), filepath.ToSlash(b)
	}
	return strings.HasPrefix(path, strings.TrimSuffix(folder, "/")+"/")
}

// errDone reports that the output of a file is there already.
var errDone = errors.New("done already")

// file returns the file of info with its output. The error says why it is skipped.
func (m *match) file(ctx context.Context, info files.Info) (File, error) {
	f := File{
		Path: info.Path, Size: info.Size, ModTime: info.ModTime.UnixNano(),
		Mode: uint32(info.Mode), HasMode: info.HasMode, Version: info.Version,
	}
	name, err := naming[m.Kind](info.Rel)
	if err != nil {
		return f, err
	}
	if m.Kind == None || m.Kind == Sampled {
		f.Output = f.Path // by which files are told from each other
		return f, nil
	}
	if f.Output = files.Join(m.Output, name); m.Force {
		return f, nil
	}
	exists, err := files.Exists(ctx, f.Output)
	switch {
	case err != nil:
		return f, err
	case exists && m.Resume:
		return f, errDone
	case exists:
		return f, fmt.Errorf("%s exists already; --force replaces it, --resume leaves it alone", f.Output)
	}
	return f, nil
}

// A batch is a Batch that is being filled.
type batch struct {
	Batch
	bytes int64
}

// add adds f, and emits the files before it if they are enough.
func (b *batch) add(f File, emit func(Batch)) {
	if b.bytes+f.Size > batchBytes || len(b.Files) == batchFiles {
		b.flush(emit)
	}
	b.Files, b.bytes = append(b.Files, f), b.bytes+f.Size
}

// flush emits the files, if there are some.
func (b *batch) flush(emit func(Batch)) {
	if len(b.Files) > 0 {
		emit(b.Batch)
	}
	*b = batch{}
}
