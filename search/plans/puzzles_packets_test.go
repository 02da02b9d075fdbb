package plans

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"
)

// inPackets puts b into packets of one size: after some bytes, each with a header that counts, for some
// with padding, a checksum or a mark at the end. It returns about what they take
// beside b, coded.
func inPackets(r *rand.Rand, b []byte) (packets []byte, name string, beside int) {
	payload := oneOf(r, 64, 128, 184, 256, 256, 512, 1024, 2048)
	mark, padding, sum := randomBytes(r, 2+r.IntN(8)), oneOf(r, 0, 0, 220, r.IntN(100)), oneOf(r, 0, 0, 2, 4)
	address, number := oneOf(r, 0, 4), oneOf(r, 1, 2, 4)
	end := randomBytes(r, oneOf(r, 0, 4))
	packets = header(r)
	name = fmt.Sprintf("packets of %d bytes, headers of %d+%d+%d, %d of padding, checksums of %d, after %d bytes", payload, len(mark), address, number, padding, sum, len(packets))
	for count := 0; len(b) > 0; count++ {
		packets = append(packets, mark...)
		if address > 0 {
			packets = binary.LittleEndian.AppendUint32(packets, uint32(0x8000000+count*payload))
		}
		packets = appendNumber(packets, number, int64(count))
		packets = append(packets, make([]byte, 2)...)
		part := make([]byte, payload)
		b = b[copy(part, b):]
		packets = append(packets, part...)
		packets = append(packets, make([]byte, padding)...)
		packets = append(append(packets, randomBytes(r, sum)...), end...)
		beside += sum
	}
	return packets, name, beside + beside/10 + rowsPrice
}

// TestFindsPlansInPackets wants what packets carry to have plans of its own, within 5 % of what they take
// outside of packets on 90 % of them.
func TestFindsPlansInPackets(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine")
	}
	const level = 6
	draws := []func(*rand.Rand) puzzle{channels, table, picture, decimals, func(r *rand.Rand) puzzle {
		list := machines()
		return program(r, &list[r.IntN(len(list))])
	}}
	n := len(draws)
	if *full {
		n = 12 * len(draws)
	}
	found := 0
	for i := range n {
		r := rand.New(rand.NewPCG(uint64(i), 2027))
		p := draws[i%len(draws)](r)
		alone, _, _ := bestPlan(t, level, p.data)
		best := max(p.best(t), alone)
		b, name, beside := inPackets(r, p.data)
		got, plain, program := bestPlan(t, level, b)
		if got*100 <= best*105+100*beside {
			found++
			continue
		}
		t.Logf("%s in %s: %d bytes of %d, %d alone (+%d %%), %d beside; found\n%.1500v", p.name, name, got, plain, best, got*100/best-100, beside, program)
	}
	t.Logf("within 5 %%: %d of %d", found, n)
	if found*10 < n*9 && found < n-1 {
		t.Errorf("within 5 %%: %d of %d, want 90 %%", found, n)
	}
}
