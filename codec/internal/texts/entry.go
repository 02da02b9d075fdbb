package texts

// An entry is an adaptive probability, and the two inputs of mixers that follow from it.
type entry struct {
	counter counter
	logit   int16
	linear  int16
}

// linearShift makes an input of a probability of 22 bits less a half: within ±1024.
const linearShift = 11

// set sets the probability, 22 bits, seen so often.
func (e *entry) set(p, n uint32) {
	e.counter = counter(p<<10 | n)
	e.tell()
}

// tell sets the inputs.
func (e *entry) tell() {
	p := uint32(e.counter >> 10)
	e.logit = int16(stretch(p >> 6))
	e.linear = int16((int32(p) - 1<<21) >> linearShift)
}

// learn learns that the decision was bit.
func (e *entry) learn(bit int) {
	e.counter.update(bit)
	e.tell()
}
