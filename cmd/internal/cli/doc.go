// Package cli is what the commands ktzip and ktunzip share: flags, operands,
// the modes of working (compress, restore, salvage, test, list, explain), output
// that appears under its name only when it is complete, progress, signals, and
// the one place that turns errors into messages and exit codes.
//
// It does not know how programs are found: a Command brings its Finder.
package cli
