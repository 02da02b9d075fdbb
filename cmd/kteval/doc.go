// Command kteval takes the KoLMogorov Test (arXiv 2503.13992): it searches for the shortest
// program of each sequence of a file. It reports the published metrics, to the
// digit, others under the benchmark's uniform prior, and the size of the programs in a file under
// the adaptive one.
//
//	kteval --budget 10ms pairs.jsonl
//	kteval --search both --budget 100ms pairs.jsonl
//	kteval --score programs.jsonl
//
// Every program that counts was executed and compared with its sequence.
//
// Package pairs reads the files, package evaluate searches and says how sequences share a
// budget, and package metrics computes the metrics.
package main
