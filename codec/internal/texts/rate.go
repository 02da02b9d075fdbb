package texts

import "math/bits"

// What a byte takes of the reference processor, in picoseconds; see codec/internal/mix. Fitted to
// 20 lists of contexts over text, on a busy machine and scaled by what the version before took there: the mean
// error is 5 %, the worst 13 % (November 2026).
const (
	bytePs                        = 104_000
	decisionPs                    = 29_000  // of a decision
	setPs                         = 2_500   // of a set of weights, for each decision
	vectorPs                      = 620     // of a set's weights of vectorInts inputs, for each decision
	historyPs                     = 1_000   // of a context, for each decision
	slotPs                        = 9_400   // of a slot that caches have
	missPs                        = 2_400   // of a slot in addition, for each of missLogs doublings of the table
	matchPs                       = 19_000  // of a match
	letterPs                      = 110_000 // of a nucleotide, of eight in tables of 16 MiB
	leastMissed                   = 18      // log2 of the bytes of a table that caches have
	missLogs                      = 4
	evenDecisions, evenGroups     = 80, 20 // tenths of a byte
	shapedDecisions, shapedGroups = 50, 15 // the same if decisions are shaped: those of text
	picoseconds                   = 1_000_000_000_000
)

// Rate returns how many bytes a second the reference processor codes and decodes with these
// parameters. Parameters must be within their limits.
func (p *Params) Rate() int64 {
	decisions, groups := int64(evenDecisions), int64(evenGroups)
	if p.Shaped {
		decisions, groups = shapedDecisions, shapedGroups
	}
	n, sets, vectors := int64(p.slots()), int64(bits.OnesCount(p.Sets)), int64(p.inputs()/vectorInts)
	slot := int64(slotPs + missPs*min(max(p.Log-leastMissed, 0), missLogs))
	each := decisionPs + n*historyPs + sets*(setPs+vectors*vectorPs)
	ps := bytePs + (decisions*each+groups*n*slot)/10
	ps += int64(len(p.Matches))*matchPs + (int64(len(p.Contexts))-n)*letterPs
	return picoseconds / ps
}
