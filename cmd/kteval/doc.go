// Command kteval takes the KoLMogorov Test (arXiv 2503.13992): it searches for the
// shortest program of each sequence of a file and reports the published metrics
// under the benchmark's uniform prior, and what the programs cost when they are
// really coded under the adaptive one.
//
//	kteval --budget 10ms pairs.jsonl
//	kteval --search both --budget 100ms pairs.jsonl
//	kteval --score programs.jsonl
//
// The metrics stand in metrics.go, what files hold in read.go, how a budget is
// shared among sequences in budget.go. Every program that counts has been executed
// and compared with its sequence.
package main
