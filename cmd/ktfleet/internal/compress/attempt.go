package compress

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/ktzip/ktzip/cmd/ktfleet/internal/files"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/job"
)

// markAfter is how long coding takes before a mark tells that it was begun: those that do not come to
// an end, as they need more memory than there is, take longer; most others need no mark.
const markAfter = 2 * time.Second

// attempt calls code, which codes size bytes, once with search; if that panics or takes too long, or was
// begun before and did not end, once without. The key tells what is coded from all else. The note says why
// there was no search; "" if there was one.
func (c *Config) attempt(ctx context.Context, key string, size int64, code func(ctx context.Context, search bool) error) (note string, err error) {
	sum := sha256.Sum256([]byte(key))
	mark := files.Join(c.Temp, "begun", hex.EncodeToString(sum[:16]))
	begun, err := files.Exists(ctx, mark)
	if err != nil {
		return "", err
	}
	if begun {
		note = "an attempt with a search did not end"
	} else {
		note, err = c.searching(ctx, mark, c.limit(size), code)
	}
	if note == "" {
		return "", err
	}
	return note, job.Guard(func() error { return code(ctx, false) })
}

// withoutSearch ends the notes of what was coded.
const withoutSearch = "; it was coded without a search"

// limit returns how long a search for size bytes may take.
func (c *Config) limit(size int64) time.Duration {
	const unit = 1 << 20 // bytes, that SegmentTime is stated for
	return c.SegmentTime * time.Duration(max((size+unit-1)/unit, 1))
}

// searching calls code with search, and marks it as long as it runs. The note says why it is to be called
// without; "" if it is not.
func (c *Config) searching(ctx context.Context, mark string, limit time.Duration, code func(ctx context.Context, search bool) error) (note string, err error) {
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	m := &marker{}
	timer := time.AfterFunc(markAfter, func() { m.set(ctx, mark) })
	err = job.Guard(func() error { return code(limited, true) })
	timer.Stop()
	m.remove(mark)
	switch {
	case ctx.Err() != nil:
	case errors.Is(err, job.ErrPanic):
		note = err.Error()
	case err != nil && limited.Err() != nil:
		note = fmt.Sprintf("a search took over %v", limit)
	}
	return note, err
}

// A marker is a mark that a timer may set.
type marker struct {
	lock          sync.Mutex
	made, removed bool
}

// set makes the mark, unless it was removed. Without one, another attempt searches again, too.
func (m *marker) set(ctx context.Context, mark string) {
	m.lock.Lock()
	defer m.lock.Unlock()
	if !m.removed {
		m.made = files.WriteFile(ctx, mark, nil, true) == nil
	}
}

// remove removes the mark.
func (m *marker) remove(mark string) {
	m.lock.Lock()
	defer m.lock.Unlock()
	if m.removed = true; m.made {
		files.Remove(context.Background(), mark) // also if the job was interrupted
	}
}
