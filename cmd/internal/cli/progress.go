package cli

import (
	"fmt"
	"io"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// A meter counts the bytes of one file's work, and shows them in a progress bar
// where somebody is there to see it.
type meter struct {
	in, out atomic.Int64 // bytes read and written
	once    sync.Once
	ended   chan struct{} // nil: no bar
	cleared chan struct{}
}

const (
	barDelay = time.Second
	barPace  = 150 * time.Millisecond
)

// meter starts a meter for total bytes of input; -1: unknown. It is to be
// stopped.
func (a *app) meter(name string, total int64) *meter {
	m := &meter{}
	if a.opt.quiet || a.opt.noProgress || !terminal(a.stderr) {
		return m
	}
	width, _, err := term.GetSize(int(a.stderr.Fd()))
	if err != nil {
		width = 80
	}
	m.ended, m.cleared = make(chan struct{}), make(chan struct{})
	go m.show(a, name, total, width)
	return m
}

// show draws the bar until the meter is stopped.
func (m *meter) show(a *app, name string, total int64, width int) {
	defer close(m.cleared)
	select {
	case <-m.ended:
		return
	case <-time.After(barDelay):
	}
	const rest = 70 // columns beside the name
	name = shorten(printable(filepath.Base(name)), max(8, width-rest-8))
	describe := func() string {
		in, out := m.in.Load(), m.out.Load()
		if a.opt.mode != compressing {
			in, out = out, in
		}
		text := fmt.Sprintf("%s ratio %s", name, ratioText(out, in))
		if f, ok := a.finder.(interface {
			Blocks() (queued, settled int64)
		}); ok {
			queued, settled := f.Blocks()
			text += fmt.Sprintf(", %d of %d blocks searched", settled, queued)
		}
		return text
	}
	bar := progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(a.stderr),
		progressbar.OptionShowBytes(true),
		progressbar.OptionUseIECUnits(true),
		progressbar.OptionShowCount(),
		progressbar.OptionSetWidth(max(5, min(20, width-rest-len(name)))),
		progressbar.OptionSetDescription(describe()),
		progressbar.OptionClearOnFinish(),
	)
	tick := time.NewTicker(barPace)
	defer tick.Stop()
	for shown := int64(-1); ; {
		// A bar that is full ends itself: it stays a byte short of that.
		now := m.in.Load()
		if total > 0 {
			now = min(now, total-1)
		}
		bar.Describe(describe())
		if now != shown { // input is taken in bursts; the bar divides them by the time between
			bar.Set64(now)
			shown = now
		}
		select {
		case <-m.ended:
			bar.Clear()
			return
		case <-tick.C:
		}
	}
}

// stop removes the bar.
func (m *meter) stop() {
	if m.ended == nil {
		return
	}
	m.once.Do(func() { close(m.ended) })
	<-m.cleared
}

// reader counts what is read from r.
func (m *meter) reader(r io.Reader) io.Reader { return &meteredReader{r, &m.in} }

// writer counts what is written to w.
func (m *meter) writer(w io.Writer) io.Writer { return &meteredWriter{w, &m.out} }

type meteredReader struct {
	r io.Reader
	n *atomic.Int64
}

func (r *meteredReader) Read(b []byte) (int, error) {
	n, err := r.r.Read(b)
	r.n.Add(int64(n))
	return n, err
}

type meteredWriter struct {
	w io.Writer
	n *atomic.Int64
}

func (w *meteredWriter) Write(b []byte) (int, error) {
	n, err := w.w.Write(b)
	w.n.Add(int64(n))
	return n, err
}

// shorten cuts the middle out of a name of more than n characters.
func shorten(name string, n int) string {
	r := []rune(name)
	if len(r) <= n {
		return name
	}
	return string(r[:n/2]) + "…" + string(r[len(r)-(n-n/2-1):])
}
