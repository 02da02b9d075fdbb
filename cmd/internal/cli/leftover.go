package cli

import (
	"crypto/rand"
	"path/filepath"
	"regexp"
	"strings"
)

// temporaryName returns a name for an unfinished output.
func temporaryName() string { return ".ktzip-" + rand.Text()[:12] + ".tmp" }

var temporaryNames = regexp.MustCompile(`^\.ktzip-[A-Z2-7]{12}\.tmp$`)

// isTemporary reports whether path has the name of an unfinished output.
func isTemporary(path string) bool { return temporaryNames.MatchString(filepath.Base(path)) }

// skips reports whether the work on a folder leaves out the file at path, which
// is nothing to warn of: it is compressed already, or an unfinished output.
func (a *app) skips(path string) bool {
	writes := !a.opt.mode.reads()
	switch {
	case isTemporary(path):
		if writes && !a.opt.quiet {
			a.message(path, "is an unfinished output, skipped; if no other "+a.Name+" is at work here, it is left over from one that was killed: remove it")
		}
		return true
	case a.opt.mode == compressing && !a.opt.stdout && strings.HasSuffix(path, suffix):
		if a.opt.verbose {
			a.message(path, "has the suffix "+suffix+" already, skipped")
		}
		return true
	}
	return false
}
