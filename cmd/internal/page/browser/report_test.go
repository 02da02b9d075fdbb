package browser

import (
	"bytes"
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/ktzip/ktzip/cmd/internal/describe"
	"github.com/ktzip/ktzip/cmd/internal/page"
	"github.com/ktzip/ktzip/cmd/internal/page/pagetest"
)

// tagsOf lists the kinds of elements of a page, with those attributes that act.
const tagsOf = `[...new Set([...document.querySelectorAll('*')].map(e => e.tagName + [...e.attributes].map(a => a.name).filter(n => /^on|^src|^href|^style|^action|^formaction|^xlink/.test(n)).sort().join(' ')))].sort()`

// short returns a report with a part of each kind and a few programs of blocks, which take time to draw.
func short() *describe.Report {
	r := pagetest.Report()
	r.Programs = r.Programs[:8]
	return r
}

// TestDraws holds that reports of all kinds draw without an error.
func TestDraws(t *testing.T) {
	for name, r := range map[string]*describe.Report{"all": pagetest.Report(), "large": pagetest.Large(), "empty": pagetest.Empty(), "bare": pagetest.Bare(), "wrong": pagetest.Wrong()} {
		t.Run(name, func(t *testing.T) {
			p := open(t, r)
			if name != "large" { // its hundred plans take some seconds
				p.drawAll()
				p.do(chromedp.Evaluate[chromedp.Void](`document.querySelectorAll('button, .step').forEach(b => b.dispatchEvent(new MouseEvent('click'))); null`))
			}
			p.wants("document.getElementById('ktzip-report').dataset.ready > 0", "document.querySelectorAll('h1').length === 1",
				"!document.getElementById('ktzip-report').textContent.includes('cannot be drawn')", "!document.getElementById('ktzip-report').innerText.match(/undefined|NaN|\\[object|Infinity/)")
		})
	}
}

// TestHostileTextIsText holds that a report full of markup has no elements that another report lacks.
func TestHostileTextIsText(t *testing.T) {
	plain := open(t, pagetest.Report())
	plain.drawAll()
	known := eval[[]string](plain, tagsOf)
	hostile := open(t, pagetest.HostileReport())
	hostile.drawAll()
	for _, tag := range eval[[]string](hostile, tagsOf) {
		if !slices.Contains(known, tag) {
			t.Errorf("an element %s", tag)
		}
	}
	hostile.wants("document.scripts.length === 2", "document.images.length === 0", "document.querySelector('h1').textContent.startsWith('</script><script>alert(1)')",
		`![...document.getElementById('ktzip-report').querySelectorAll('*')].some(e => /[\u0000\u200b\u202e\u2066\ufeff]/.test(e.textContent + [...e.attributes].map(a => a.value).join('')))`)
}

