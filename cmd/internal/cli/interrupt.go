package cli

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// A temporary is the unfinished output of the moment, if any. A signal removes
// it.
type temporary struct {
	mu    sync.Mutex
	path  string
	ended bool // a signal came: there will be no more of them
}

// create makes the file at path, which must not exist, and remembers it.
func (t *temporary) create(path string, perm os.FileMode) (*os.File, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended {
		return nil, errInterrupted
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
	if err == nil {
		t.path = path
	}
	return f, err
}

// forget is called when there is nothing to remove any more.
func (t *temporary) forget() {
	t.mu.Lock()
	t.path = ""
	t.mu.Unlock()
}

// remove removes what there is.
func (t *temporary) remove() {
	t.mu.Lock()
	if t.path != "" {
		os.Remove(t.path)
		t.path = ""
	}
	t.mu.Unlock()
}

// end removes what there is, for good.
func (t *temporary) end() {
	t.mu.Lock()
	t.ended = true
	t.mu.Unlock()
	t.remove()
}

// grace is how long the work may take to end after a signal. Reading a pipe
// that says nothing takes for ever.
const grace = 300 * time.Millisecond

var errInterrupted = errors.New("interrupted")

// catch returns a context that ends with the first signal. The process dies of
// that signal, as shells expect, once stop is called or the time of grace is
// over, and leaves no unfinished output. Without a signal stop does nothing.
func (t *temporary) catch(ctx context.Context) (_ context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	signals := make(chan os.Signal, 2)
	for _, s := range endings {
		if !signal.Ignored(s) {
			signal.Notify(signals, s)
		}
	}
	ended, dead := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(dead)
		select {
		case s := <-signals:
			cancel(errInterrupted)
			select {
			case <-ended:
			case <-signals:
			case <-time.After(grace):
			}
			t.end()
			die(s)
		case <-ended:
		}
	}()
	return ctx, func() {
		close(ended)
		<-dead
		signal.Stop(signals)
		cancel(nil)
	}
}

// die ends the process by s, or by an exit code where that can't be.
func die(s os.Signal) {
	if s == syscall.SIGQUIT {
		// The runtime answers it with a dump of all goroutines and the exit code of a
		// warning. This is the code that shells give to those who died of it.
		os.Exit(128 + int(syscall.SIGQUIT))
	}
	signal.Reset(s)
	if p, err := os.FindProcess(os.Getpid()); err == nil && p.Signal(s) == nil {
		time.Sleep(time.Second) // it may reach another thread first
	}
	os.Exit(exitError)
}
