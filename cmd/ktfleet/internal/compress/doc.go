// Package compress is the pipeline that compresses files to the bytes that ktzip writes,
// whatever the number of workers:
//
//	match ─┬─ small files, in batches ──── whole ─────────────────────┬─ results
//	       └─ large files ── lead ─┬─ leaders ────────┬─ join ─ assemble ─┘
//	                               └─ tasks ── code ──┘
//
// A small file is compressed by one worker. Of a large file, lead finds the segments and
// codes those that lead a run (package codec), one after the other, for each depends on the
// one before; the followers are coded anywhere. The coded segments are temporary files, since
// collections should be small. With predictors, join joins the segments of a joint. At the
// end assemble writes each large file under a temporary name, and moves it.
//
// All that a worker writes before that has a name of its own or the same content, so that a
// bundle may be done again, or by two workers at a time.
package compress
