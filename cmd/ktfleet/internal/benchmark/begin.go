package benchmark

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"github.com/ktzip/ktzip/cmd/ktfleet/internal/files"
)

// A Mode says what to do with what an earlier run left in the output folder.
type Mode struct {
	Resume bool // keep its files, if it had the same options
	Force  bool // remove its files
}

// Check returns an error if m contradicts itself.
func (m Mode) Check() error {
	if m.Resume && m.Force {
		return errors.New("--resume and --force can't be combined")
	}
	return nil
}

// A run is what may be in an output folder.
type run struct {
	options string // the path of the file with the options
	outputs string // the pattern of its other files
}

// maxOptions is the most bytes of a file of options; those that are written have some hundreds.
const maxOptions = 1 << 20

// begin writes the options, or keeps the same ones of an earlier run. It returns an error if the
// mode allows neither. If it is interrupted, the old options stay with what is left of their files.
func (r *run) begin(ctx context.Context, m Mode, options any) error {
	text, err := json.MarshalIndent(options, "", "  ")
	if err != nil {
		return err
	}
	text = append(text, '\n')
	old, err := files.ReadFile(ctx, r.options, maxOptions)
	if errors.Is(err, fs.ErrNotExist) {
		old, err = nil, nil
	}
	if err != nil {
		return err
	}
	found, err := files.Match(ctx, r.outputs)
	if err != nil && !errors.Is(err, files.ErrNoMatch) && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	switch {
	case old == nil && len(found) == 0:
	case m.Force:
		for _, f := range found {
			if err := files.Remove(ctx, f.Path); err != nil {
				return err
			}
		}
	case old == nil:
		return fmt.Errorf("%s exists already, and no %s says of what; --force removes it", found[0].Path, r.options)
	case !m.Resume:
		return fmt.Errorf("%s is of an earlier run; --resume continues that, --force removes its files", r.options)
	case !bytes.Equal(old, text):
		return fmt.Errorf("the options or the input differ from those of %s; --force begins anew", r.options)
	default:
		return nil
	}
	return files.WriteFile(ctx, r.options, text, true)
}
