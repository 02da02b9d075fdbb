package browser

import (
	"bytes"
	"context"
	"errors"
	"image/color"
	"image/png"
	"iter"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	cdpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/ktzip/ktzip/cmd/internal/describe"
	"github.com/ktzip/ktzip/cmd/internal/page"
)

var (
	started context.Context // of the tab of all tests: a new one takes a second
	failure error
	said    = make(chan string, 1000) // what pages write to the console, and dialogs
)

func TestMain(m *testing.M) {
	ctx, stop, err := Start()
	started, failure = ctx, err
	if err == nil {
		go listen(chromedp.Console(ctx), func(m chromedp.ConsoleMessage) { said <- m.Text })
		go listen(chromedp.Events(ctx, cdpage.JavascriptDialogOpening), func(d cdpage.EventJavascriptDialogOpening) {
			said <- "a dialog: " + d.Message
			chromedp.Call(ctx, cdpage.HandleJavaScriptDialog, cdpage.HandleJavaScriptDialogParams{Accept: true}) // the tab waits for it
		})
	}
	code := m.Run()
	if err == nil {
		stop()
	}
	if ktzipDir != "" {
		os.RemoveAll(ktzipDir)
	}
	os.Exit(code)
}

func listen[T any](events iter.Seq2[T, error], hear func(T)) {
	for e, err := range events {
		if err != nil {
			return
		}
		hear(e)
	}
}

// A tab is a page in the browser.
type tab struct {
	t    *testing.T
	path string
}

// needBrowser skips a test if there is no browser.
func needBrowser(t *testing.T) {
	t.Helper()
	if errors.Is(failure, ErrNone) {
		t.Skip(failure)
	}
	if failure != nil {
		t.Fatal(failure)
	}
}

// open writes the page of a report, and opens it.
func open(t *testing.T, r *describe.Report, before ...chromedp.Action[chromedp.Void]) *tab {
	t.Helper()
	needBrowser(t)
	var b bytes.Buffer
	if err := page.Write(&b, r, "the text of the report"); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return openFile(t, path, before...)
}

// openFile opens a page. At the end of the test it must not have written to the console, nor have opened a
// dialog.
func openFile(t *testing.T, path string, before ...chromedp.Action[chromedp.Void]) *tab {
	t.Helper()
	p := &tab{t: t, path: path}
	p.do(before...)
	p.do(chromedp.EmulateViewport(1200, 900), chromedp.Navigate("file://"+path))
	t.Cleanup(func() {
		const end = "the end of what a page says"
		p.do(chromedp.Evaluate[chromedp.Void]("console.log('" + end + "'); null"))
		for text := range said {
			if text == end {
				break
			}
			t.Errorf("the console has %s", text)
		}
	})
	return p
}

func (p *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(started, actions...); err != nil {
		p.t.Fatal(err)
	}
}

// eval evaluates an expression in a page.
func eval[T any](p *tab, expression string) T {
	p.t.Helper()
	v, err := chromedp.Run(started, chromedp.Evaluate[T](expression))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// drawAll draws and opens everything.
func (p *tab) drawAll() { p.do(chromedp.Evaluate[chromedp.Void]("ktzipReport.all(); null")) }

// wants evaluates expressions that are true of a page that is right.
func (p *tab) wants(expressions ...string) {
	p.t.Helper()
	for _, e := range expressions {
		if !eval[bool](p, e) {
			p.t.Errorf("not so: %s", e)
		}
	}
}

// media emulates a medium, such as print, and a scheme of colours, until the test ends.
func (p *tab) media(medium, scheme string) {
	p.t.Helper()
	p.emulate(medium, scheme)
	p.t.Cleanup(func() { p.emulate("", "light") })
}

func (p *tab) emulate(medium, scheme string) {
	p.t.Helper()
	_, err := chromedp.Call(started, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Media: medium, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

// colours counts the colours of a picture of the first element that a selector finds, up to most.
func (p *tab) colours(selector string, most int) int {
	p.t.Helper()
	if !eval[bool](p, "document.querySelector('"+selector+"') !== null") {
		return 0 // a picture would wait for it
	}
	data, err := chromedp.Run(started, chromedp.Screenshot(chromedp.CSS(selector)))
	if err != nil {
		p.t.Fatalf("%s: %v", selector, err)
	}
	picture, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		p.t.Fatal(err)
	}
	found := map[color.Color]bool{}
	for y := picture.Bounds().Min.Y; y < picture.Bounds().Max.Y; y++ {
		for x := picture.Bounds().Min.X; x < picture.Bounds().Max.X && len(found) < most; x++ {
			found[picture.At(x, y)] = true
		}
	}
	return len(found)
}

// TestNoBrowser holds that Start says so if there is no Chromium, so that tests skip.
func TestNoBrowser(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, _, err := Start(); !errors.Is(err, ErrNone) {
		t.Errorf("got %v, want %v", err, ErrNone)
	}
}
