package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"sync"
	"syscall"
	"time"
)

// A temporary is the unfinished output, of which there is at most one at a time. A signal
// removes it.
type temporary struct {
	mu    sync.Mutex
	path  string // "" if there is none
	ended bool   // a signal came: create fails
}

// create creates the file at path, which must not exist, and remembers it.
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

// forget makes remove leave the file alone: it is complete.
func (t *temporary) forget() {
	t.mu.Lock()
	t.path = ""
	t.mu.Unlock()
}

// remove removes the file, if there is one.
func (t *temporary) remove() {
	t.mu.Lock()
	if t.path != "" {
		os.Remove(t.path)
		t.path = ""
	}
	t.mu.Unlock()
}

// end removes the file, if there is one, and makes create fail.
func (t *temporary) end() {
	t.mu.Lock()
	t.ended = true
	t.mu.Unlock()
	t.remove()
}

// grace is how long the work may take to end after a signal. Without a limit it would wait
// for a pipe that is silent. The value is arbitrary: long enough to finish a block.
const grace = 300 * time.Millisecond

var errInterrupted = errors.New("interrupted")

// catch returns a context that the first signal cancels. After that the process removes the
// unfinished output and dies of the signal, as shells expect, when stop is called, at the
// next signal, or after the time of grace. Without a signal stop only releases resources.
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

// die ends the process by s, or by an exit code if that fails.
func die(s os.Signal) {
	if s == syscall.SIGQUIT {
		// The runtime would dump all goroutines and exit with the code of a warning. This is
		// the code that shells give to a process that died of it.
		os.Exit(128 + int(syscall.SIGQUIT))
	}
	signal.Reset(s)
	if p, err := os.FindProcess(os.Getpid()); err == nil && p.Signal(s) == nil {
		time.Sleep(time.Second) // another thread may be the one to get it
	}
	os.Exit(exitError)
}

// The runtime's exit code for a panic and for exhausted memory is 2, which means a warning
// here. With "crash" both end the process by SIGABRT instead.
func init() { debug.SetTraceback("crash") }

// recover, if deferred, turns a panic into an error and removes the unfinished output. It
// serves the goroutine that works on the operands.
func (a *app) recover(code *int) {
	why := recover()
	if why == nil {
		return
	}
	a.temp.remove()
	*code = exitError
	a.message("", fmt.Sprintf("a bug in this program: %v\n%s", why, debug.Stack()))
}
