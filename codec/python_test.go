package codec

import (
	"encoding/binary"
	"io"
	"os/exec"
	"sync"
	"testing"
)

// pythonShare is of how many files unktz.py gets one while fuzzing; of seeds and finds it
// gets all.
const pythonShare = 100

// pythonServer restores files that it reads from standard input.
const pythonServer = `
import sys
sys.path.insert(0, "../container/testdata")
import unktz
sys.setrecursionlimit(10000)
src, dst = sys.stdin.buffer, sys.stdout.buffer
while n := src.read(4):
    f, out = unktz.Reader(src.read(int.from_bytes(n, "little"))), bytearray()
    try:
        end = len(f.data.rstrip(bytes(1)))
        unktz.need(end, "empty input")
        while f.pos < end:
            unktz.restore_file(f, out.extend)
        ok = 1
    except (unktz.Invalid, UnicodeDecodeError):
        ok, out = 0, b""
    except Exception as e:
        ok, out = 2, repr(e).encode()
    dst.write(bytes([ok]) + len(out).to_bytes(4, "little") + out)
    dst.flush()
`

// pythonProcess starts unktz.py once a process; nil if that can't be.
var pythonProcess = sync.OnceValue(func() *pythonPipe {
	path, err := exec.LookPath("python3")
	if err != nil {
		return nil
	}
	cmd := exec.Command(path, "-B", "-c", pythonServer)
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil
	}
	out, err := cmd.StdoutPipe()
	if err != nil || cmd.Start() != nil {
		return nil
	}
	return &pythonPipe{in: in, out: out}
})

// A pythonPipe is a running unktz.py, which ends with this process.
type pythonPipe struct {
	mu  sync.Mutex
	in  io.Writer
	out io.Reader
}

// pythonRestores is what unktz.py restores file to, if it takes it. ran is false if it
// can't be run.
func pythonRestores(t *testing.T, file []byte) (out []byte, taken, ran bool) {
	p := pythonProcess()
	if p == nil {
		return nil, false, false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := p.in.Write(append(binary.LittleEndian.AppendUint32(nil, uint32(len(file))), file...)); err != nil {
		t.Fatal("unktz.py: ", err)
	}
	var head [5]byte
	if _, err := io.ReadFull(p.out, head[:]); err != nil {
		t.Fatal("unktz.py: ", err)
	}
	out = make([]byte, binary.LittleEndian.Uint32(head[1:]))
	if _, err := io.ReadFull(p.out, out); err != nil {
		t.Fatal("unktz.py: ", err)
	}
	if head[0] == 2 {
		t.Fatalf("unktz.py neither restores nor refuses: %s", out)
	}
	return out, head[0] == 1, true
}
