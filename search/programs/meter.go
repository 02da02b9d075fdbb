package programs

import "context"

// A meter holds what a rule needs besides elements: prices, and the steps that
// are left.
type meter struct {
	price *prices
	steps int64           // left; below 0 if the last spending went over
	ctx   context.Context // ends the search early
}

// spend takes steps: all that are left if the context is done.
func (m *meter) spend(steps int64) {
	if m.steps -= steps; m.ctx.Err() != nil {
		m.steps = min(m.steps, 0)
	}
}
