// Package baseline measures what coders that search for no program make of sequences: with them, the
// rates of programs are compared.
//
// A Set is some of the coders, which Names lists. Each says at least two rates of a file: of each
// sequence coded by itself, and of all as one. A rate is bits of code / bits of the sequences. A code
// does not say where a sequence ends: its length is known, and not counted.
//
//	baseline.go  the Set, and the Rates of a file
//	gzip.go      zlib, as the KoLMogorov Test uses it
//	order2.go    an adaptive model of three bytes in a row
//	lmic.go      the transformer as a model of bytes
package baseline
