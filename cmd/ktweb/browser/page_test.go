package browser

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// maxTime ends a browser that hangs. It is arbitrary, and some ten times what the tests take.
const maxTime = time.Minute

var folder string // of the page, if it was made; TestMain removes it

// build makes the folder of the page, once for all tests.
var build = sync.OnceValue(func() (err error) {
	if folder, err = os.MkdirTemp("", "ktweb"); err != nil {
		return err
	}
	cmd := exec.Command("go", "run", "./cmd/ktweb", folder)
	cmd.Dir = "../../.."
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if folder != "" {
		os.RemoveAll(folder)
	}
	os.Exit(code)
}

// A visit is an open page.
type visit struct {
	*testing.T
	ctx       context.Context
	downloads string // the folder
	mu        sync.Mutex
	wrong     []string // what the page complains of
}

// open makes the page, serves it, and opens it.
func open(t *testing.T) *visit {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no Chromium, which shows the page")
	}
	if err := build(); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.FileServer(http.Dir(folder)))
	t.Cleanup(server.Close)

	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium))
	if os.Geteuid() == 0 { // the sandbox refuses to run as root
		options = append(options, chromedp.NoSandbox)
	}
	ctx, cancel := context.WithTimeout(context.Background(), maxTime)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	v := &visit{T: t, ctx: ctx, downloads: t.TempDir()}
	v.do()
	if err := chromedp.Listen(ctx, v.note); err != nil {
		t.Fatal(err)
	}
	events := true
	_, err = chromedp.CallBrowser(ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: v.downloads, EventsEnabled: &events,
	})
	if err != nil {
		t.Fatal(err)
	}
	v.do(chromedp.Navigate(server.URL))
	t.Cleanup(func() {
		v.mu.Lock()
		defer v.mu.Unlock()
		if len(v.wrong) > 0 {
			t.Errorf("the page complains: %q", v.wrong)
		}
	})
	return v
}

// note notes what the page complains of.
func (v *visit) note(event any) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		v.wrong = append(v.wrong, e.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		v.wrong = append(v.wrong, e.Entry.Text)
	}
}

func (v *visit) do(actions ...chromedp.Action[chromedp.Void]) {
	v.Helper()
	if err := chromedp.Do(v.ctx, actions...); err != nil {
		v.Fatal(err)
	}
}

// text returns the value of an expression in the page.
func (v *visit) text(expression string) string {
	v.Helper()
	text, err := chromedp.Run(v.ctx, chromedp.Evaluate[string](expression))
	if err != nil {
		v.Fatal(err)
	}
	return text
}

// give gives the page a file, waits until all of it is shown, and returns what the page says.
func (v *visit) give(path string) (state string) {
	v.Helper()
	path, err := filepath.Abs(path)
	if err != nil {
		v.Fatal(err)
	}
	v.do(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{path}))
	return v.shown()
}

// shown waits until all of a file is shown, and returns what the page says.
func (v *visit) shown() (state string) {
	v.Helper()
	v.do(chromedp.WaitReady(chromedp.CSS("body[data-done]")))
	return v.text(content("state"))
}

// drop drops a file on the page, and returns what the page says at the end.
func (v *visit) drop(path string) (state string) {
	v.Helper()
	path, err := filepath.Abs(path)
	if err != nil {
		v.Fatal(err)
	}
	data := &input.DragData{Items: []*input.DragDataItem{}, Files: []string{path}, DragOperationsMask: 1} // copy
	for _, kind := range []input.DispatchDragEventType{input.DispatchDragEventTypeDragEnter, input.DispatchDragEventTypeDragOver, input.DispatchDragEventTypeDrop} {
		if _, err := chromedp.Call(v.ctx, input.DispatchDragEvent, input.DispatchDragEventParams{Type: kind, X: 200, Y: 150, Data: data}); err != nil {
			v.Fatal(err)
		}
	}
	return v.shown()
}

// content is the text that an element shows.
func content(id string) string { return "document.getElementById('" + id + "').textContent" }

