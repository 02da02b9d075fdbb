package packet

import (
	"math/rand/v2"
	"testing"
)

// TestFindsPackets draws packets with headers and counters, and bytes that are none.
func TestFindsPackets(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for range 30 {
		head, payload, tail := 4+r.IntN(40), minPayload+4*r.IntN(250), r.IntN(200)
		want := Packets{Size: head + payload + tail, From: head, To: head + payload}
		magic := make([]byte, head+tail)
		for i := range magic {
			magic[i] = byte(r.Uint32())
		}
		var b []byte
		for k := range 40 + r.IntN(100) {
			magic[3] = byte(k)
			b = append(b, magic[:head]...)
			for range payload {
				b = append(b, byte(r.Uint32()))
			}
			b = append(b, magic[head:]...)
		}
		got, ok := Find(b)
		if !ok || got != want {
			t.Fatalf("%+v, want %+v", got, want)
		}
		lead := r.IntN(want.Size)
		got, ok = Find(b[lead:])
		if !ok || got.Size != want.Size || got.To-got.From != payload || (got.Lead+lead+got.From-want.From)%want.Size != 0 {
			t.Fatalf("after %d bytes: %+v, want %+v", lead, got, want)
		}
	}
	for n := range 300 {
		b := make([]byte, 10*n)
		for i := range b {
			b[i] = byte(r.IntN(1 << (n % 9)))
		}
		if got, ok := Find(b); ok {
			t.Errorf("%d random bytes: %+v", n, got)
		}
	}
}
