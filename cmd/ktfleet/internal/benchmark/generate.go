package benchmark

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"reflect"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"

	"github.com/ktzip/ktzip/cmd/internal/pairs"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/files"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/job"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/slots"
)

// A Draw says which pairs are drawn, and where to. It is plain data, which every worker gets.
type Draw struct {
	Pairs
	Output  string // the folder of the files
	Mode    Mode
	Workers int // what each process works on at a time; 0: one per core
}

// Pairs are those of a run: the same ones are in the same files.
type Pairs struct {
	Options pairs.Options `json:"options"`
	Count   uint64        `json:"count"`  // pairs
	Shards  uint64        `json:"shards"` // files; 0 for one per shardBatches
}

const (
	// shardBatches is how many batches a shard has by default: some seconds' work.
	shardBatches = 20
	// maxShards is how many shards have names of one length, which sort as their numbers.
	maxShards = 100_000
	// maxCount is how many pairs a seed has: pairs.Drawer numbers its batches by 32 bits.
	maxCount = pairs.BatchPairs << 32
)

// Check sets Shards if it is 0, and returns an error that names the flag if a value is wrong.
func (d *Draw) Check() error {
	if d.Count < 1 || d.Count > maxCount {
		return fmt.Errorf("--count %d: must be 1 to %d", d.Count, uint64(maxCount))
	}
	if most := min(d.batches(), maxShards); d.Shards > most {
		return fmt.Errorf("--shards %d: must be at most %d, one per %d pairs", d.Shards, most, pairs.BatchPairs)
	}
	if d.Shards == 0 {
		d.Shards = min((d.batches()+shardBatches-1)/shardBatches, maxShards)
	}
	if err := d.Mode.Check(); err != nil {
		return err
	}
	if len(d.Options.Real) > 0 {
		return errors.New("--real is for ktgen only: workers do not have the files")
	}
	return d.Options.Check()
}

// batches returns the number of batches of all pairs.
func (d *Pairs) batches() uint64 { return (d.Count + pairs.BatchPairs - 1) / pairs.BatchPairs }

// Begin makes the output folder that of d, as its Mode allows. Call it before the pipeline runs.
func (d *Draw) Begin(ctx context.Context) error {
	r := run{options: files.Join(d.Output, optionsOfPairs), outputs: files.Join(files.Escape(d.Output), "pairs-*-of-*")}
	return r.begin(ctx, d.Mode, &d.Pairs)
}

// optionsOfPairs is the name of the file with the options of the pairs in a folder. Match leaves it
// out, so that the folder has nothing but pairs for those who read all of it.
const optionsOfPairs = files.TemporaryPrefix + "options.json"

// A Shard is a range of batches.
type Shard struct {
	Index      uint64
	First, End uint64 // batches; First <= k < End
}

// shard returns the shard of a number.
func (d *Pairs) shard(i uint64) Shard {
	return Shard{Index: i, First: i * d.batches() / d.Shards, End: (i + 1) * d.batches() / d.Shards}
}

// path returns the path of the file of a shard.
func (d *Draw) path(i uint64) string {
	suffix := "jsonl"
	if d.Options.Packed {
		suffix = "packed"
	}
	return files.Join(d.Output, fmt.Sprintf("pairs-%05d-of-%05d.%s", i, d.Shards, suffix))
}

// Details are those of the Result of a shard.
type Details struct {
	Kept bool `json:"kept,omitempty"` // the file was there
}

// kept returns the Result of a shard whose output was there, of some bytes.
func kept(path string, size int64) job.Result {
	text, err := json.Marshal(Details{Kept: true})
	if err != nil {
		panic(err) // can't be
	}
	return job.Result{Path: path, Out: size, Details: text}
}

func init() {
	for _, t := range []reflect.Type{reflect.TypeFor[Shard](), reflect.TypeFor[*shards](), reflect.TypeFor[*draw]()} {
		beam.RegisterType(t)
	}
}

// Generate adds the pipeline to s, and returns the lines of its results: one per shard.
func Generate(s beam.Scope, d *Draw) beam.PCollection {
	all := beam.ParDo(s.Scope("shards"), &shards{*d}, beam.Impulse(s))
	return beam.ParDo(s.Scope("draw"), &draw{Draw: *d}, beam.Reshuffle(s, all))
}

// shards emits the shards.
type shards struct{ Draw }

// ProcessElement emits all shards.
func (d *shards) ProcessElement(_ []byte, emit func(Shard)) {
	for i := range d.Shards {
		emit(d.shard(i))
	}
}

// draw writes the files of shards.
type draw struct {
	Draw
	drawer *pairs.Drawer
	bundle *slots.Bundle[job.Result]
}

// StartBundle begins a bundle.
func (d *draw) StartBundle(context.Context, func(string)) (err error) {
	d.bundle = new(slots.Bundle[job.Result])
	d.drawer, err = pairs.NewDrawer(&d.Options, nil)
	return err
}

// ProcessElement writes the file of a shard.
func (d *draw) ProcessElement(ctx context.Context, s Shard, results func(string)) {
	drawer := d.drawer
	d.bundle.Start(d.Workers, func() job.Result {
		return job.Of(d.path(s.Index), func(r *job.Result) error { return d.Draw.write(ctx, drawer, s, r) })
	})
	job.Emit(ctx, d.bundle.Done(), results)
}

// FinishBundle waits for all shards of the bundle.
func (d *draw) FinishBundle(ctx context.Context, results func(string)) {
	job.Emit(ctx, d.bundle.Wait(), results)
}

// write writes the file of a shard. It replaces one that is there: Begin found that it may, or an earlier
// attempt wrote the same.
func (d *Draw) write(ctx context.Context, drawer *pairs.Drawer, s Shard, r *job.Result) error {
	path := d.path(s.Index)
	if d.Mode.Resume {
		info, err := files.Stat(ctx, path)
		if err == nil {
			*r = kept(path, info.Size)
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	out, err := files.Create(ctx, path, true)
	if err != nil {
		return err
	}
	defer out.Abandon() // nothing after Commit
	for k := s.First; k < s.End; k++ {
		b, err := drawer.Batch(ctx, k, int(min(pairs.BatchPairs, d.Count-k*pairs.BatchPairs)))
		if err != nil {
			return err
		}
		if _, err := out.Write(b); err != nil {
			return err
		}
		r.Out += int64(len(b))
	}
	return out.Commit(files.Attributes{})
}
