package cli

import "fmt"

// compress compresses s.
func (a *app) compress(s *source) error {
	j, err := a.jobTo(s, s.path+a.opt.suffix)
	if err != nil {
		return err
	}
	defer j.close()
	in, err := a.inputOf(s)
	if err != nil {
		return err
	}
	in.data = j.meter.reader(in.data)
	n, err := in.compress(j.meter.writer(j.out), j.out, a.writerConfig())
	if err != nil {
		return err
	}
	j.meter.stop()
	a.warnOfSearch()
	if err := j.commit(sourceAttributes(s)); err != nil {
		return err
	}
	if in.changed(n) {
		text := fmt.Sprintf("its size changed while it was read: %s, not %d", count(n, "byte"), in.told)
		if j.out.direct && in.header.HasSize && n < in.header.Size {
			text += "; NULs stand for the missing bytes"
		}
		a.warn(s.name, text)
	} else {
		a.removeSource(s, j.out)
	}
	return j.report(n, j.out.size, nil)
}

// warnOfSearch warns, once, if the search had to give up its device.
func (a *app) warnOfSearch() {
	if a.warned || a.notes.Err == nil {
		return
	}
	if err := a.notes.Err(); err != nil {
		a.warned = true
		a.warn("", err.Error()+"; the processor took over")
	}
}
