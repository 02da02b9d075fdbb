// Package plans finds plans: programs of the language of package dsl that take a segment
// apart into streams which a Writer's GZIP codes shorter.
//
// The search is a funnel. Each step costs more per recipe than the one before, and fewer
// recipes come to it:
//
//	segment
//	   │  evidence     distances at which bytes are alike             evidence.go
//	   │  dismissal    simple recipes on a few places                 search.go
//	   ▼
//	130 to 260 recipes predictions and orders of bytes                predict.go
//	   │  estimate     on a glimpse of 8 KiB                          estimate.go
//	   │  real coding  on ever more of a sample                       search.go, sample.go
//	   ▼
//	2 to 16 recipes    refined: longer rows, adaptive and linear      predict.go, lms.go,
//	   │               predictions, layouts, columns of records       elements.go
//	   │  real coding  on longer excerpts
//	   ▼
//	1 to 6 plans       the Writer codes the segment by each, and without one
//
// A recipe (recipe.go) is a plan before it is written down (draft.go). The numbers are those
// of the levels (effort.go). A meter (meter.go) bounds the work.
//
// Some structures are looked for before the funnel: samples of 10, 12, 14 or 24 bits, and elements
// that stand for other numbers (packed.go; package disguise), whose own plans are then searched; and
// records of several kinds (records.go). How records follow each other, a framing, shows in lengths that
// lead from one to the next (framing_length.go), in a mark and a type (framing_type.go), or in
// definitions (framing_fit.go). The fields of records, each with a type and a predictor, are those
// whose columns cost least (schema.go, columns.go). Rows of text are printed by templates, and text of
// few letters is packed (lines.go; package text finds both); the bytes that text stands for have plans of
// their own. So have the payloads of packets of one size, joined (packed.go; package packet). A segment whose data changes its nature (nature.go) is cut into sections,
// each with a plan of its own (sections.go). So is one with machine code, which package code finds: its
// calls name their targets. The plan of records or of templates fits the next segment once their
// number is stated anew (refit.go).
//
// A Writer that chooses the lengths of segments asks for borders (borders.go): where the entries of an
// archive (entries.go) or stretches of another nature (nature.go) begin that want plans of their
// own. So a segment is hardly ever of many natures. The head of an entry is a stream of its own.
//
// Before the funnel, a survey finds the elements that are predicted best, and far distances at
// which they are alike (elements.go). After it, layers are looked for (layer.go): predictions
// of channels from each other, and from far distances. Excerpts are shorter than these, so a
// layer is priced on the whole segment, and what it leaves is searched in parts. Its numbers
// come from least squares (package series).
//
// What repeats, at any distance, is looked for afterwards: in the segment and in the streams of
// the plan that codes it shortest (repeats.go; its package lz chooses the copies).
//
// Most thresholds were set by hand. "Halved +0.5 %, doubled -0.1 %" says how much longer the
// streams of 24 excerpts of real files become at level 6 with another value; "no difference"
// that both values leave them as they are (November 2026).
//
// The package reads no clock and no randomness: the same segment always has the same plans.
// It knows packages dsl and dsl/plan, and nothing of files, segments' formats, or GZIP.
package plans