// TestCleanIsThatOfGo holds that the script shows the same characters as escapes as package page.
func TestCleanIsThatOfGo(t *testing.T) {
	p := open(t, pagetest.Empty())
	got := eval[[]int](p, `Array.from({length: 0xd800}, (_, i) => i).concat(Array.from({length: 0x2000}, (_, i) => 0xe000 + i)).filter(i => ktzipReport.clean(String.fromCharCode(i)) !== String.fromCharCode(i))`)
	var want []int
	for r := range rune(0x10000) {
		if s := string(r); (r < 0xd800 || r >= 0xe000) && page.Clean(s) != s {
			want = append(want, int(r))
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %x, want %x", got, want)
	}
}

// TestFiguresAreThoseOfList holds that the page has each figure that -l --json has.
func TestFiguresAreThoseOfList(t *testing.T) {
	p := open(t, pagetest.Report())
	wrong := eval[[]string](p, `(() => {
		const wrong = [], shown = new Map([...document.querySelectorAll('[data-key]')].map(e => [e.dataset.key, e]));
		let n = 0;
		const walk = (v, path) => {
			if (v !== null && typeof v === 'object') { Object.entries(v).forEach(([k, x]) => walk(x, path ? path + '.' + k : k)); return; }
			n++;
			const e = shown.get(path);
			shown.delete(path);
			if (!e || e.value !== String(v)) { wrong.push(path + ' is ' + v); return; }
			const digits = e.textContent.replace(/\D/g, '');
			if (Number.isInteger(v) && digits !== String(v)) wrong.push(path + ' shows ' + e.textContent);
		};
		walk(JSON.parse(document.getElementById('ktzip-report-data').textContent).list, '');
		if (n < 20) wrong.push('only ' + n + ' figures');
		return wrong.concat([...shown.keys()]);
	})()`)
	if len(wrong) > 0 {
		t.Errorf("figures differ: %s", strings.Join(wrong, "; "))
	}
}

// TestMapTells holds that mouse and keyboard move over the map, and into its segments and sections.
func TestMapTells(t *testing.T) {
	p := open(t, pagetest.Report())
	place := eval[[]float64](p, `(() => { scrollTo(0, 400); const b = document.querySelector('.strip').getBoundingClientRect(); return [b.x, b.y, b.width, b.height]; })()`)
	at := func(share float64) (x, y float64) { return place[0] + share*place[2], place[1] + place[3]/2 }
	x, y := at(0.5)
	p.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x, y))
	p.wants(`document.querySelector('.readout').textContent.includes('2 of 3')`, `document.querySelector('.readout').textContent.includes('12 channels of 16-bit samples')`,
		`document.querySelector('.readout').textContent.includes('; stream 2')`, `/Before and after[0-9,]+ bytes, coded in about [0-9,]+/.test(document.querySelector('.readout').textContent)`,
		`!document.querySelector('.marker').hidden`)
	x, y = at(0.9)
	p.do(chromedp.MouseClickXY(x, y))
	p.wants(`document.querySelector('.closer h3').textContent === 'Segment 3'`, `!document.querySelector('.window').hidden`)

	p.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('.strip').focus(); null`), chromedp.KeyEvent(kb.Home))
	p.wants(`document.activeElement.getAttribute('aria-valuenow') === '0'`)
	p.do(chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowRight))
	p.wants(`document.activeElement.getAttribute('aria-valuenow') === '2'`, `document.activeElement.getAttribute('aria-valuetext').includes('Offset 17,500 to 26,250')`,
		`document.querySelector('.readout').textContent.includes('17,500 to 26,250')`, `document.querySelector('.readout').textContent.includes('bits a byte')`)
	p.do(chromedp.KeyEvent(kb.Enter))
	p.wants(`document.querySelector('.closer h3').textContent === 'Segment 1'`, `document.activeElement.closest('.closer') !== null`)
	p.do(chromedp.KeyEvent(kb.End), chromedp.KeyEvent(kb.Enter))
	p.wants(`document.querySelector('.closer h3').textContent === 'rows of text by 12 templates'`, `document.querySelectorAll('.crumbs button').length === 2`)
	p.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('.crumbs button').click(); null`))
	p.wants(`document.querySelector('.closer').textContent === ''`)

	p.do(chromedp.Evaluate[chromedp.Void](`document.querySelectorAll('.costly h3 ~ .scroll .link')[1].click(); null`))
	p.wants(`document.querySelector('.closer h3').textContent === '12 channels of 16-bit samples'`)
}

// TestMapShowsDamage holds that what cannot be restored is on the map, and leads nowhere.
func TestMapShowsDamage(t *testing.T) {
	r := pagetest.Report()
	r.Segments, r.Costly = []describe.SegmentPart{r.Segments[0], r.Segments[2]}, nil
	p := open(t, r)
	p.drawAll()
	p.wants(`document.querySelectorAll('.strip rect.lost').length === 1`, `document.querySelector('.legend .lost') !== null`,
		`document.querySelector('.shrink').textContent.includes('and what is damaged')`)
	place := eval[[]float64](p, `(() => { scrollTo(0, 400); const b = document.querySelector('.strip').getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; })()`)
	p.do(chromedp.MouseClickXY(place[0], place[1]))
	p.wants(`document.querySelector('.readout').textContent === 'Offset700,000 to 1,400,000Damaged700,000 bytes, which cannot be restored'`,
		`document.querySelector('.closer').textContent === ''`)
	whole := open(t, pagetest.Report())
	whole.wants(`document.querySelector('.lost') === null`)
}

// TestPartsTell holds that parts that cost much are named and lead to their detail, and that bytes show as characters, too.
func TestPartsTell(t *testing.T) {
	p := open(t, pagetest.Report())
	p.drawAll()
	p.wants(`[...document.querySelectorAll('.costly .scroll')].length === 2`, `document.querySelector('.costly tbody tr').textContent.startsWith('kind 30: float32 at byte 13')`,
		`document.querySelector('.costly tbody tr').textContent.includes('0.125')`, `document.querySelector('.kind .characters').textContent === '··D··' + 'A'.repeat(12)`,
		`document.querySelector('.closer .characters') === null`, `document.querySelector('.streams tbody tr').textContent.includes('heads of bytes 20 to 921,630')`)
	p.do(chromedp.Evaluate[chromedp.Void](`document.querySelectorAll('.costly .link')[1].click(); null`))
	p.wants(`document.activeElement === document.querySelectorAll('.detail')[1]`)
}

