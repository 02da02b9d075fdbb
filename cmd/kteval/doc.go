// Command kteval takes the KoLMogorov Test (arXiv 2503.13992): it searches for the shortest
// program of each sequence of a file. It reports the published metrics, to the
// digit, others under the benchmark's uniform prior, and the size of the programs in a file under
// the adaptive one.
//
//	kteval --budget 10ms pairs.jsonl
//	kteval --search both --budget 100ms pairs.jsonl
//	kteval --score programs.jsonl
//	kteval --baseline gzip,order2,lmic FILE...
//
// It also lets any language model take the test. The requests are a batch of chat completions; what
// came back has programs in the test's language, or in Python, which is parsed and never executed:
//
//	kteval --prompts requests.jsonl --model-name MODEL --shots 3 pairs.jsonl
//	kteval --score --answers answers.jsonl pairs.jsonl
//
// Every program that counts was executed and compared with its sequence.
//
// With --baseline, it searches for nothing: it reports what other coders make of the sequences.
//
// Package pairs reads the files, package evaluate searches and says how sequences share a
// budget, package metrics computes the metrics, and package
// baseline measures the other coders. Package prompts makes requests, and package answers reads
// programs.
package main
