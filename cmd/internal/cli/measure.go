package cli

import (
	"bufio"
	"bytes"
	"fmt"
	"io"

	"github.com/ktzip/ktzip/cmd/internal/describe"
)

// maxMeasured is how many bytes of a file -b measures, since they and what they are compressed to are in
// memory. Arbitrary.
const maxMeasured = 256 << 20

// The levels that -b measures if none is given: with predictors fewer, since they are slow.
var (
	benchLevels    = []int{1, 6, 9}
	benchMixLevels = []int{6, 9}
)

// A bench is what -b measures with, and what it measured so far.
type bench struct {
	candidates []Candidate
	files      int64
	bytes      int64 // of the files
	sums       []methodSum
}

// A methodSum sums up what a method made of several files.
type methodSum struct {
	name              string
	bytes             int64
	compress, restore float64 // seconds
}

// A measureJSON tells what -b measured.
type measureJSON struct {
	Name      string            `json:"name"`
	NameBytes []byte            `json:"name_base64,omitempty"` // if that is not UTF-8
	Original  int64             `json:"original"`              // bytes that were measured
	Cut       bool              `json:"cut,omitempty"`         // the file has more
	Methods   []describe.Method `json:"methods"`
}

// candidates returns the levels to measure, without and, with --mix, with predictors.
func (a *app) candidates() (list []Candidate, err error) {
	add := func(mix bool, levels []int) {
		if len(a.opt.levels) > 0 {
			levels = a.opt.levels
		}
		for _, level := range levels {
			o := *a.opt
			o.Search.Level, o.mix = level, mix
			c := Candidate{Name: fmt.Sprintf("ktzip -%d", level)}
			if mix {
				c.Name += " --mix"
			}
			found := a.config
			if a.Search != nil && err == nil {
				cfg, _, e := a.Search(o.Search)
				if err = e; e == nil {
					found = *cfg
				}
			}
			c.Config = a.configFor(&o, found)
			list = append(list, c)
		}
	}
	add(false, benchLevels)
	if a.opt.mix {
		add(true, benchMixLevels)
	}
	return list, err
}

// measure prints what levels and other compressors make of s.
func (v *Views) measure(a *app, s *source) error {
	b := &a.bench
	if b.candidates == nil {
		list, err := a.candidates()
		if err != nil {
			return err
		}
		b.candidates = list
	}
	data, cut, err := atMost(s.file, s.size(), maxMeasured)
	if err != nil {
		return err
	}
	m := a.meter(s.name, -1)
	defer m.stop()
	methods, err := v.Compare(a.ctx, data, b.candidates, m.step)
	if err != nil {
		return err
	}
	m.stop()
	b.add(int64(len(data)), methods)
	if a.opt.json {
		return a.printJSON(false, &measureJSON{
			Name: s.name, NameBytes: describe.NameBytes(s.name), Original: int64(len(data)), Cut: cut, Methods: methods,
		})
	}
	return a.report(func(w *bufio.Writer) {
		what := count(int64(len(data)), "byte")
		if cut {
			what = "the first " + what + " alone"
		}
		fmt.Fprintf(w, "%s: %s\n", printable(s.name), what)
		printMethods(w, int64(len(data)), methods)
	})
}

// atMost returns the bytes of r, of which the system tells that there are size, -1 if unknown; if there are
// more than most, the first ones, and that it cut the others off.
func atMost(r io.Reader, size, most int64) (data []byte, cut bool, err error) {
	var b bytes.Buffer
	b.Grow(int(min(max(size, 0), most)) + bytes.MinRead)
	n, err := b.ReadFrom(io.LimitReader(r, most+1))
	return b.Bytes()[:min(n, most)], n > most, err
}

// add adds what the methods made of a file of size bytes.
func (b *bench) add(size int64, methods []describe.Method) {
	b.files++
	b.bytes += size
	if b.sums == nil {
		b.sums = make([]methodSum, len(methods))
	}
	for i := range methods {
		m, sum := &methods[i], &b.sums[i]
		sum.name = m.Name
		sum.bytes += m.Bytes
		sum.compress += per(size, m.Compress)
		sum.restore += per(size, m.Restore)
	}
}

// per returns size / x: from a speed the seconds that size bytes take, and from these the speed. It is 0 if x is 0,
// which stands for unknown.
func per(size int64, x float64) float64 {
	if x == 0 {
		return 0
	}
	return float64(size) / x
}

// measureTotals prints what was measured of all files together, if there are several.
func (v *Views) measureTotals(a *app) {
	b := &a.bench
	if b.files < 2 || a.opt.json {
		return
	}
	var methods []describe.Method
	for _, s := range b.sums {
		methods = append(methods, describe.Method{
			Name: s.name, Bytes: s.bytes, Compress: per(b.bytes, s.compress), Restore: per(b.bytes, s.restore),
		})
	}
	err := a.report(func(w *bufio.Writer) {
		fmt.Fprintf(w, "%s: %s\n", count(b.files, "file"), count(b.bytes, "byte"))
		printMethods(w, b.bytes, methods)
	})
	if err != nil {
		a.fail("", err)
	}
}

// printMethods prints a table of what the methods made of size bytes.
func printMethods(w *bufio.Writer, size int64, methods []describe.Method) {
	fmt.Fprintf(w, "  %-14s %12s  %5s  %12s  %12s\n", "method", "bytes", "ratio", "compress", "restore")
	for i := range methods {
		m := &methods[i]
		fmt.Fprintf(w, "  %-14s %12d  %5s  %12s  %12s\n", m.Name, m.Bytes, describe.RatioText(m.Bytes, size), speedText(m.Compress), speedText(m.Restore))
	}
}

// speedText returns a number of bytes a second; - if it is 0.
func speedText(speed float64) string {
	switch {
	case speed == 0:
		return "-"
	case speed < 100e3:
		return fmt.Sprintf("%.2f kB/s", speed/1e3)
	case speed < 10e6:
		return fmt.Sprintf("%.2f MB/s", speed/1e6)
	}
	return fmt.Sprintf("%.0f MB/s", speed/1e6)
}
