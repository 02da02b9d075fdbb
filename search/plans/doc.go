// Package plans finds plans: given a segment, programs of the language of package dsl
// that take it apart into streams that a Writer's GZIP codes shorter.
//
// Recipes (recipe.go) for which there is evidence in the segment (evidence.go: distances at
// which bytes are alike) are tried on ever more of a sample, ever fewer of them, by an
// estimate (estimate.go) at first, then by what GZIP needs for the streams: predictions
// and layouts (predict.go), linear predictions (lpc.go), adaptive ones (lms.go), columns of
// records (columns.go). Records of several kinds (records.go, records_type.go) and packed
// samples (packed.go) are looked for first; a segment of several natures is cut into
// sections (sections.go). A meter (meter.go) bounds the work. The last step is the
// Writer's: it codes the segment by the best plan and without one.
//
// The package may know package dsl and nothing else of the module: not files, segments,
// GZIP, nor who calls it. It reads no clock and no randomness.
package plans
