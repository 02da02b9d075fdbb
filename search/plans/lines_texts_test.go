package plans

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/search/plans/internal/text"
)

// sentences returns sentences of random words, in lines of at most width characters; in paragraphs of
// a line if width is 0.
func sentences(r *rand.Rand, width int) []byte {
	vocabulary := names(r, 3000)
	var b strings.Builder
	column := 0
	for b.Len() < 60_000 {
		for n := range 4 + r.IntN(20) {
			w := vocabulary[biased(r, len(vocabulary))]
			if n == 0 {
				w = strings.ToUpper(w[:1]) + w[1:]
			} else if r.IntN(9) == 0 {
				b.WriteByte(',')
				column++
			}
			if gap := "\n"; column > 0 {
				if width == 0 || column+1+len(w) <= width {
					gap = " "
				} else {
					column = 0
				}
				b.WriteString(gap)
			}
			b.WriteString(w)
			column += len(w) + 1
		}
		b.WriteByte('.')
		column++
		if r.IntN(6) == 0 {
			b.WriteString("\n\n")
			column = 0
		}
	}
	return []byte(b.String())
}

// inLines cuts text into lines of a width.
func inLines(text string, width int) []byte {
	var b strings.Builder
	for len(text) > width {
		b.WriteString(text[:width] + "\n")
		text = text[width:]
	}
	return []byte(b.String() + text + "\n")
}

// minified returns an array of arrays and objects, all different, on one line.
func minified(r *rand.Rand, depth int) string {
	switch k := r.IntN(6); {
	case k == 0 || depth == 0:
		return fmt.Sprint(r.IntN(10_000))
	case k == 1:
		return `"` + phrases(r).next() + `"`
	case k < 4:
		var list []string
		for range r.IntN(12) {
			list = append(list, minified(r, depth-1))
		}
		return "[" + strings.Join(list, ",") + "]"
	}
	var list []string
	for _, key := range names(r, r.IntN(9)) {
		list = append(list, `"`+key+`":`+minified(r, depth-1))
	}
	return "{" + strings.Join(list, ",") + "}"
}

// otherTexts returns texts that have no rows of a few templates.
func otherTexts(t *testing.T) map[string][]byte {
	t.Helper()
	r := rand.New(rand.NewPCG(21, 2026))
	texts := map[string][]byte{
		"prose in lines":      sentences(r, 72),
		"prose in paragraphs": sentences(r, 0),
		"base64 in lines":     inLines(base64.StdEncoding.EncodeToString(randomBytes(r, 40_000)), 76),
		"base64":              []byte(base64.StdEncoding.EncodeToString(randomBytes(r, 40_000))),
	}
	json := ""
	for len(json) < 60_000 {
		json += minified(r, 5)
	}
	texts["JSON on one line"] = []byte(json)
	for _, folder := range []string{".", "../../dsl", "../../codec"} {
		list, err := filepath.Glob(folder + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		var source []byte
		for _, name := range list {
			if text, err := os.ReadFile(name); err == nil && len(source) < 100_000 && !strings.Contains(name, "edition") {
				source = append(source, text...)
			}
		}
		texts["source in "+folder] = source
	}
	return texts
}

// toldLevel is the least level that tells source code from rows: what lower ones look at is too short.
const toldLevel = 3

// TestOtherTextsHaveNoLines looks for templates in texts that hardly have any: levels 3 to 6 search
// these only if that saves something, and it saves nothing for prose, base64 and source code.
func TestOtherTextsHaveNoLines(t *testing.T) {
	for name, src := range otherTexts(t) {
		plain := coded(src)
		best := plain
		if list := text.Find(src, estimate, coded); len(list) > 0 {
			best = list[0].Cost
		}
		saved := saves(int64(best), int64(plain), minSaving)
		if saved && !strings.HasPrefix(name, "JSON") {
			t.Errorf("%s: %d bytes, %d by templates", name, plain, best)
		}
		for level := toldLevel; level <= defaultLevel; level++ {
			if promisesRows(src, &efforts[level]) && !saved {
				t.Errorf("%s: level %d looks for templates, which save nothing: %d bytes, %d by templates", name, level, plain, best)
			}
		}
	}
}
