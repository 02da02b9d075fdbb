package cli

import (
	"os"
	"strings"
)

// suffix is the end of a compressed file's name unless -S gives another one.
const suffix = ".ktz"

// knownSuffixes are the suffixes that restoring replaces. Compressing skips files that have
// one. The first that fits counts.
var knownSuffixes = []struct{ from, to string }{
	{suffix, ""},
	{".KTZ", ""}, // from systems without lower case
	{".tktz", ".tar"},
	{".TKTZ", ".TAR"},
}

// restoredName returns path with its suffix replaced; "" if it has none, or no name before
// it.
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

// suffixOf returns the suffix of a compressed file that path ends with; "" if there is none.
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
