//go:build (linux || darwin) && (386 || amd64 || arm || arm64)

package cuda

import "github.com/ebitengine/purego"

// openLibrary opens a library and returns what makes f, a pointer to a function, its symbol.
func openLibrary(name string) (register func(f any, symbol string) error, err error) {
	library, err := purego.Dlopen(name, purego.RTLD_NOW|purego.RTLD_GLOBAL)
	return func(f any, symbol string) error {
		at, err := purego.Dlsym(library, symbol)
		if err == nil {
			purego.RegisterFunc(f, at)
		}
		return err
	}, err
}
