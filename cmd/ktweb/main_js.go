package main

import (
	"fmt"
	"io"
	"syscall/js"

	"github.com/ktzip/ktzip/cmd/ktweb/internal/answer"
)

func main() {
	js.Global().Set("ktzip", map[string]any{"restore": js.FuncOf(restore), "report": js.FuncOf(report)})
	select {} // the functions are called from now on
}

func restore(_ js.Value, args []js.Value) (result any) {
	list := parts{js.Global().Get("Array").New()}
	defer func() {
		if r := recover(); r != nil { // a defect of the decoder
			failed := &answer.Restored{Error: fmt.Sprint("cannot be restored here: ", r), Nothing: true}
			list.reset()
			result = restored(failed, list)
		}
	}()
	src := source{args[0]}
	return restored(answer.Restore(args[1].String(), src, src.size(), list, list.reset), list)
}

func restored(r *answer.Restored, list parts) any {
	return map[string]any{"answer": string(answer.JSON(r)), "parts": list.array}
}

func report(_ js.Value, args []js.Value) (result any) {
	defer func() {
		if r := recover(); r != nil {
			result = string(answer.JSON(&answer.Report{Error: fmt.Sprint("cannot be described here: ", r)}))
		}
	}()
	src := source{args[0]}
	return string(answer.JSON(answer.Describe(args[1].String(), src, src.size())))
}

// A source reads a Uint8Array: the module's memory holds no copy of all of it.
type source struct{ array js.Value }

func (s source) size() int64 { return int64(s.array.Length()) }

// ReadAt implements io.ReaderAt.
func (s source) ReadAt(p []byte, off int64) (n int, err error) {
	if off < 0 || off >= s.size() {
		return 0, io.EOF
	}
	n = js.CopyBytesToGo(p, s.array.Call("subarray", off))
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// Parts keep what is written in Uint8Arrays, outside of the module's memory.
type parts struct{ array js.Value }

func (w parts) Write(p []byte) (int, error) {
	part := js.Global().Get("Uint8Array").New(len(p))
	js.CopyBytesToJS(part, p)
	w.array.Call("push", part)
	return len(p), nil
}

func (w parts) reset() { w.array.Set("length", 0) }
