//go:build (linux || darwin) && (386 || amd64 || arm || arm64)

package cuda

import (
	"runtime"

	"github.com/ebitengine/purego"
)

// openLibrary opens a library. It returns a function that sets *f, a function variable, to a
// symbol of the library. The reason of an error belongs to the thread: both stay on theirs.
func openLibrary(name string) (register func(f any, symbol string) error, err error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	library, err := purego.Dlopen(name, purego.RTLD_NOW|purego.RTLD_GLOBAL)
	return func(f any, symbol string) error {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		p, err := purego.Dlsym(library, symbol)
		if err == nil {
			purego.RegisterFunc(f, p)
		}
		return err
	}, err
}
