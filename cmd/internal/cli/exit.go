package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"
	"unicode/utf8"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/container"
)

// Exit codes.
const (
	exitError   = 1
	exitWarning = 2
)

// A status is what has gone wrong so far.
type status struct {
	errors, warnings int
	ended            bool // nothing more can succeed
}

func (s *status) code() int {
	switch {
	case s.errors > 0:
		return exitError
	case s.warnings > 0:
		return exitWarning
	}
	return 0
}

// An outputError is an error of writing, not of what is read.
type outputError struct {
	name string
	err  error
}

func (e *outputError) Error() string { return e.name + ": " + reason(e.err) }
func (e *outputError) Unwrap() error { return e.err }

// errTerminal refuses compressed data on a terminal.
var errTerminal = errors.New("compressed data is not written to a terminal; use -o FILE, or -f to force it")

// fail notes and reports an error about the operand name.
func (a *app) fail(name string, err error) {
	a.status.errors++
	var out *outputError
	switch {
	case a.ctx.Err() != nil: // the signal says it all
		a.status.ended = true
		return
	case errors.As(err, &out) && out.name == stdoutName:
		a.status.ended = true
		if errors.Is(err, syscall.EPIPE) { // nobody is listening
			return
		}
		a.message(stdoutName, reason(out.err))
	case errors.As(err, &out):
		a.message(out.name, reason(out.err))
	default:
		a.message(name, reason(err)+a.advice(name, err))
	}
}

// advice says what can still be done about err, which restoring or testing the
// operand name ended with; salvaging takes a file that it can read again.
func (a *app) advice(name string, err error) string {
	restores := a.opt.mode == restoring && a.opt.salvage == "" || a.opt.mode == checking
	if restores && name != stdinName && damaged(err) {
		return "; --salvage restores what is intact"
	}
	return ""
}

// damaged reports whether err says that a compressed file is not as it was written.
func damaged(err error) bool {
	var file *container.Error
	return errors.As(err, &file) && (errors.Is(file, container.ErrCorrupt) || errors.Is(file, container.ErrChecksum) ||
		errors.Is(file, io.ErrUnexpectedEOF) && file.Off > 0)
}

// warn notes a warning about the operand name, and reports it unless -q.
func (a *app) warn(name, text string) {
	a.status.warnings++
	if !a.opt.quiet {
		a.message(name, text)
	}
}

func (a *app) message(name, text string) {
	if name != "" {
		text = printable(name) + ": " + text
	}
	fmt.Fprintf(a.stderr, "%s: %s\n", a.Name, harmless(text))
}

// reason says what is wrong, without the names of files and functions that err
// has gathered on its way.
func reason(err error) string {
	var path *fs.PathError
	var link *os.LinkError
	var call *os.SyscallError
	var file *container.Error
	switch {
	case errors.As(err, &file):
		return fileReason(file)
	case errors.Is(err, codec.ErrVerify):
		return "what was compressed does not restore: a fault of this program or of the machine; nothing was written"
	case errors.As(err, &path):
		return path.Err.Error()
	case errors.As(err, &link):
		return link.Err.Error()
	case errors.As(err, &call):
		return call.Err.Error()
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "the file is cut short"
	}
	return strings.TrimPrefix(err.Error(), "codec: ")
}

// fileReason words an error in a compressed file.
func fileReason(e *container.Error) string {
	switch {
	case errors.Is(e, container.ErrFormat):
		return "not a ktzip file"
	case errors.Is(e, io.ErrUnexpectedEOF) && e.Off == 0:
		return "the file is empty; even nothing compressed takes some bytes"
	case errors.Is(e, io.ErrUnexpectedEOF):
		return fmt.Sprintf("the file is cut short at offset %d", e.Off)
	case errors.Is(e, container.ErrVersion):
		return e.Err.Error() + ": " + e.Msg
	case errors.Is(e, container.ErrMemory):
		return e.Msg + "; see --memory-limit"
	case errors.Is(e, container.ErrCorrupt), errors.Is(e, container.ErrChecksum), errors.Is(e, container.ErrLimit):
		return e.Error()
	}
	return fmt.Sprintf("offset %d: %s", e.Off, reason(e.Err)) // of reading
}

// harmless returns text with all that a terminal would obey, other than the ends of lines,
// escaped: errors may quote what others wrote.
func harmless(text string) string {
	var b strings.Builder
	for i, r := range text {
		_, size := utf8.DecodeRuneInString(text[i:])
		if r == '\n' || r == '\t' || strconv.IsPrint(r) && (r != utf8.RuneError || size > 1) {
			b.WriteRune(r)
			continue
		}
		quoted := strconv.Quote(text[i : i+size])
		b.WriteString(quoted[1 : len(quoted)-1])
	}
	return b.String()
}

// printable is a name fit for a terminal: names come from folders and headers
// that others made.
func printable(name string) string {
	if utf8.ValidString(name) && strings.IndexFunc(name, func(r rune) bool { return !strconv.IsPrint(r) }) < 0 {
		return name
	}
	return strconv.Quote(name)
}
