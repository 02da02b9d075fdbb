// Package metrics computes the metrics of the KoLMogorov Test (arXiv 2503.13992).
//
// An Outcome is what was found for a sequence. It has a line of JSON, so that outcomes of
// shards can lie in files until they are reported. A Tally adds outcomes, one at a time, in
// bounded memory: its Metrics are those of all sequences as one file.
//
//	outcome.go    an Outcome, and its line
//	metrics.go    the Metrics, and the Tally
//	published.go  those that the published code computes, to the digit
//	stated.go     the cost of a program, whatever numbers it has
//	failures.go   what became of programs that somebody else wrote
//	sizes.go      what gzip and ktzip's own files take
//	print.go      the Metrics for people
package metrics
