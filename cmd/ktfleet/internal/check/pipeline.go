package check

import (
	"context"
	"math"
	"reflect"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"

	"github.com/ktzip/ktzip/cmd/ktfleet/internal/input"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/job"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/slots"
	"github.com/ktzip/ktzip/codec"
)

// The names of what is done with each file, by which Config.What names it.
const (
	Restore = "restore"
	Verify  = "verify"
	List    = "list"
)

// works says how each is done: it completes the Result. The error says why the file is not intact.
var works = map[string]func(ctx context.Context, c *Config, f *input.File, r *job.Result) error{
	Restore: restore,
	Verify:  verify,
	List:    list,
}

// A Config says what is done. It is plain data, which every worker gets.
type Config struct {
	What        string
	Headers     bool  // the list has the headers of a file, too
	NoName      bool  // restored files do not get the attributes that are stored
	MemoryLimit int64 // bytes that restoring a file may take; 0 stands for codec.DefaultMemoryLimit
	Workers     int   // what each process works on at a time; 0: one per core
}

func init() { beam.RegisterType(reflect.TypeFor[*each]()) }

// Pipeline adds the pipeline to s, of the files in, and returns the lines of its results.
func Pipeline(s beam.Scope, in *input.Config, c *Config) beam.PCollection {
	all := *in
	all.Small = math.MaxInt64
	batches, _, unmatched := input.Match(s, &all)
	return beam.Flatten(s, unmatched, beam.ParDo(s.Scope(c.What), &each{Config: *c}, beam.Reshuffle(s, batches)))
}

// each does the work of each file.
type each struct {
	Config
	bundle *slots.Bundle[job.Result]
}

// StartBundle begins a bundle.
func (e *each) StartBundle(context.Context, func(string)) { e.bundle = new(slots.Bundle[job.Result]) }

// ProcessElement does the work of a batch.
func (e *each) ProcessElement(ctx context.Context, b input.Batch, results func(string)) {
	work := works[e.What]
	for i := range b.Files {
		f := &b.Files[i]
		e.bundle.Start(e.Workers, func() job.Result {
			return job.Of(f.Path, func(r *job.Result) error { return work(ctx, &e.Config, f, r) })
		})
		job.Emit(ctx, e.bundle.Done(), results)
	}
}

// FinishBundle waits for all files of the bundle.
func (e *each) FinishBundle(ctx context.Context, results func(string)) {
	job.Emit(ctx, e.bundle.Wait(), results)
}

// reader returns the configuration of what reads the files.
func (c *Config) reader(ctx context.Context) *codec.ReaderConfig {
	return &codec.ReaderConfig{Context: ctx, MemoryLimit: c.MemoryLimit}
}
