package container

import (
	"errors"
	"fmt"
	"io"
)

// The kinds of errors in files. Test with errors.Is; each comes within an *Error.
var (
	ErrFormat   = errors.New("not a ktzip file")
	ErrVersion  = errors.New("unsupported version")
	ErrCorrupt  = errors.New("corrupt file")
	ErrChecksum = errors.New("checksum mismatch")
	ErrLimit    = errors.New("limit exceeded")

	// ErrPredictors is an ErrVersion: this program was built without predictors, or has not the profile
	// that the file needs.
	ErrPredictors = fmt.Errorf("%w: predictors", ErrVersion)
	// ErrMemory is an ErrLimit: the reader may not use as much memory as the file needs.
	ErrMemory = fmt.Errorf("%w: memory", ErrLimit)
)

// An Error says what is wrong in a file, and where.
type Error struct {
	Off int64  // offset within the compressed file, in bytes
	Msg string // what was read there, or what is wrong with it
	Err error  // one of the kinds above, or an error of the source
}

// Error returns offset, kind and message.
func (e *Error) Error() string {
	return fmt.Sprintf("offset %d: %v: %s", e.Off, e.Err, e.Msg)
}

// Unwrap returns e.Err.
func (e *Error) Unwrap() error { return e.Err }

// wrap makes an *Error of an error of the source: io.ErrUnexpectedEOF of io.EOF, since the
// source ended within a part of a file.
func wrap(off int64, msg string, err error) error {
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return &Error{off, msg, err}
}
