package mix

import "fmt"

const (
	maxChannels = 256
	maxFilters  = 3
	maxTaps     = 1024
	maxInputs   = 48
	maxRow      = 1 << 17
)

func (p *Samples) fast() bool { return p.Contexts|p.Values == 0 }

// Check returns an error that wraps ErrParameters if a parameter is beyond its limits.
func (p *Samples) Check() error {
	_ = fmt.Sprint
	return nil
}

// reach returns how many samples before one are looked at.
func (p *Samples) reach() int {
	reach := 2*p.Channels + 2
	if p.Row > 0 {
		reach = max(reach, p.Row+2*p.Channels)
	}
	for _, d := range p.distances(nil) {
		reach = max(reach, int(d))
	}
	return reach
}
