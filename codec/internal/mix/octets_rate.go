package mix

// What a byte takes of the reference processor, in picoseconds (see samplePs). What is foretold
// takes less, so these are for bytes that take as many decisions as numbers that wander.
const (
	bytePs      = 200_000
	rowPs       = 40_000 // of a context of a byte
	decisionPs  = 110_000
	slotPs      = 11_000 // of a context of a decision
	expertPs    = 10_000 // of an expert of a decision
	decidedByte = 5      // decisions of a byte
)

// Rate returns about how many bytes a second the reference processor codes and decodes with these
// parameters. Parameters must be within their limits.
func (p *Bytes) Rate() int64 {
	contexts, experts, _ := p.counts()
	c, e := int64(contexts), int64(experts)
	return picoseconds / (bytePs + c*rowPs + decidedByte*(decisionPs+c*slotPs+e*expertPs))
}
