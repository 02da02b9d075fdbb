package cli

import (
	"os"
	"strings"
)

// suffix is what a compressed file's name ends with, unless -S says otherwise.
const suffix = ".ktz"

// knownSuffixes are those that restoring takes off a name, and what takes their place.
// Compressing skips files that have one. The first that fits counts.
var knownSuffixes = []struct{ from, to string }{
	{suffix, ""},
	{".KTZ", ""}, // of file systems and transfers that know no lower case
	{".tktz", ".tar"},
	{".TKTZ", ".TAR"},
}

// restoredName returns the operand's name without its suffix, or "" if that is no name.
func (o *options) restoredName(path string) string {
	restored := func(from, to string) string {
		name, ok := strings.CutSuffix(path, from)
		if !ok || name == "" || os.IsPathSeparator(name[len(name)-1]) {
			return ""
		}
		return name + to
	}
	if name := restored(o.suffix, ""); name != "" {
		return name
	}
	for _, s := range knownSuffixes {
		if name := restored(s.from, s.to); name != "" {
			return name
		}
	}
	return ""
}

// suffixOf returns the suffix of a compressed file that path ends with, or "".
func (o *options) suffixOf(path string) string {
	if strings.HasSuffix(path, o.suffix) {
		return o.suffix
	}
	for _, s := range knownSuffixes {
		if strings.HasSuffix(path, s.from) {
			return s.from
		}
	}
	return ""
}
