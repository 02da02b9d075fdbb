// Package benchmark is the KoLMogorov Test at scale: a pipeline that draws pairs of a sequence
// and a program as ktgen does, and one that evaluates sequences as kteval does.
//
//	shards ── draw                                    pairs-00000-of-00098.jsonl, …
//
//	match ── weigh                                    what all searches are worth
//	match ── measure ── fold                          outcomes/…, report.json
//
// A shard is a file. One worker draws or evaluates it, and it appears when it is complete. So
// a run that was interrupted can be resumed: what is there is left alone. A file in the output
// folder has the options of the run, so that no other run continues it.
//
//	generate.go  the pairs of a seed, in shards
//	evaluate.go  the outcomes of files
//	fold.go      the metrics of all outcomes
//	begin.go     whether a run may begin or continue in a folder
package benchmark