// showsReport checks that the report is drawn, with these texts.
func (v *visit) showsReport(texts ...string) {
	v.Helper()
	report := v.text(content("report"))
	for _, text := range texts {
		if !strings.Contains(report, text) {
			v.Errorf("the report lacks %q", text)
		}
	}
}

// save saves what was restored, and returns its name and bytes.
func (v *visit) save() (name string, content []byte) {
	v.Helper()
	events := chromedp.BrowserEvents(v.ctx, browser.DownloadProgress)
	v.do(chromedp.Click(chromedp.CSS("#download")))
	for e, err := range events {
		if err != nil || e.State == browser.DownloadProgressStateCanceled {
			v.Fatalf("the download ends %s: %v", e.State, err)
		}
		if e.State == browser.DownloadProgressStateCompleted {
			break
		}
	}
	entries, err := os.ReadDir(v.downloads)
	if err != nil || len(entries) != 1 {
		v.Fatal("downloads: ", entries, err)
	}
	name = entries[0].Name()
	path := filepath.Join(v.downloads, name)
	if content, err = os.ReadFile(path); err != nil {
		v.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		v.Fatal(err)
	}
	return name, content
}

const golden = "../../../container/testdata/golden/3/"

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// write writes a file of this name in a folder of its own.
func write(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestPage holds that the page restores intact files, what is intact of damaged ones, and shows what is in
// them, in any order, and that it asks for nothing but its own files.
func TestPage(t *testing.T) {
	v := open(t)
	want := read(t, golden+"every-plan.raw")
	if state := v.give(golden + "every-plan.ktz"); !strings.Contains(state, "is intact") {
		t.Errorf("of an intact file: %s", state)
	}
	if _, got := v.save(); !bytes.Equal(got, want) {
		t.Errorf("got %d bytes, want %d others", len(got), len(want))
	}
	v.showsReport("every-plan", "Map", "How it is made", "All figures")

	changed := slices.Clone(read(t, golden+"concatenated.ktz"))
	changed[len(changed)/2] ^= 0x55
	want = read(t, golden+"concatenated.raw")
	state := v.give(write(t, "changed.ktz", changed))
	if damage := v.text(content("damage")); !strings.Contains(state, "is damaged") || !strings.Contains(damage, "are missing") {
		t.Errorf("of a damaged file: %s, %s", state, damage)
	}
	v.showsReport("cannot be restored", "All figures")
	_, got := v.save()
	if len(got) != len(want) {
		t.Fatalf("got %d bytes, want %d", len(got), len(want))
	}
	for k := range got {
		if got[k] != want[k] && got[k] != 0 {
			t.Fatalf("a wrong byte at %d", k)
		}
	}

	if state := v.give(write(t, "text.ktz", []byte("no compressed file"))); !strings.Contains(state, "text.ktz is not a .ktz file") {
		t.Errorf("of what is no file: %s", state)
	}
	if others := v.text(`performance.getEntriesByType("resource").map(e => e.name).filter(n => !n.startsWith(location.origin) && !n.startsWith("data:")).join()`); others != "" {
		t.Errorf("the page asks for %s", others)
	}
	if state := v.drop(golden + "every-plan.ktz"); !strings.Contains(state, "is intact") {
		t.Errorf("of a file that is dropped, after what is no file: %s", state)
	}
	v.showsReport("every-plan", "All figures")
}

// TestNamesAreText holds that names never become markup.
func TestNamesAreText(t *testing.T) {
	v := open(t)
	name := `<img src=x onerror=alert(1)>.ktz`
	state := v.give(write(t, name, read(t, golden+"every-plan.ktz")))
	if !strings.Contains(state, name) {
		t.Errorf("the page says %s", state)
	}
	if v.text(`"" + document.querySelectorAll("img, #state *").length`) != "0" {
		t.Error("a name is markup")
	}
}

// TestPageOfFile holds that a page that is opened as a file says what it needs.
func TestPageOfFile(t *testing.T) {
	v := open(t)
	v.do(chromedp.Navigate("file://" + filepath.Join(folder, "index.html")))
	if state := v.text(content("state")); !strings.Contains(state, "Let a server serve the folder") {
		t.Errorf("the page says %q", state)
	}
}
