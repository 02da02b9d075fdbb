package baseline

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
)

// A baseline is a coder to compare with.
type baseline struct {
	name  string
	rates []string // names of what a coder returns
	// open returns what makes a coder for a file. Its coder gives up soon after the context is done.
	open func(*Options) (func(context.Context) coder, error)
}

// A coder measures what it makes of sequences.
type coder interface {
	// add adds a sequence, which it does not keep.
	add(sequence []byte) error
	// end returns the bits of all sequences, one number per rate. No more may be added.
	end() ([]float64, error)
	// close ends what is under way. It is called once, after end or without it.
	close()
}

// baselines lists all, in the order in which their rates are printed.
var baselines = []baseline{
	{"gzip", []string{"gzip_each", "gzip_joined", "gzip_joined_bytes"}, openGzip},
	{"order2", []string{"order2_each", "order2_joined"}, openOrder2},
	{"lmic", []string{"lmic_each", "lmic_with_weights"}, openLMIC},
}

// Names returns the names of all baselines.
func Names() (names []string) {
	for _, b := range baselines {
		names = append(names, b.name)
	}
	return names
}

// choose returns the baselines of names. An unknown name, or none at all, is an error.
func choose(names []string) (chosen []*baseline, err error) {
	if len(names) == 0 {
		return nil, fmt.Errorf("must be some of %s", strings.Join(Names(), ", "))
	}
	for _, name := range names {
		i := slices.IndexFunc(baselines, func(b baseline) bool { return b.name == name })
		if i < 0 {
			return nil, fmt.Errorf("%q is unknown: must be some of %s", name, strings.Join(Names(), ", "))
		}
		chosen = append(chosen, &baselines[i])
	}
	return chosen, nil
}

// Check returns an error if there are no names or one is unknown.
func Check(names []string) error {
	_, err := choose(names)
	return err
}

// Options say what the coders run on. None of them changes a rate but Model, and Device a little: sums of
// floating-point numbers depend on their order.
type Options struct {
	Model   string // a file of weights; "" for the built-in ones
	Device  string // that the model runs on
	Threads int    // at least 1
}

// A Set is coders to compare with. Use New.
type Set struct {
	chosen []*baseline
	coders []func(context.Context) coder
}

// New returns the Set of names. It opens the model if one of them needs it. The error is that of
// Check, or says why there is no coder.
func New(names []string, opt *Options) (*Set, error) {
	chosen, err := choose(names)
	if err != nil {
		return nil, err
	}
	s := &Set{chosen: chosen}
	for _, b := range s.chosen {
		newCoder, err := b.open(opt)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", b.name, err)
		}
		s.coders = append(s.coders, newCoder)
	}
	return s, nil
}

// Rates are those of a file.
type Rates struct {
	File      string             `json:"file"`
	Sequences int                `json:"sequences"`
	Bytes     int                `json:"bytes"` // of all sequences
	Rates     map[string]float64 `json:"rates"` // by name
	names     []string           // of Rates, in order
}

// Rates returns the rates of sequences, of a file called name. A sequence has at least one byte. The error is
// that of ctx, of the sequences, or of a model; there must be a sequence.
func (s *Set) Rates(ctx context.Context, name string, sequences iter.Seq2[[]byte, error]) (*Rates, error) {
	r := &Rates{File: name, Rates: map[string]float64{}}
	var coders []coder
	for _, newCoder := range s.coders {
		c := newCoder(ctx)
		defer c.close()
		coders = append(coders, c)
	}
	for sequence, err := range sequences {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, err
		}
		r.Sequences++
		r.Bytes += len(sequence)
		for _, c := range coders {
			if err := c.add(sequence); err != nil {
				return nil, err
			}
		}
	}
	if r.Bytes == 0 {
		return nil, fmt.Errorf("%s: no sequences", name)
	}
	for i, c := range coders {
		bits, err := c.end()
		if err != nil {
			return nil, err
		}
		for k, rate := range s.chosen[i].rates {
			r.Rates[rate] = bits[k] / (8 * float64(r.Bytes))
			r.names = append(r.names, rate)
		}
	}
	return r, nil
}

// Print writes r for people.
func (r *Rates) Print(out io.Writer) error {
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, "%s: %d sequences, %d bytes\n", r.File, r.Sequences, r.Bytes)
	for _, name := range r.names {
		fmt.Fprintf(w, "  %-28s %.4f\n", strings.ReplaceAll(name, "_", " "), r.Rates[name])
	}
	return w.Flush()
}
