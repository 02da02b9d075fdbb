// Package records compresses bytes in their own order, most of all those of records: flight logs,
// messages, tables of a database or a spreadsheet. It is a coder of the raw part of files, beside
// deflate and package mix, and knows nothing of what the data is for. It computes with whole
// numbers only, so that every machine makes the same members.
//
// Params say how bytes stand in records and how they are predicted; a Machine executes that in
// both directions. One walk serves both: where the encoder has a byte, the decoder asks for the
// next decision.
//
//	bytes ─► framer ─► view ─► guess ─► difference ─► decisions ─► coder ─► member
//	                    │                                 ▲
//	                    ├─► contexts ─► bit histories ────┤
//	                    ├─► experts: columns continued ───┤ logits ─► final
//	                    ├─► match: what followed ─────────┤
//	                    └─► links: which column repeats ──┘
//
// # The path of a byte
//
// A framer (frames.go) tells records and their kinds apart. Each byte is coded as the difference
// from a guess: the byte of its column in the last record of its kind, and what the bytes before it
// carried (view.go, experts.go). First comes whether it is as guessed, then eight bits (octets.go). Contexts
// (contexts.go) choose counters of bit histories (slots.go), experts extrapolate columns, a match
// (match.go) tells what followed the same bytes, links (links.go) which earlier record a column
// repeats. Three mixers, a final one (final.go) and two curves make the probability.
//
// # Bounds
//
// Check bounds parameters before anything is allocated. Memory says what they take; it does not
// grow with the data. Rate says how fast they are. A byte takes at most nine decisions. Any bytes
// decode to something or end in arith.ErrCorrupt. Arithmetic that overflows wraps, as Go defines.
//
// # Sources
//
//   - M. Mahoney, "Adaptive Weighing of Context Models for Lossless Data Compression" (2005), and
//     lpaq and zpaq: contexts, bit histories and mixing.
package records
