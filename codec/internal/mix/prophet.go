package mix

// A prophet tells decisions of a byte that is foretold, by how often it was right when it was as
// sure.
type prophet struct {
	counters []counter
	at       int // the counter of the decision under way; -1: none
}

const (
	prophetInputs = 2
	linearShift   = 5 // of a probability less a half, to an input
)

// reset begins without knowledge of so many classes of sureness.
func (o *prophet) reset(classes int) {
	o.counters = filled(o.counters, 4*classes, counterStart)
}

// inputs sets two inputs for decision k of a byte, of which the bits known were decided, if v is
// what is foretold of it, less the guess, so sure; -1: nothing is. It returns whether that may
// still be so; if not, inputs are 0.
func (o *prophet) inputs(in []int32, v byte, sure, k int, known uint32) bool {
	in[0], in[1], o.at = 0, 0, -1
	if sure < 0 || k > 0 && (v == 0 || (uint32(v)|256)>>(9-k) != known) {
		return false
	}
	one := 0 // whether the decision should be 1
	if k == 0 && v == 0 || k > 0 && v>>(8-k)&1 != 0 {
		one = 1
	}
	o.at = (sure*2+one)*2 + min(k, 1)
	p := o.counters[o.at].p()
	in[0], in[1] = stretch(p), (int32(p)-1<<15)>>linearShift
	return true
}

// learn learns that the decision was bit.
func (o *prophet) learn(bit int) {
	if o.at >= 0 {
		o.counters[o.at].update(bit)
	}
}
