package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"runtime/pprof"

	"github.com/ktzip/ktzip"
	"github.com/ktzip/ktzip/codec"
)

func main() {
	level := flag.Int("l", 6, "")
	n := flag.Int("n", 1, "")
	flag.Parse()
	src, _ := os.ReadFile(flag.Arg(0))
	f, _ := os.Create(flag.Arg(1))
	pprof.StartCPUProfile(f)
	for range *n {
		var b bytes.Buffer
		cfg := ktzip.WriterConfig(*level); cfg.Threads = 1; w, err := codec.NewWriter(&b, cfg)
		_ = err
		w.Write(src)
		w.Close()
		fmt.Println(b.Len())
	}
	pprof.StopCPUProfile()
}
