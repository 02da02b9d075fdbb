//go:build !((linux && (386 || amd64 || arm || arm64 || ppc64le || riscv64 || s390x)) || (darwin && (amd64 || arm64)) || (windows && (amd64 || arm64)) || (freebsd && (amd64 || arm64)) || (openbsd && (amd64 || arm64)) || (netbsd && amd64))

package zlib

// A Size would measure what zlib makes of data. There is none here.
type Size struct{}

// New returns nil.
func New() *Size { return nil }

// Write adds nothing.
func (*Size) Write(data []byte) (int, error) { return len(data), nil }

// Bytes returns 0.
func (*Size) Bytes() int { return 0 }
