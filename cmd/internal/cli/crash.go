package cli

import (
	"fmt"
	"runtime/debug"
)

// From here on a panic of any goroutine and exhausted memory end the process by
// SIGABRT. The runtime's exit code for both, 2, means a warning here. Before
// this, while the runtime starts, that can't be changed.
func init() { debug.SetTraceback("crash") }

// recover is deferred: it makes a panic of the goroutine that works on the
// operands an error, and leaves no unfinished output.
func (a *app) recover(code *int) {
	why := recover()
	if why == nil {
		return
	}
	a.temp.remove()
	*code = exitError
	a.message("", fmt.Sprintf("a fault of this program: %v\n%s", why, debug.Stack()))
}
