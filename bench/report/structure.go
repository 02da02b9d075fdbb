package main

import (
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"github.com/ktzip/ktzip/bench"
	"github.com/ktzip/ktzip/bench/internal/near"
	"github.com/ktzip/ktzip/dsl"
)

const (
	structureBlock = 128 // bytes, as the paper's sequences of natural data
	rawBits        = 8 * structureBlock
	structureTake  = 2000 // blocks of a file, evenly spread
	controlTake    = 500  // blocks of a control, as many as tell 1 % from 2 %
	structureSeed  = 26   // of shuffles, noise and planted errors (arbitrary)
)

// structureErrors are the bounds on errors of the table.
var structureErrors = [...]int{0, 1, 2, 4, 8, 16, 32}

// A tally sums up the near programs of blocks.
type tally struct {
	name               string
	blocks             int
	pay                [len(structureErrors)]int // blocks with a program below raw, by bound
	threeQuarter, half int                       // of the last bound: blocks at most this share of raw
	belowDeflate       int
	errors             int                           // of programs that pay
	bits               [len(structureErrors)]float64 // raw where no program pays
	deflate            float64                       // bits, raw where that is no longer
	operations         map[dsl.Op]int                // programs that pay and have it
}

// count adds what was found for a block.
func (t *tally) count(block []byte, found []near.Match) error {
	const flag = 1 // bit that says if there is a program
	t.blocks++
	for i, k := range structureErrors {
		total := near.AtMost(found, k).Total()
		if total < rawBits {
			t.pay[i]++
		}
		t.bits[i] += flag + min(total, rawBits)
	}
	best := near.AtMost(found, structureErrors[len(structureErrors)-1])
	deflated, err := deflateBits(block)
	if err != nil {
		return err
	}
	t.deflate += flag + min(deflated, rawBits)
	total := best.Total()
	if total >= rawBits {
		return nil
	}
	t.errors += best.Errors
	if total < deflated {
		t.belowDeflate++
	}
	if total <= rawBits*3/4 {
		t.threeQuarter++
	}
	if total <= rawBits/2 {
		t.half++
	}
	seen := map[dsl.Op]bool{}
	for _, n := range best.Program.Nodes {
		if !seen[n.Op] {
			seen[n.Op] = true
			t.operations[n.Op]++
		}
	}
	return nil
}

// deflateBits returns the bits of a block deflated by itself, without a header.
func deflateBits(block []byte) (float64, error) {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		return 0, err
	}
	_, err = w.Write(block)
	err = errors.Join(err, w.Close())
	return float64(8 * b.Len()), err
}

// evenly returns up to n blocks of data, evenly spread.
func evenly(data []byte, n int) (blocks [][]byte) {
	all := len(data) / structureBlock
	n = min(n, all)
	for k := range n {
		blocks = append(blocks, data[k*all/n*structureBlock:][:structureBlock])
	}
	return blocks
}

// shuffled returns blocks with the bytes of each in random order: what is left of their
// programs is due to how often bytes occur, not to their order.
func shuffled(blocks [][]byte) (list [][]byte) {
	r := rand.New(rand.NewPCG(structureSeed, 0))
	for _, block := range blocks {
		block = bytes.Clone(block)
		r.Shuffle(len(block), func(i, j int) { block[i], block[j] = block[j], block[i] })
		list = append(list, block)
	}
	return list
}

// noise returns n random bytes.
func noise(n int) []byte {
	r := rand.New(rand.NewPCG(structureSeed, 1))
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(r.Uint32())
	}
	return data
}

// kolmogorovFiles returns the files of the KoLMogorov Test, named without folder.
func (l *lab) kolmogorovFiles() (list []bench.File, err error) {
	files, err := l.files()
	for _, f := range files {
		if name, ok := strings.CutPrefix(f.Name, "kt/"); ok {
			f.Name = strings.TrimSuffix(name, ".bin")
			list = append(list, f)
		}
	}
	if err == nil && len(list) == 0 {
		err = errNoFiles
	}
	return list, err
}

