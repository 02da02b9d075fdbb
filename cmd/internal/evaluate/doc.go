// Package evaluate takes the KoLMogorov Test: it searches for the shortest program of each
// sequence, or scores the programs that a file, or a language model, gives.
//
// Options say how to search. An Evaluator makes an Outcome of each pair. It depends on nothing
// but the pair, the Options and the steps of the search; Worth says how sequences, of all
// shards, share a budget. Every program of an Outcome was executed and compared with its
// sequence.
//
//	options.go  how to search, and its flags
//	budget.go   how sequences share a budget
//	search.go   the Evaluator
//	score.go    programs that are given, and execution
package evaluate
