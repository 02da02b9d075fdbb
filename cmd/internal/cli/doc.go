// Package cli implements the commands ktzip, ktunzip and ktcat: flags, operands, the modes
// (compress, restore, salvage, test, list, explain), progress, signals, and the one place
// that turns errors into messages and exit codes. An output appears under its name only
// when it is complete.
//
// Other commands share how files are coded and listed: Coding, ReadPlans and WritePlans, RestoredName and
// SuffixOf, Listing.
//
// The package links no search: a Command brings its own.
package cli