// structure says which blocks of the KoLMogorov Test's files have programs within some
// errors or some distance, what is in these, and what plans find in the files.
func structure(l *lab) error {
	files, err := l.kolmogorovFiles()
	if err != nil {
		return err
	}
	var real, controls []*tally
	for _, f := range files {
		t, err := tallyOf(f.Name, evenly(f.Data, l.fewer(structureTake)))
		if err != nil {
			return err
		}
		c, err := tallyOf(f.Name+", shuffled", shuffled(evenly(f.Data, l.fewer(controlTake))))
		if err != nil {
			return err
		}
		real, controls = append(real, t), append(controls, c)
	}
	c, err := tallyOf("random bytes", evenly(noise(controlTake*structureBlock), l.fewer(controlTake)))
	if err != nil {
		return err
	}
	return errors.Join(
		l.publish(sharesTable(append(append([]*tally(nil), real...), append(controls, c)...)), "structure", kolmogorovPage),
		l.publish(operationsTable(real), "structure-operations", kolmogorovPage),
		l.draw(sharesPlot(real)),
		planted(l), within(l, files), structurePlans(l, files))
}

func tallyOf(name string, blocks [][]byte) (*tally, error) {
	t := &tally{name: name, operations: map[dsl.Op]int{}}
	f := near.New()
	for _, block := range blocks {
		found, err := f.Errors(block)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if err := t.count(block, found); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// inPercent prints a share of blocks.
func inPercent(part, all int) string {
	if part == 0 || all == 0 {
		return "0"
	}
	return fmt.Sprintf("%.1f", 100*float64(part)/float64(all))
}

// sharesTable says which blocks have a program that pays, by the errors it may make.
func sharesTable(list []*tally) *table {
	head := []string{"data", "blocks"}
	for _, k := range structureErrors {
		head = append(head, fmt.Sprintf("k ≤ %d, %%", k))
	}
	t := newTable(append(head, "errors, mean", "≤ 3/4 of raw, %", "≤ 1/2, %", "below deflate, %", "rate, exact", "rate, k ≤ 32", "rate, deflate")...)
	for _, y := range list {
		row := []any{y.name, y.blocks}
		for _, n := range y.pay {
			row = append(row, inPercent(n, y.blocks))
		}
		last, all := len(y.pay)-1, float64(y.blocks*rawBits)
		mean := ""
		if n := y.pay[last]; n > 0 {
			mean = fmt.Sprintf("%.1f", float64(y.errors)/float64(n))
		}
		t.add(append(row, mean, inPercent(y.threeQuarter, y.blocks), inPercent(y.half, y.blocks), inPercent(y.belowDeflate, y.blocks),
			fmt.Sprintf("%.3f", y.bits[0]/all), fmt.Sprintf("%.3f", y.bits[last]/all), fmt.Sprintf("%.3f", y.deflate/all))...)
	}
	return t
}

// operationsTable says which operations occur in the programs that pay.
func operationsTable(list []*tally) *table {
	head := []string{"operation"}
	for _, y := range list {
		head = append(head, y.name+", %")
	}
	t := newTable(head...)
	for op := dsl.SetList; op <= dsl.Interleave; op++ {
		row, any := []any{"`" + op.String() + "`"}, false
		for _, y := range list {
			row = append(row, inPercent(y.operations[op], y.pay[len(y.pay)-1]))
			any = any || y.operations[op] > 0
		}
		if any {
			t.add(row...)
		}
	}
	return t
}

// sharesPlot draws the shares of blocks with a program that pays, by the errors it may make;
// but for synthetic.bin, most of whose blocks have one without errors.
func sharesPlot(list []*tally) plot {
	p := plot{path: "bench/structure.png"}
	for _, k := range structureErrors {
		p.budgets = append(p.budgets, math.Log2(float64(k+1)))
		p.labels = append(p.labels, fmt.Sprintf("k ≤ %d", k))
	}
	for _, y := range list {
		if y.name == "synthetic" {
			continue
		}
		c := curve{name: y.name}
		for _, n := range y.pay {
			c.rates = append(c.rates, float64(n)/float64(y.blocks))
		}
		p.curves = append(p.curves, c)
	}
	return p
}
