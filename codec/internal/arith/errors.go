package arith

import "errors"

var (
	// ErrCorrupt reports a member that no Encode wrote, or a damaged one.
	ErrCorrupt = errors.New("corrupt member of a predictor")
	// ErrLimit reports a member that takes more work than the format allows.
	ErrLimit = errors.New("too much work of a predictor")
	// ErrParameters reports parameters beyond their limits.
	ErrParameters = errors.New("invalid parameters of a predictor")
)
