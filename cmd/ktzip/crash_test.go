package main

import (
	"context"
	"os"
	"runtime/debug"

	"github.com/ktzip/ktzip/cmd/internal/cli"
	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
)

// crash is ktzip with the fault that KTCRASH names.
func crash() {
	leaveNothing()
	search := func(cli.SearchOptions) (*codec.WriterConfig, cli.Notes, error) {
		if os.Getenv("KTCRASH") == "start" {
			panic("at the start")
		}
		return &codec.WriterConfig{Finder: crasher{}}, cli.Notes{}, nil
	}
	os.Exit(cli.Main(cli.Command{Name: "ktcrash", Compress: true, Search: search}, os.Args))
}

// A crasher is a Finder that fails in the goroutines of a codec.Writer.
type crasher struct{}

var kept [][]byte // memory that the collector can't free

func (crasher) Promising([]byte) bool {
	switch os.Getenv("KTCRASH") {
	case "panic":
		panic("in a goroutine")
	case "deep":
		debug.SetMaxStack(1 << 20)
		return deep(0) > 0
	case "memory":
		if !limitMemory() {
			panic("no limit here")
		}
		for {
			b := make([]byte, 1<<20)
			for i := 0; i < len(b); i += 4096 {
				b[i] = 1
			}
			kept = append(kept, b)
		}
	}
	return false
}

func (crasher) Find(_ context.Context, stream []byte, from, size int, limits []dsl.Cost, steps int64) ([]*dsl.Program, int64) {
	return make([]*dsl.Program, len(limits)), 0
}

// deep exhausts the stack.
//
//lint:ignore SA5007 the recursion is the point
func deep(n int) int { return deep(n+1) + n }
