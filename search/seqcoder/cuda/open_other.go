//go:build !((linux || darwin) && (386 || amd64 || arm || arm64))

package cuda

import "errors"

func openLibrary(string) (register func(f any, symbol string) error, err error) {
	return nil, errors.New("libraries can't be opened on this platform")
}
