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

// A status counts what went wrong so far.
type status struct {
	errors, warnings int
	ended            bool // no further operand can succeed
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

// An outputError is an error in writing the output called name.
type outputError struct {
	name string
	err  error
}

func (e *outputError) Error() string { return e.name + ": " + reason(e.err) }
func (e *outputError) Unwrap() error { return e.err }

// fail counts and reports an error in the operand name.
func (a *app) fail(name string, err error) {
	a.status.errors++
	var out *outputError
	switch {
	case a.ctx.Err() != nil: // a signal came, and the process will die of it
		a.status.ended = true
		return
	case errors.As(err, &out) && out.name == stdoutName:
		a.status.ended = true
		if errors.Is(err, syscall.EPIPE) { // the reader has enough
			return
		}
		a.message(stdoutName, reason(out.err))
	case errors.As(err, &out):
		a.message(out.name, reason(out.err))
	default:
		a.message(name, reason(err)+a.advice(name, err))
	}
}

// advice returns what the user can do about err, which restoring or testing the operand
// name returned; "" if nothing. Standard input can't be salvaged if it is a pipe.
func (a *app) advice(name string, err error) string {
	restores := a.opt.mode == restoring && a.opt.salvage == "" || a.opt.mode == checking
	if restores && name != stdinName && damaged(err) {
		return "; --salvage restores what is intact"
	}
	return ""
}

// damaged reports whether err says that a compressed file changed since it was written.
func damaged(err error) bool {
	var file *container.Error
	return errors.As(err, &file) && (errors.Is(file, container.ErrCorrupt) || errors.Is(file, container.ErrChecksum) ||
		errors.Is(file, io.ErrUnexpectedEOF) && file.Off > 0)
}

// warn counts a warning about the operand name, and reports it unless -q is given.
func (a *app) warn(name, text string) {
	a.status.warnings++
	if !a.opt.quiet {
		a.message(name, text)
	}
}

// message prints a line on standard error; name may be "".
func (a *app) message(name, text string) { Message(a.stderr, a.Name, name, text) }

// Message prints a line of a program about the operand name, which may be "", without anything that a
// terminal would obey.
func Message(w io.Writer, program, name, text string) {
	if name != "" {
		text = printable(name) + ": " + text
	}
	fmt.Fprintf(w, "%s: %s\n", program, harmless(text))
}

// reason returns what is wrong without the names of files and functions in err: the message
// begins with the name of the operand.
func reason(err error) string {
	var path *fs.PathError
	var link *os.LinkError
	var call *os.SyscallError
	var file *container.Error
	switch {
	case errors.As(err, &file):
		return fileReason(file)
	case errors.Is(err, codec.ErrVerify):
		return "the compressed data does not restore: a bug in this program or a fault of the machine; nothing was written"
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

// fileReason returns what is wrong with a compressed file.
func fileReason(e *container.Error) string {
	switch {
	case errors.Is(e, container.ErrFormat):
		return "not a ktzip file"
	case errors.Is(e, io.ErrUnexpectedEOF) && e.Off == 0:
		return "the file is empty (not a ktzip file)"
	case errors.Is(e, io.ErrUnexpectedEOF):
		return fmt.Sprintf("the file is cut short at offset %d", e.Off)
	case errors.Is(e, container.ErrVersion):
		return e.Err.Error() + ": " + e.Msg
	case errors.Is(e, container.ErrMemory):
		return e.Msg + "; raise --memory-limit"
	case errors.Is(e, container.ErrCorrupt), errors.Is(e, container.ErrChecksum), errors.Is(e, container.ErrLimit):
		return e.Error()
	}
	return fmt.Sprintf("offset %d: %s", e.Off, reason(e.Err)) // an error of the source
}

// harmless returns text with everything escaped that a terminal would obey, except tabs and
// ends of lines: errors may quote what others wrote.
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

// printable returns name, quoted if a terminal would obey a part of it: others may have made
// the folder or the header that it comes from.
func printable(name string) string {
	if utf8.ValidString(name) && strings.IndexFunc(name, func(r rune) bool { return !strconv.IsPrint(r) }) < 0 {
		return name
	}
	return strconv.Quote(name)
}
