package cli

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// Suffix is the end of a compressed file's name unless -S gives another one.
const Suffix = ".ktz"

// knownSuffixes are the suffixes that restoring replaces. Compressing skips files that have
// one. The first that fits counts.
var knownSuffixes = []struct{ from, to string }{
	{Suffix, ""},
	{".KTZ", ""}, // from systems without lower case
	{".tktz", ".tar"},
	{".TKTZ", ".TAR"},
}

// RestoredName returns the path of what the compressed file at path restores to, without or with another suffix;
// "" if it ends neither in suffix nor in a known one, or has no name before it.
func RestoredName(path, suffix string) string {
	restored := func(from, to string) string {
		name, ok := strings.CutSuffix(path, from)
		if !ok || name == "" || os.IsPathSeparator(name[len(name)-1]) {
			return ""
		}
		return name + to
	}
	if name := restored(suffix, ""); name != "" {
		return name
	}
	for _, s := range knownSuffixes {
		if name := restored(s.from, s.to); name != "" {
			return name
		}
	}
	return ""
}

// SuffixOf returns the suffix of a compressed file that path ends with, suffix or a known one; "" if there is none.
func SuffixOf(path, suffix string) string {
	if strings.HasSuffix(path, suffix) {
		return suffix
	}
	for _, s := range knownSuffixes {
		if strings.HasSuffix(path, s.from) {
			return s.from
		}
	}
	return ""
}

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
	case a.opt.mode == compressing && !a.opt.stdout && SuffixOf(path, a.opt.suffix) != "":
		if a.opt.verbose {
			a.message(path, "has the suffix "+SuffixOf(path, a.opt.suffix)+" already, skipped")
		}
		return true
	}
	return false
}
