// Command ktgen draws pairs of a sequence and a program that produces it, to train models
// on: the synthetic distribution of the KoLMogorov Test, windows of such sequences joined,
// sequences with structure and noise, and windows of files. See ktgen --help.
package main
