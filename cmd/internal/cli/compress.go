package cli

import (
	"fmt"
	"time"
)

// compress compresses s.
func (a *app) compress(s *source) error {
	began := time.Now()
	out, err := a.create(s, s.path+suffix)
	if err != nil {
		return err
	}
	defer out.abandon()
	in, err := inputOf(s)
	if err != nil {
		return err
	}
	m := a.meter(s.name, in.told)
	defer m.stop()

	cfg := a.opt.writerConfig()
	cfg.Context = a.ctx
	cfg.Finder = a.finder
	if a.Planner != nil {
		cfg.Planner = a.Planner(cfg.Level)
	}
	in.data = m.reader(in.data)
	n, err := in.compress(m.writer(out), out, *cfg)
	if err != nil {
		return err
	}
	m.stop()
	a.trouble()
	if err := out.commit(sourceAttributes(s)); err != nil {
		return err
	}
	if in.changed(n) {
		text := fmt.Sprintf("its size changed while it was read: %s, not %d", count(n, "byte"), in.told)
		if out.direct && in.header.HasSize && n < in.header.Size {
			text += "; NULs stand for the rest"
		}
		a.warn(s.name, text)
	} else {
		a.removeSource(s, out)
	}
	return a.finished(s, out, n, out.size, time.Since(began))
}

// trouble says once what the finder went on without.
func (a *app) trouble() {
	f, ok := a.finder.(interface{ Trouble() error })
	if !ok || a.troubled || f.Trouble() == nil {
		return
	}
	a.troubled = true
	a.warn("", f.Trouble().Error()+"; the processor took over")
}

// finished reports what became of s, whose input had in bytes and whose output
// out.
func (a *app) finished(s *source, o *output, in, out int64, took time.Duration) error {
	return a.finishedSalvage(s, o, in, out, took, nil)
}

// finishedSalvage does so where s was salvaged, if it was.
func (a *app) finishedSalvage(s *source, o *output, in, out int64, took time.Duration, salvaged *salvageJSON) error {
	original, compressed := in, out
	if a.opt.mode != compressing {
		original, compressed = out, in
	}
	if a.opt.json {
		return a.printJSON(o != nil && o.direct && o.file == a.stdout, &workJSON{
			Name: s.name, Output: outputName(o), Action: a.opt.mode.String(),
			Original: original, Compressed: compressed, Ratio: ratio(compressed, original),
			Seconds: took.Seconds(), Salvage: salvaged,
		})
	}
	if a.opt.verbose {
		text := fmt.Sprintf("%d -> %d bytes, ratio %s", in, out, ratioText(compressed, original))
		if o == nil {
			text += ", restores well"
		} else {
			text += ", " + printable(o.name)
		}
		fmt.Fprintf(a.stderr, "%s: %s\n", printable(s.name), text)
	}
	return nil
}

func outputName(o *output) string {
	if o == nil {
		return ""
	}
	return o.name
}

func (m mode) String() string {
	return [...]string{"compress", "restore", "test", "list", "explain"}[m]
}
