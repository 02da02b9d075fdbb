package bench

import "fmt"

// Messages returns inputs that consist of short messages: readings of sensors as lines of JSON
// and of CSV, and as binary records.
func Messages() []Input {
	return []Input{
		{"JSON lines", jsonReadings},
		{"CSV", csvReadings},
		{"records", telemetry},
	}
}

// MessageSizes are the sizes of messages that are measured, in bytes.
var MessageSizes = []int{64, 256, 1024, 4096}

func jsonReadings(n int) []byte {
	return readings("jsonreadings", n, `{"time":%d,"device":"sensor-%02d","temperature":%.2f,"humidity":%.1f,"battery":%d,"state":%q}`+"\n")
}

func csvReadings(n int) []byte {
	return readings("csvreadings", n, "%d,sensor-%02d,%.2f,%.1f,%d,%s\n")
}

// readings returns readings in a format of their fields.
func readings(name string, n int, format string) []byte {
	const sensors = 16
	r := newRand(name)
	states := [...]string{"ok", "ok", "ok", "ok", "ok", "ok", "low battery", "no signal"}
	var temperature, humidity [sensors]float64
	b := make([]byte, 0, n+128)
	for at := int64(1_790_000_000); len(b) < n; at += int64(r.IntN(4)) {
		k := r.IntN(sensors)
		temperature[k] += r.NormFloat64() / 8
		humidity[k] += r.NormFloat64() / 4
		b = fmt.Appendf(b, format, at, k, 20+temperature[k], 50+humidity[k], 3700-at%1000/10, states[r.IntN(len(states))])
	}
	return b[:n]
}
