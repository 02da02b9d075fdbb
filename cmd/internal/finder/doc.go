// Package finder makes the search that the options of commands ask for: the deduction of package ktzip,
// SeqCoder, or both. ktunzip does not link it.
package finder
