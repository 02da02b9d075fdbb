// Package family is the pipeline that finds the plan of a family: the one by which many
// files of one kind take least.
//
//	match ─ choose ─┬─ searched ── search ─┬─ candidates ──┐
//	                │                      └───────────┐   │
//	                └─ judged ──────────────── judge ──┼───┘
//	                                             └─ settle ─ results
//
// One worker chooses which files are searched, and which more are judged: both are spread
// evenly over the sorted paths. Each file that is searched gives the plans of its segments.
// These are the candidates, by each of which alone every judged file is coded. At the end
// settle takes the candidates that make the files shortest together, and says what is lost.
// Only the first bytes of a file count.
//
// Nothing is written but the results, and they do not depend on the workers.
package family
