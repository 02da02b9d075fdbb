package cli

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

// A progress is what a bar shows.
type progress struct {
	name            string // printable
	in, total       int64  // bytes of input: read, and in all; total < 0 if unknown
	ratio           string
	took            time.Duration
	queued, settled int64  // blocks handed to the search, and done; queued is 0 without a search
	doing           string // printable; if not empty, in and total are steps, of which this is the present one
}

// Widths in columns; arbitrary.
const (
	minName  = 8 // a shorter name takes its own width
	minGauge = 6
	maxGauge = 22
)

// A barPart is one field of a bar.
type barPart int

// The parts, from left to right.
const (
	partName barPart = iota
	partShare
	partGauge
	partBytes
	partRatio
	partSpeed
	partLeft
	partBlocks
	barParts
)

// byWorth lists the parts in the order in which they get a place: narrow terminals show
// only the first ones.
var byWorth = [barParts]barPart{partShare, partName, partRatio, partLeft, partGauge, partSpeed, partBytes, partBlocks}

// line returns the bar for a terminal of width columns. It takes less: some terminals begin
// a new line after the last column.
func (p *progress) line(width int) string {
	free := width - 1
	texts := p.parts()
	var shown [barParts]bool
	for _, part := range byWorth {
		if text := texts[part]; text != "" {
			need := columns(text) + 1
			if part == partName {
				need = min(need, minName+1)
			}
			if need > free+1 { // + 1: no space precedes the first part
				continue
			}
			shown[part] = true
			free -= need
		}
	}
	free++
	var fields []string
	for part, text := range texts {
		switch part := barPart(part); {
		case !shown[part]:
			continue
		case part == partName:
			text = shorten(text, min(columns(text), minName)+max(free, 0))
			free -= max(0, columns(text)-minName)
		case part == partGauge:
			text = p.gauge(min(maxGauge, minGauge+max(free, 0)))
		}
		fields = append(fields, text)
	}
	return strings.Join(fields, " ")
}

// parts returns the text of each part; "" if there is nothing to show. All but the name and
// the blocks keep their width during a job.
func (p *progress) parts() (texts [barParts]string) {
	texts[partName] = p.name
	if p.doing != "" {
		texts[partName] = p.name + ": " + p.doing
		texts[partShare] = fmt.Sprintf("%3d%%", int(100*p.share()))
		texts[partGauge] = p.gauge(minGauge)
		return texts
	}
	texts[partRatio] = fmt.Sprintf("%5s", p.ratio)
	if seconds := p.took.Seconds(); seconds > 0 {
		texts[partSpeed] = fmt.Sprintf("%10s", byteText(float64(p.in)/seconds)+"/s")
	}
	if p.queued > 0 {
		texts[partBlocks] = fmt.Sprintf("%d/%d blocks", p.settled, p.queued)
	}
	if p.total <= 0 {
		texts[partShare] = fmt.Sprintf("%8s", byteText(float64(p.in)))
		return texts
	}
	share := p.share()
	texts[partShare] = fmt.Sprintf("%3d%%", int(100*share))
	texts[partBytes] = fmt.Sprintf("%8s of %s", byteText(float64(p.in)), byteText(float64(p.total)))
	texts[partGauge] = p.gauge(minGauge)
	if share > 0 {
		left := "-" // all is read; how long the search still takes is unknown
		if share < 1 {
			left = durationText(time.Duration(float64(p.took) * (1 - share) / share))
		}
		texts[partLeft] = fmt.Sprintf("%6s left", left)
	}
	return texts
}

// share returns how much of the input has been read, 0 to 1, also if the file grew.
func (p *progress) share() float64 { return min(1, float64(p.in)/float64(p.total)) }

// gauge draws the share in n columns, n > 2.
func (p *progress) gauge(n int) string {
	full := int(float64(n-2) * p.share())
	return "[" + strings.Repeat("#", full) + strings.Repeat("-", n-2-full) + "]"
}

// byteText returns a number of bytes in at most 8 columns, if it is below 1000 TiB.
func byteText(n float64) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	i := 0
	for ; n >= 1000 && i < len(units)-1; i++ {
		n /= 1024
	}
	if i == 0 || n >= 100 {
		return fmt.Sprintf("%.0f %s", n, units[i])
	}
	return fmt.Sprintf("%.1f %s", n, units[i])
}

// durationText returns d in at most 6 columns.
func durationText(d time.Duration) string {
	switch s := int64(d.Seconds()); {
	case s < 60*60:
		return fmt.Sprintf("%d:%02d", s/60, s%60)
	case s < 100*60*60:
		return fmt.Sprintf("%dh%02dm", s/3600, s/60%60)
	case s < 1000*24*60*60:
		return fmt.Sprintf("%dd", s/(24*3600))
	}
	return "-"
}

// columns returns an upper bound of the columns that s takes on a terminal: it counts all
// runes from the first wide script on as wide.
func columns(s string) (n int) {
	for _, r := range s {
		n += runeColumns(r)
	}
	return n
}

func runeColumns(r rune) int {
	const firstWide = 0x1100 // Hangul Jamo, the first of Unicode's East Asian wide characters
	switch {
	case unicode.Is(unicode.Mn, r):
		return 0
	case r >= firstWide && r != '…':
		return 2
	}
	return 1
}

// shorten cuts the middle out of a name that takes more than n columns, n > 0.
func shorten(name string, n int) string {
	if columns(name) <= n {
		return name
	}
	r := []rune(name)
	head, used := 0, 0
	for used+runeColumns(r[head]) <= n/2 {
		used += runeColumns(r[head])
		head++
	}
	tail, used := len(r), used+1
	for used+runeColumns(r[tail-1]) <= n {
		tail--
		used += runeColumns(r[tail])
	}
	return string(r[:head]) + "…" + string(r[tail:])
}
