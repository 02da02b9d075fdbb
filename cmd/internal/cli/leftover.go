package cli

import (
	"math/rand/v2"
	"path/filepath"
	"strings"
)

// The name of an unfinished output. Its random characters keep runs apart; temporary.create
// refuses a name that exists.
const (
	temporaryPrefix  = ".ktzip-"
	temporarySuffix  = ".tmp"
	temporaryRandom  = 12 // characters, of temporaryLetters
	temporaryLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
)

// temporaryName returns a name for an unfinished output.
func temporaryName() string {
	var random [temporaryRandom]byte
	for i := range random {
		random[i] = temporaryLetters[rand.IntN(len(temporaryLetters))]
	}
	return temporaryPrefix + string(random[:]) + temporarySuffix
}

// isTemporary reports whether path is the name of an unfinished output.
func isTemporary(path string) bool {
	name, begins := strings.CutPrefix(filepath.Base(path), temporaryPrefix)
	random, ends := strings.CutSuffix(name, temporarySuffix)
	return begins && ends && len(random) == temporaryRandom && strings.Trim(random, temporaryLetters) == ""
}

// skips reports whether the work on a folder leaves out the file at path because it is
// compressed already or an unfinished output. That is no reason for a warning.
func (a *app) skips(path string) bool {
	writes := !a.opt.mode.reads()
	switch {
	case isTemporary(path):
		if writes && !a.opt.quiet {
			a.message(path, "is an unfinished output, skipped; if no other "+a.Name+" is running, it is left over from one that was killed: remove it")
		}
		return true
	case a.opt.mode == compressing && !a.opt.stdout && a.opt.suffixOf(path) != "":
		if a.opt.verbose {
			a.message(path, "has the suffix "+a.opt.suffixOf(path)+" already, skipped")
		}
		return true
	}
	return false
}