// TestGraphTells holds that a step shows its line, that the boxes of a graph do not overlap, and that text
// stays in its box.
func TestGraphTells(t *testing.T) {
	p := open(t, pagetest.Report())
	p.drawAll()
	p.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('.step[tabindex="0"]').focus(); null`), chromedp.KeyEvent(kb.ArrowDown))
	p.wants(`document.querySelector('.line').textContent.startsWith('sequence_4 = columns')`, `document.querySelectorAll('.graph')[0].querySelectorAll('.step').length === 8`,
		`document.querySelectorAll('.graph')[1].querySelectorAll('.step').length === 40`)
	wrong := eval[[]string](p, `[...document.querySelectorAll('.graph')].flatMap(g => {
		const boxes = [...g.querySelectorAll('.box')].map(b => b.getBoundingClientRect()), wrong = [];
		boxes.forEach((a, i) => boxes.slice(i + 1).forEach(b => { if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom) wrong.push('boxes overlap'); }));
		g.querySelectorAll('.step').forEach(s => { const face = s.querySelector('.face').getBoundingClientRect();
			s.querySelectorAll('text').forEach(x => { const r = x.getBoundingClientRect(); if (r.right > face.right || r.bottom > face.bottom + 2) wrong.push(x.textContent); }); });
		return wrong;
	})`)
	if len(wrong) > 0 {
		t.Errorf("wrong: %s", strings.Join(wrong, "; "))
	}
}

// TestPartsWork holds what buttons and links of other parts do.
func TestPartsWork(t *testing.T) {
	p := open(t, pagetest.Report())
	p.drawAll()
	p.wants(`document.querySelectorAll('.block').length === 40`)
	p.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('.more').click(); null`))
	p.wants(`document.querySelectorAll('.block').length === 240`, `document.activeElement.textContent.startsWith('Block 41')`)
	p.do(chromedp.Evaluate[chromedp.Void](`document.querySelectorAll('.refers button')[0].click(); null`))
	p.wants(`document.activeElement.textContent.startsWith('Block 5')`)
	p.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('.channel .link').click(); null`))
	p.wants(`document.querySelector('.channel .link').getAttribute('aria-pressed') === 'true'`, `document.querySelector('.channel').textContent.includes('magnified')`)
	p.wants(`document.querySelectorAll('.template mark').length === 6`, `document.querySelector('.damage').textContent.includes('is intact')`,
		`document.querySelectorAll('.methods tbody tr').length === 5`,
		`[...document.querySelectorAll('.layout span')].every(s => parseFloat(s.style.left) >= 0 && parseFloat(s.style.left) + parseFloat(s.style.width) < 100.01)`,
		`[...document.querySelectorAll('.records tr')].some(r => r.textContent.startsWith('–9other fields'))`)
}

// TestPicturesShow holds that each kind of part draws something, in light and in dark.
func TestPicturesShow(t *testing.T) {
	p := open(t, short())
	p.drawAll()
	for selector, want := range map[string]int{
		".shrink": 3, ".legend": 16, ".strip": 12, ".methods": 4, ".graph": 4, ".layout": 3, ".curve.values": 3, ".curve.rest": 3,
		".images canvas": 50, ".images figure:nth-child(2) canvas": 20, ".template": 4, ".block": 3, ".figures": 3,
	} {
		if got := p.colours(selector, want); got < want {
			t.Errorf("%s: %d colours, want at least %d", selector, got, want)
		}
	}
	p.media("", "dark")
	p.wants(`getComputedStyle(document.getElementById('ktzip-report')).backgroundColor === 'rgb(20, 24, 27)'`)
	if got := p.colours(".graph", 4); got < 4 {
		t.Errorf("the graph in the dark: %d colours, want at least 4", got)
	}
}

// TestKeyboardReachesEverything holds that the Tab key goes to all that can be used.
func TestKeyboardReachesEverything(t *testing.T) {
	p := open(t, short())
	p.drawAll()
	p.do(chromedp.Evaluate[chromedp.Void](`window.reached = new Set(); document.addEventListener('focusin', e => reached.add(e.target)); null`))
	want := eval[int](p, `(window.usable = [...document.querySelectorAll('a[href], button, summary, [tabindex="0"]')].filter(e => e.checkVisibility())).length`)
	p.do(chromedp.KeyEvent(strings.Repeat(kb.Tab, want+40)))
	if missed := eval[[]string](p, `usable.filter(e => !reached.has(e)).map(e => e.tagName + ' ' + e.className + ' ' + e.textContent.slice(0, 40))`); len(missed) > 0 {
		t.Errorf("of %d elements the Tab key does not reach %d: %s", want, len(missed), strings.Join(missed, "; "))
	}
}

// TestReadersFindTheirWay holds what programs that read a page aloud need.
func TestReadersFindTheirWay(t *testing.T) {
	p := open(t, short())
	p.drawAll()
	p.wants(`document.documentElement.lang === 'en'`, `document.querySelectorAll('main').length === 1`, `document.querySelector('a').getAttribute('href') === '#ktzip-report'`,
		`![...document.querySelectorAll('th')].some(e => !e.scope)`, `![...document.querySelectorAll('table')].some(e => !e.caption)`,
		`![...document.querySelectorAll('[role=img], [role=slider], nav, section.section')].some(e => !e.getAttribute('aria-label'))`,
		`(ids => new Set(ids).size === ids.length)([...document.querySelectorAll('[id]')].map(e => e.id))`,
		`[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(e => +e.tagName[1]).every((n, i, all) => i === 0 ? n === 1 : n <= all[i - 1] + 1)`)
}

// TestFitsScreens holds that a page is not wider than its screen, and that nothing is cut on paper.
func TestFitsScreens(t *testing.T) {
	p := open(t, short())
	p.drawAll()
	for _, width := range []int64{360, 400, 800, 1200} {
		p.do(chromedp.EmulateViewport(width, 900))
		if got := eval[int64](p, "document.documentElement.scrollWidth"); got > width {
			t.Errorf("at %d pixels the page has %d", width, got)
		}
	}
	p.media("print", "light")
	p.do(chromedp.EmulateViewport(700, 900)) // about a page of A4
	if cut := eval[[]string](p, `[...document.querySelectorAll('svg, canvas, table, pre')].filter(e => e.getBoundingClientRect().right > 701).map(e => e.tagName + ' ' + e.getAttribute('class') + (e.caption ? e.caption.textContent + [...e.rows[1].cells].map(c => c.offsetWidth).join(' ') : ''))`); len(cut) > 0 {
		t.Errorf("cut on paper: %s", strings.Join(cut, "; "))
	}
}

// TestPrints holds that a page prints, with its parts open.
func TestPrints(t *testing.T) {
	p := open(t, short())
	shut := eval[int](p, `document.querySelectorAll('details:not([open])').length`)
	p.do(chromedp.Evaluate[chromedp.Void](`addEventListener('beforeprint', () => window.printed = document.querySelectorAll('details.detail:not([open])').length); null`))
	pdf, err := chromedp.Run(started, chromedp.PrintToPDF(chromedp.PDFPrintBackground()))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) || len(pdf) < 50_000 {
		t.Errorf("got a PDF of %d bytes", len(pdf))
	}
	p.wants(`window.printed === 0`)
	if got := eval[int](p, `document.querySelectorAll('details.detail:not([open])').length`); shut > 0 && got == 0 {
		t.Error("parts stay open after printing")
	}
}

// TestTextWithoutScript holds that a browser without a script shows the report in words.
func TestTextWithoutScript(t *testing.T) {
	scripts := func(on bool) chromedp.Action[chromedp.Void] {
		return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
			return err
		})
	}
	p := open(t, pagetest.Report(), scripts(false))
	t.Cleanup(func() { p.do(scripts(true)) })
	if got := eval[string](p, `document.body.innerText`); !strings.Contains(got, "the text of the report") {
		t.Errorf("the page shows %q", got)
	}
}

// TestLargeReport measures the page of 100 segments, and bounds its size.
func TestLargeReport(t *testing.T) {
	p := open(t, pagetest.Large())
	info, err := os.Stat(p.path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > 3_000_000 {
		t.Errorf("the page has %d bytes", info.Size())
	}
	p.wants(`document.querySelectorAll('.strip rect').length >= 400`)
	t.Logf("%d bytes; drawn in %s ms, ready after %s ms", info.Size(), eval[string](p, `document.getElementById('ktzip-report').dataset.drawn`), eval[string](p, `document.getElementById('ktzip-report').dataset.ready`))
}
