package cli

import (
	"fmt"
	"runtime/debug"
)

// The runtime's exit code for a panic and for exhausted memory is 2, which means a warning
// here. With "crash" both end the process by SIGABRT instead.
func init() { debug.SetTraceback("crash") }

// recover, if deferred, turns a panic into an error and removes the unfinished output. It
// serves the goroutine that works on the operands.
func (a *app) recover(code *int) {
	why := recover()
	if why == nil {
		return
	}
	a.temp.remove()
	*code = exitError
	a.message("", fmt.Sprintf("a bug in this program: %v\n%s", why, debug.Stack()))
}
