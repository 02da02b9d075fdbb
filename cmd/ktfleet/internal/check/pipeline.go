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

// works says how each is done. The Result has no Error if the file is intact.
var works = map[string]func(ctx context.Context, c *Config, f *input.File) job.Result{
	Restore: restore,
	Verify:  verify,
	List:    list,
}

// A Config says what is done. It is plain data, which every worker gets.
type Config struct {
	What        string
	NoName      bool  // restored files do not get the attributes that are stored
	MemoryLimit int64 // bytes that restoring a file may take; 0 stands for codec.DefaultMemoryLimit
	Workers     int   // what each process works on at a time
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
	bundle *slots.Bundle[[]job.Result]
}

// StartBundle begins a bundle.
func (e *each) StartBundle(context.Context, func(string)) { e.bundle = new(slots.Bundle[[]job.Result]) }

// ProcessElement does the work of a batch.
func (e *each) ProcessElement(ctx context.Context, b input.Batch, results func(string)) {
	work := works[e.What]
	e.bundle.Start(e.Workers, func() (list []job.Result) {
		for i := range b.Files {
			list = append(list, work(ctx, &e.Config, &b.Files[i]))
		}
		return list
	})
	emit(ctx, e.bundle.Done(), results)
}

// FinishBundle waits for all files of the bundle.
func (e *each) FinishBundle(ctx context.Context, results func(string)) {
	emit(ctx, e.bundle.Wait(), results)
}

// emit emits results.
func emit(ctx context.Context, ready [][]job.Result, results func(string)) {
	for _, list := range ready {
		for i := range list {
			list[i].Count().Add(ctx)
			results(list[i].Line())
		}
	}
}

// reader returns the configuration of what reads the files.
func (c *Config) reader(ctx context.Context) *codec.ReaderConfig {
	return &codec.ReaderConfig{Context: ctx, MemoryLimit: c.MemoryLimit}
}
