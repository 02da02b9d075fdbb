// Package pairs draws pairs of a sequence and a program that produces it, and reads and writes
// them: the synthetic distribution of the KoLMogorov Test, windows of such sequences joined,
// sequences with structure and noise, and windows of files.
//
// Options say which pairs are drawn. A Drawer draws them in batches: a batch depends on the
// options and its number alone, so a range of batches is a shard that any process can draw.
//
//	options.go  which pairs are drawn, and their flags
//	draw.go     the Drawer, and the kinds of pairs
//	real.go     windows of files
//	write.go    pairs as JSON lines, or packed as tokens
//	read.go     pairs of JSON lines, and sequences of other files
package pairs
