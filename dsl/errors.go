package dsl

import (
	"errors"
	"fmt"
)

// Errors of this package. Test for them with errors.Is.
var (
	// ErrCorrupt reports bits that no Encoder writes.
	ErrCorrupt = errors.New("dsl: corrupt program")
	// ErrLimit reports a program that exceeds a limit of the edition, or its budget in
	// steps or elements.
	ErrLimit = errors.New("dsl: limit exceeded")
	// ErrExecution reports an operation without a result: a value beyond 32 bits, a
	// modulus or step of 0, an output that is not bytes.
	ErrExecution = errors.New("dsl: execution error")
	// ErrSyntax reports text that is not a program. The error is a *SyntaxError.
	ErrSyntax = errors.New("dsl: syntax error")
)

var (
	errRange    = fmt.Errorf("%w: value beyond 32 bits", ErrExecution)
	errModulus  = fmt.Errorf("%w: modulus of 0", ErrExecution)
	errStep     = fmt.Errorf("%w: step of 0", ErrExecution)
	errPlanOnly = fmt.Errorf("%w: an operation of plans in a block program", ErrExecution)
	errByte     = fmt.Errorf("%w: output beyond 0..255", ErrExecution)
	errEarlier  = fmt.Errorf("%w: no such earlier list", ErrExecution)
	errCopy     = fmt.Errorf("%w: copy from outside the stream", ErrExecution)
	errSteps    = fmt.Errorf("%w: steps", ErrLimit)
	errElements = fmt.Errorf("%w: elements", ErrLimit)
	errNodes    = fmt.Errorf("%w: nodes", ErrLimit)
	errBits     = fmt.Errorf("%w: the bits end within a program", ErrCorrupt)
	errNumber   = fmt.Errorf("%w: number beyond 32 bits", ErrCorrupt)
	errOp       = fmt.Errorf("%w: symbol without an operation", ErrCorrupt)
	errRef      = fmt.Errorf("%w: reference before the first list", ErrCorrupt)
	errMembers  = fmt.Errorf("%w: members longer than the raw part", ErrCorrupt)
	errTrailing = fmt.Errorf("%w: bytes after the last program", ErrCorrupt)
)

// A SyntaxError says where the text of a program is wrong, and why.
type SyntaxError struct {
	Line, Column int    // both count from 1; the column counts bytes
	Text         string // the line
	Msg          string
}

// Error returns the position, the reason, and the line with a caret under the column.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s\n\t%s\n\t%*s", e.Line, e.Column, e.Msg, e.Text, e.Column, "^")
}

// Unwrap returns ErrSyntax.
func (e *SyntaxError) Unwrap() error { return ErrSyntax }
