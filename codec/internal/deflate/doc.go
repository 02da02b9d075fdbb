// Package deflate compresses to and restores from deflate data (RFC 1951), whole in memory.
// It computes with integers only, and knows nothing of what the data is for.
//
// An Inflater restores. It accepts what zlib accepts, refuses the rest with ErrCorrupt, and
// holds the blocks of its input to a budget of steps (ErrSteps): the time that it takes is
// bounded by the bytes that it fills and these steps, whatever its input says. It allocates
// nothing. Inflater.Costs says in addition which bytes the bits of the input stand for.
//
// A Compressor compresses with an Effort, that of a Level or of Mixed data. It goes window by
// window. A lazy parse, with hash chains, makes tokens of it: literals and matches. If the
// effort says so, an optimal parse follows: binary trees find all matches, and dynamic programming
// takes the cheapest tokens under the prices of the codes in use, again and again until prices and
// tokens fit each other. Where matches hardly pay, the faster efforts for mixed data leave out the
// lazy parse, and take the nearest matches of chains. Blocks end where other codes pay. Short data
// has a parser of its own, with small tables.
//
//	        chains ─► lazy ─────────────────┐
//	src ─►            ▼ first prices        ├─► split ─► huffman, header ─► block ─► dst
//	        trees ──► parse ⇄ prices ───────┘
package deflate
