package browser

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	cdpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/ktzip/ktzip/cmd/internal/describe"
	"github.com/ktzip/ktzip/cmd/internal/page"
)

var (
	started context.Context // of the browser of all tests
	failure error
)

func TestMain(m *testing.M) {
	ctx, stop, err := Start()
	started, failure = ctx, err
	code := m.Run()
	if err == nil {
		stop()
	}
	if ktzipDir != "" {
		os.RemoveAll(ktzipDir)
	}
	os.Exit(code)
}

// A tab is a page in a browser.
type tab struct {
	t    *testing.T
	ctx  context.Context
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

// openFile opens a page in a tab of its own. At the end of the test it must not have written errors to the
// console, nor have opened a dialog.
func openFile(t *testing.T, path string, before ...chromedp.Action[chromedp.Void]) *tab {
	t.Helper()
	p := &tab{t: t, path: path}
	ctx, cancel := chromedp.NewContext(started)
	p.ctx = ctx
	p.do(before...)
	messages := chromedp.Console(ctx)
	dialogs := chromedp.Events(ctx, cdpage.JavascriptDialogOpening)
	var readers sync.WaitGroup
	readers.Go(func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			t.Errorf("the console has %s", m)
		}
	})
	readers.Go(func() {
		for d, err := range dialogs {
			if err != nil {
				return
			}
			t.Errorf("the page opened a dialog: %s", d.Message)
			cancel()
		}
	})
	t.Cleanup(func() { cancel(); readers.Wait() })
	p.do(chromedp.EmulateViewport(1200, 900), chromedp.Navigate("file://"+p.path))
	return p
}

func (p *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, actions...); err != nil {
		p.t.Fatal(err)
	}
}

// eval evaluates an expression in a page.
func eval[T any](p *tab, expression string) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression))
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

// media emulates a medium, such as print, and a scheme of colours.
func (p *tab) media(medium, scheme string) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Media: medium, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

// colours counts the colours of a picture of the first element that a selector finds.
func (p *tab) colours(selector string) int {
	p.t.Helper()
	if !eval[bool](p, "document.querySelector('"+selector+"') !== null") {
		return 0 // a picture would wait for it
	}
	data, err := chromedp.Run(p.ctx, chromedp.Screenshot(chromedp.CSS(selector)))
	if err != nil {
		p.t.Fatalf("%s: %v", selector, err)
	}
	picture, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		p.t.Fatal(err)
	}
	return len(coloursOf(picture))
}

func coloursOf(m image.Image) map[color.Color]bool {
	found := map[color.Color]bool{}
	for y := m.Bounds().Min.Y; y < m.Bounds().Max.Y; y++ {
		for x := m.Bounds().Min.X; x < m.Bounds().Max.X; x++ {
			found[m.At(x, y)] = true
		}
	}
	return found
}

// TestNoBrowser holds that Start says so if there is no Chromium, so that tests skip.
func TestNoBrowser(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, _, err := Start(); !errors.Is(err, ErrNone) {
		t.Errorf("got %v, want %v", err, ErrNone)
	}
}
