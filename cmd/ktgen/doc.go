// Command ktgen draws pairs of a sequence and a program that makes it: the KoLMogorov
// Test's synthetic distribution, windows of such sequences joined, and sequences with
// structure and noise. See ktgen --help.
package main
