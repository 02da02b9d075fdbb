package browser

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"time"

	"github.com/chromedp/chromedp"
)

// ErrNone says that there is no Chromium.
var ErrNone = errors.New("browser: no chromium in PATH")

// maxTime ends a browser that hangs. It is arbitrary, and some five times what the tests of all real files
// take.
const maxTime = 25 * time.Minute

// Start starts a Chromium without a window. stop ends it.
func Start() (ctx context.Context, stop func(), err error) {
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		return nil, nil, ErrNone
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.Flag("hide-scrollbars", true), chromedp.Flag("force-color-profile", "srgb"))
	if os.Geteuid() == 0 { // the sandbox refuses to run as root
		options = append(options, chromedp.NoSandbox)
	}
	limited, end := context.WithTimeout(context.Background(), maxTime)
	allocator, closeAllocator := chromedp.NewExecAllocator(limited, options...)
	ctx, closeBrowser := chromedp.NewContext(allocator)
	return ctx, func() { closeBrowser(); closeAllocator(); end() }, chromedp.Do(ctx)
}
