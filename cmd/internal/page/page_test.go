package page_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io/fs"
	"math"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/cmd/internal/describe"
	"github.com/ktzip/ktzip/cmd/internal/page"
	"github.com/ktzip/ktzip/cmd/internal/page/assets"
	"github.com/ktzip/ktzip/cmd/internal/page/pagetest"
)

func write(t *testing.T, r *describe.Report, text string) string {
	t.Helper()
	var b bytes.Buffer
	if err := page.Write(&b, r, text); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var dataOf = regexp.MustCompile(`(?s)<script type="application/json" id="ktzip-report-data">(.*?)</script>`)

// TestPageHoldsReport holds that the data of a page is the JSON of its report.
func TestPageHoldsReport(t *testing.T) {
	for name, r := range map[string]*describe.Report{"all": pagetest.Report(), "hostile": pagetest.HostileReport(), "large": pagetest.Large(), "empty": pagetest.Empty()} {
		got := dataOf.FindStringSubmatch(write(t, r, ""))
		want, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if got == nil || got[1] != string(want) {
			t.Errorf("%s: the page does not hold the JSON of its report", name)
		}
	}
}

// TestHostileTextIsText holds that no text of a report adds a tag to the page.
func TestHostileTextIsText(t *testing.T) {
	tags := func(s string) int { return strings.Count(dataOf.ReplaceAllString(s, ""), "<") }
	plain := write(t, pagetest.Report(), "")
	hostile := write(t, pagetest.HostileReport(), strings.Join(pagetest.Hostile, "\n"))
	if got, want := tags(hostile), tags(plain); got != want {
		t.Errorf("got %d tags, want %d", got, want)
	}
	if data := dataOf.FindStringSubmatch(hostile)[1]; strings.ContainsAny(data, "<>&\u2028\u2029\x00") {
		t.Error("the data has markup or separators of lines")
	}
	if outside := dataOf.ReplaceAllString(hostile, ""); strings.ContainsAny(outside, "\x00\u202e\u2066\u200b\ufeff\u2028") {
		t.Error("the page has characters that are not seen")
	}
}

// TestPolicyAllowsOnlyOwn holds that the policy has the hashes of the script and the style of the page.
func TestPolicyAllowsOnlyOwn(t *testing.T) {
	text := write(t, pagetest.Report(), "")
	policy := regexp.MustCompile(`http-equiv="Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(text)
	script := regexp.MustCompile(`(?s)<script>(.*?)</script>`).FindStringSubmatch(text)
	style := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindStringSubmatch(text)
	if policy == nil || script == nil || style == nil {
		t.Fatal("no policy, script or style")
	}
	hash := func(s string) string {
		sum := sha256.Sum256([]byte(s))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	got := strings.NewReplacer("&#39;", "'", "&#43;", "+").Replace(policy[1])
	want := "default-src 'none'; script-src " + hash(script[1]) + "; style-src " + hash(style[1]) + "; base-uri 'none'; form-action 'none'"
	if got != want {
		t.Errorf("got policy %s, want %s", got, want)
	}
	if script[1] != assets.Script {
		t.Error("the script of the page is not that of package assets")
	}
	if strings.Count(text, "<script") != 2 || strings.Contains(text, "http://") && !strings.Contains(text, "http://www.w3.org/2000/svg") || strings.Contains(text, "https://") {
		t.Error("the page has other scripts or addresses")
	}
}

// TestScriptMakesNoMarkup holds the script to calls that make elements and texts.
func TestScriptMakesNoMarkup(t *testing.T) {
	for _, word := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "createContextualFragment", "eval(", "new Function", "fetch(", "XMLHttpRequest", "import(", "setTimeout(\"", "</script", "<!--", ".src"} {
		if strings.Contains(assets.Script, word) {
			t.Errorf("the script has %s", word)
		}
	}
	for _, word := range []string{"url(", "@import", "</style", "expression("} {
		if strings.Contains(assets.Style, word) {
			t.Errorf("the style sheet has %s", word)
		}
	}
}

// TestAssetsAreShort holds each file of the assets to 400 lines.
func TestAssetsAreShort(t *testing.T) {
	names, err := fs.Glob(os.DirFS("assets"), "report*")
	if err != nil || len(names) < 2 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		text, err := os.ReadFile("assets/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(text, []byte("\n")); n > 400 {
			t.Errorf("%s has %d lines, want at most 400", name, n)
		}
	}
}

// TestTextWithoutScript holds that a browser without a script shows the text.
func TestTextWithoutScript(t *testing.T) {
	if text := write(t, pagetest.Report(), "plan <of> a segment"); !strings.Contains(text, "<noscript><pre class=\"ktzip-text\">plan &lt;of&gt; a segment</pre></noscript>") {
		t.Error("the text is missing")
	}
}

// TestNoNumber holds that samples that JSON cannot hold become 0, and that the report stays as it is.
func TestNoNumber(t *testing.T) {
	r := pagetest.Report()
	values := r.Details[0].Signals[0].Channels[0].Values
	values[3], values[5] = math.NaN(), math.Inf(-1)
	data := dataOf.FindStringSubmatch(write(t, r, ""))[1]
	var got describe.Report
	if err := json.Unmarshal([]byte(data), &got); err != nil {
		t.Fatal(err)
	}
	if v := got.Details[0].Signals[0].Channels[0].Values; v[3] != 0 || v[5] != 0 || v[4] != values[4] {
		t.Errorf("got %v", v[:6])
	}
	if !math.IsNaN(values[3]) {
		t.Error("the report changed")
	}
}

// TestClean holds what becomes visible.
func TestClean(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"a\tb\nc é 漢", "a\tb\nc é 漢"}, {"a\x00\x1b[31m", `a\u0000\u001b[31m`}, {"\u202egnp", `\u202egnp`}, {"\xff", "\ufffd"}, {"\u2028\u00ad\ufeff", `\u2028\u00ad\ufeff`},
	} {
		if got := page.Clean(c.text); got != c.want {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
}
