package page

import (
	"crypto/sha256"
	_ "embed" // the files below
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/ktzip/ktzip/cmd/internal/describe"
	"github.com/ktzip/ktzip/cmd/internal/page/assets"
)

var (
	//go:embed page.html
	shell string
	//go:embed page.css
	style string

	page = template.Must(template.New("page").Parse(shell))
)

// A content is what the shell of a page takes. Style, Data and Script are of this package or of
// encoding/json, which escapes <, > and &; the shell escapes the others.
type content struct {
	Policy string
	Title  string
	Text   string
	Style  template.CSS
	Data   template.JS
	Script template.JS
}

// Write writes the page of a report. A browser without a script shows text.
func Write(w io.Writer, r *describe.Report, text string) error {
	data, err := json.Marshal(finite(r))
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	css := style + assets.Style
	c := content{
		Policy: policy(css, assets.Script),
		Title:  "ktzip report",
		Text:   Clean(text),
		Style:  template.CSS(css),
		Data:   template.JS(data),
		Script: template.JS(assets.Script),
	}
	if r.List != nil && r.List.Name != "" {
		c.Title = Clean(r.List.Name) + " - ktzip report"
	}
	if err := page.Execute(w, c); err != nil {
		return fmt.Errorf("page: %w", err)
	}
	return nil
}

// policy allows one style sheet and one script, by their hashes, and forbids everything else.
func policy(css, script string) string {
	hash := func(s string) string {
		sum := sha256.Sum256([]byte(s))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return "default-src 'none'; script-src " + hash(script) + "; style-src " + hash(css) + "; base-uri 'none'; form-action 'none'"
}

// Clean replaces characters that are not seen, or that reorder others, by escapes; newlines and tabs stay.
// The script does the same to all texts of a report.
func Clean(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unseen(r) {
			fmt.Fprintf(&b, `\u%04x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// unseen are the controls of ASCII and Latin 1, the soft hyphen, and what directs and joins text.
func unseen(r rune) bool {
	switch {
	case r == '\n' || r == '\t' || r == utf8.RuneError || r == '\ufffc':
		return false
	case r < 0x20 || r >= 0x7f && r < 0xa0, r == 0xad, r == 0x61c, r == 0x180e, r == 0xfeff:
		return true
	}
	return r >= 0x200b && r <= 0x200f || r >= 0x2028 && r <= 0x202e || r >= 0x2060 && r <= 0x206f || r >= 0xfff9 && r <= 0xffff
}

// finite returns r or, if a sample of a signal is no number or infinite, which JSON cannot hold, a copy with
// 0 in its place.
func finite(r *describe.Report) *describe.Report {
	c := *r
	c.Details = nil
	for _, d := range r.Details {
		signals := make([]describe.Signal, len(d.Signals))
		for i, s := range d.Signals {
			channels := make([]describe.Channel, len(s.Channels))
			for k, ch := range s.Channels {
				ch.Values, ch.Rest = numbers(ch.Values), numbers(ch.Rest)
				channels[k] = ch
			}
			s.Channels = channels
			signals[i] = s
		}
		d.Signals = signals
		c.Details = append(c.Details, d)
	}
	return &c
}

func numbers(list []float64) []float64 {
	for i, x := range list {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			clean := append([]float64(nil), list...)
			for k := i; k < len(clean); k++ {
				if math.IsNaN(clean[k]) || math.IsInf(clean[k], 0) {
					clean[k] = 0
				}
			}
			return clean
		}
	}
	return list
}
