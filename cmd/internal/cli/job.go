package cli

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/ktzip/ktzip/cmd/internal/describe"
)

// A job is the work on one file, except for listing and explaining.
type job struct {
	app    *app
	source *source
	out    *output // nil if the mode writes no file
	meter  *meter
	began  time.Time
}

// job starts a job that writes nothing. The caller must close it.
func (a *app) job(s *source) *job {
	return &job{app: a, source: s, meter: a.meter(s.name, s.size()), began: time.Now()}
}

// jobTo starts a job that writes an output, which is called name unless an option says
// otherwise. The caller must close it.
func (a *app) jobTo(s *source, name string) (*job, error) {
	name, err := a.place(s, name)
	if err != nil {
		return nil, err
	}
	out, err := a.create(s, name)
	if err != nil {
		return nil, err
	}
	j := a.job(s)
	j.out = out
	return j, nil
}

// commit completes the output.
func (j *job) commit(at attributes) error {
	j.meter.stop()
	return j.out.commit(at)
}

// close ends the job. An output that is not complete is removed.
func (j *job) close() {
	j.meter.stop()
	if j.out != nil {
		j.out.abandon()
	}
}

// report tells what became of the source with -v or --json: in bytes were read and out
// bytes written. salvaged is nil unless the file was salvaged.
func (j *job) report(in, out int64, salvaged *salvageJSON) error {
	a, s := j.app, j.source
	original, compressed := out, in
	if a.opt.mode == compressing {
		original, compressed = in, out
	}
	output := ""
	if j.out != nil {
		output = j.out.name
	}
	if a.opt.json {
		taken := j.out != nil && j.out.direct && j.out.file == a.stdout
		return a.printJSON(taken, &workJSON{
			Name: s.name, NameBytes: describe.NameBytes(s.name), Action: a.opt.mode.String(),
			Output: output, OutBytes: describe.NameBytes(output),
			Original: original, Compressed: compressed, Ratio: describe.Ratio(compressed, original),
			Seconds: time.Since(j.began).Seconds(), Salvage: salvaged,
		})
	}
	if a.opt.verbose {
		what := "restores well"
		if j.out != nil {
			what = printable(output)
		}
		fmt.Fprintf(a.stderr, "%s: %d -> %d bytes, ratio %s, %s\n", printable(s.name), in, out, describe.RatioText(compressed, original), what)
	}
	return nil
}

// The objects that --json prints, one per line, are those of package describe and these.

// A workJSON tells what a job did: compress, restore or test.
type workJSON struct {
	Name       string       `json:"name"`                    // of the input
	NameBytes  []byte       `json:"name_base64,omitempty"`   // if that is not UTF-8
	Output     string       `json:"output,omitempty"`        // absent after testing
	OutBytes   []byte       `json:"output_base64,omitempty"` // if that is not UTF-8
	Action     string       `json:"action"`                  // "compress", "restore" or "test"
	Original   int64        `json:"original"`
	Compressed int64        `json:"compressed"`
	Ratio      *float64     `json:"ratio"`
	Seconds    float64      `json:"seconds"`
	Salvage    *salvageJSON `json:"salvage,omitempty"` // with --salvage
}

// printJSON prints v on a line of standard output, or of standard error if standard output
// is taken by data.
func (a *app) printJSON(taken bool, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	b = append(b, '\n')
	if taken {
		_, err = a.stderr.Write(b)
		return err
	}
	if _, err = a.stdout.Write(b); err != nil {
		return &outputError{stdoutName, err}
	}
	return nil
}
