//go:build !unix

package files

import "io/fs"

func processMask() fs.FileMode { return 0 }
