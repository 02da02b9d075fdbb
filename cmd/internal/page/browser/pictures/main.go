// Command pictures makes pictures of reports: one per argument KIND=FILE, where KIND is map, records, signal,
// image or text, and FILE a file, compressed or not, or a report that ktzip --report wrote.
//
//	go run ./pictures -o ../../../../bench map=flight.ulg.ktz signal=ecg.dat.ktz image=mr.dcm.ktz
//
// It writes report-KIND.png. The pictures in the documents are made with the font Inter (Debian: fonts-inter).
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/chromedp/chromedp"

	"github.com/ktzip/ktzip/cmd/internal/page/browser"
)

const (
	width    = 880     // CSS pixels; a README is about as wide
	maxBytes = 150_000 // of a picture, so that a clone stays small
)

// scales are pixels of a picture per CSS pixel: 1.5 is sharp on most screens.
var scales = []float64{1.5, 1}

// head are the parts of a report that each picture has.
var head = []string{".head .kicker", ".head .name", ".head .facts"}

// kinds are the kinds of pictures: the parts of a report that they show.
var kinds = map[string][]string{
	"map":     {".head .shrink", ".map > div > h2", ".map .legend", ".map .strip", ".map .axis", ".map .lane", ".detail:first-of-type .graph-scroll"},
	"records": {".records h3", ".records > p", ".records .kind:nth-of-type(-n+6) > summary", ".records .kind:nth-of-type(-n+6) .layout"},
	"signal":  {".signal h3", ".signal > p", ".signal > div:nth-of-type(-n+3)"},
	"image":   {".image h3", ".image > p", ".image .images"},
	"text":    {".rows h3", ".rows > p", ".rows .template-box:nth-of-type(-n+4) .template"},
}

func main() {
	out := flag.String("o", ".", "the folder to write to")
	program := flag.String("ktzip", "ktzip", "the program that writes the reports")
	flag.Parse()
	if err := run(*out, *program, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(out, program string, args []string) error {
	tmp, err := os.MkdirTemp("", "pictures")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	if path, err := exec.LookPath(program); err == nil {
		if program, err = filepath.Abs(path); err != nil {
			return err
		}
	}
	ctx, stop, err := browser.Start()
	if err != nil {
		return err
	}
	defer stop()
	for _, arg := range args {
		kind, file, _ := strings.Cut(arg, "=")
		parts, ok := kinds[kind]
		if !ok {
			return fmt.Errorf("pictures: %s, want KIND=FILE", arg)
		}
		report := file
		if filepath.Ext(file) != ".html" {
			report = filepath.Join(tmp, kind+".html")
			cmd := exec.Command(program, "--report", report, filepath.Base(file))
			cmd.Dir = filepath.Dir(file) // so that the report names the file alone
			if text, err := cmd.CombinedOutput(); err != nil {
				return fmt.Errorf("pictures: %s --report: %w: %s", program, err, text)
			}
		}
		if err := take(ctx, report, filepath.Join(out, "report-"+kind+".png"), append(parts, head...)); err != nil {
			return fmt.Errorf("pictures: %s: %w", arg, err)
		}
	}
	return nil
}

// keep removes all elements of a report but those that selectors find, what is in them and what they are in,
// and the space around them.
const keep = `((selectors) => {
	ktzipReport.all();
	for (const kind of ['records', 'signal', 'image', 'rows']) [...document.querySelectorAll('.part.' + kind)].slice(1).forEach(e => e.remove());
	const root = document.getElementById('ktzip-report'), wanted = [...root.querySelectorAll(selectors.join(','))];
	for (const e of [...root.querySelectorAll('*')]) {
		if (!wanted.some(w => w.contains(e) || e.contains(w))) e.remove();
	}
	root.querySelectorAll('details').forEach(d => { if (!d.querySelector(':scope > summary')) d.replaceWith(...d.childNodes); });
	root.querySelectorAll('.channel .nowrap').forEach(e => e.remove()); // a button
	const set = (list, styles) => list.forEach(e => Object.entries(styles).forEach(([name, value]) => e.style.setProperty(name, value)));
	set([...root.querySelectorAll('.body, .section, .detail, .fold, .part, .graph-scroll')], { margin: 0, padding: 0, border: 0, 'min-height': 0 });
	set([root.querySelector('.body')], { padding: '20px 0 0' });
	set([...root.querySelectorAll('.graph-scroll')], { 'margin-top': '24px', overflow: 'hidden' });
	set([...root.querySelectorAll('canvas')], { width: 'auto', height: '384px', 'max-width': '100%' });
	set([root], { padding: '24px' });
	document.activeElement.blur();
	return wanted.length;
})`

// take writes a picture of parts of a report, in the largest of scales that gives at most maxBytes.
func take(ctx context.Context, report, name string, parts []string) error {
	path, err := filepath.Abs(report)
	if err != nil {
		return err
	}
	list, err := json.Marshal(parts)
	if err != nil {
		return err
	}
	size := 0
	for _, scale := range scales {
		picture, err := draw(ctx, path, keep+"("+string(list)+")", scale)
		if err != nil {
			return err
		}
		if size = len(picture); size <= maxBytes {
			fmt.Println(name, size, "bytes")
			return os.WriteFile(name, picture, 0o644)
		}
	}
	return fmt.Errorf("the picture has %d bytes, want at most %d", size, maxBytes)
}

// draw returns a picture of what a script leaves of a report. The script says how many parts it found.
func draw(ctx context.Context, path, script string, scale float64) ([]byte, error) {
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 600, chromedp.EmulateScale(scale)), chromedp.Navigate("file://"+path)); err != nil {
		return nil, err
	}
	found, err := chromedp.Run(ctx, chromedp.Evaluate[int](script))
	if err != nil {
		return nil, err
	}
	if found <= len(head) {
		return nil, errors.New("the report has no such part")
	}
	shot, err := chromedp.Run(ctx, chromedp.Screenshot(chromedp.CSS("#ktzip-report")))
	if err != nil {
		return nil, err
	}
	picture, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, reduce(picture))
	return b.Bytes(), err
}
