package dsl

import (
	"errors"
	"fmt"
)

// Errors of this package. Test with errors.Is.
var (
	// ErrCorrupt reports bits that no encoder writes.
	ErrCorrupt = errors.New("dsl: corrupt program")
	// ErrLimit reports a program that exceeds a limit of the edition or its
	// budget in steps or elements.
	ErrLimit = errors.New("dsl: limit exceeded")
	// ErrExecution reports an operation without a result: a value beyond 32
	// bits, a modulus or step of 0, an output that is not bytes.
	ErrExecution = errors.New("dsl: execution error")
	// ErrSyntax reports text that is not a program; it is always within a
	// *SyntaxError.
	ErrSyntax = errors.New("dsl: syntax error")
)

var (
	errRange    = fmt.Errorf("%w: value beyond 32 bits", ErrExecution)
	errModulus  = fmt.Errorf("%w: modulus of 0", ErrExecution)
	errStep     = fmt.Errorf("%w: step of 0", ErrExecution)
	errInput    = fmt.Errorf("%w: an operation of plans in a block program", ErrExecution)
	errByte     = fmt.Errorf("%w: output beyond 0..255", ErrExecution)
	errPast     = fmt.Errorf("%w: no such list before the program", ErrExecution)
	errCopy     = fmt.Errorf("%w: copy from beyond the stream", ErrExecution)
	errSteps    = fmt.Errorf("%w: steps", ErrLimit)
	errElements = fmt.Errorf("%w: elements", ErrLimit)
	errNodes    = fmt.Errorf("%w: nodes", ErrLimit)
	errBits     = fmt.Errorf("%w: bits end within a program", ErrCorrupt)
	errNumber   = fmt.Errorf("%w: number beyond 32 bits", ErrCorrupt)
	errOp       = fmt.Errorf("%w: no such operation here", ErrCorrupt)
	errRef      = fmt.Errorf("%w: reference before the first list", ErrCorrupt)
	errMembers  = fmt.Errorf("%w: members longer than all together", ErrCorrupt)
	errTrailing = fmt.Errorf("%w: bytes after the last program", ErrCorrupt)
)

// A SyntaxError says where and why a program's text was not understood.
type SyntaxError struct {
	Line, Column int    // both from 1; the column counts bytes
	Text         string // the line's text
	Msg          string
}

// Error gives the position, the reason, the line and a caret under the place.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s\n\t%s\n\t%*s", e.Line, e.Column, e.Msg, e.Text, e.Column, "^")
}

// Unwrap returns ErrSyntax.
func (e *SyntaxError) Unwrap() error { return ErrSyntax }
