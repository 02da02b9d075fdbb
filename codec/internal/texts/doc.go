// Package texts compresses text, machine code, databases and whatever else is neither samples nor
// records: it mixes what many contexts say of the next bit (context mixing, as in paq and zpaq).
// It computes with whole numbers only, so that every machine makes the same members.
//
// Params says which contexts there are; a Machine executes that in both directions.
//
//	bytes before ─► contexts ─► hashes ─► slots ─► histories ─► entries ─┐
//	       │      (view, contexts)        (slots)   (states)    (entry)  ├─► mixers ─► curves ─► coder
//	       ├──────► matches: the byte that followed the same bytes ──────┤   (mixer)
//	       └──────► letters: ACGT, counted on both strands ──────────────┘
//
// # The path of a byte
//
// A byte is coded by decisions along a tree (tree.go): eight bits, or a Huffman code, which takes
// fewer. In each context a decision has a history (states.go): how often it was 0 and 1, and what
// came last. Histories lie in slots of a table (slots.go), and map to probabilities that adapt
// (entry.go). Matches (match.go) foretell the byte that followed the same bytes; they go on behind
// a byte that was wrong. Letters (letters.go) are counted as they stand on both strands. Sets of
// weights, of which small contexts choose a row each, mix the logits; a last mixer (mixer.go) and
// two curves (curves.go) refine that.
//
// Memory is slow: what a decision needs is fetched as soon as the one before is known, which is
// learned only then (model.code). With AVX2, a decision takes a call to predict and one to learn;
// their plain twins give the same bits.
//
// # What paid
//
// As shares of the size, mean over ten texts, programs and databases, from eleven contexts: what a
// match foretells as a context 1.3 % (XML 7 %), six sets of weights instead of three 0.6 %, a
// place in instructions and two more contexts 1 %, larger curves 0.1 %. Counting on the other
// strand and symbols instead of histories: nucleic acids to 0.201 from 0.206. Neighbors in rows:
// ptt5 to 0.050 from 0.055.
//
// What did not: entries that know what is foretold made sizes 3 % longer; no inputs from new
// histories 0.03 %; learning rates of 4 and 9 instead of 6 sixteenths 0.3 and 0 %; other rows of
// the last mixer 0 %.
//
// # Bounds
//
// Check bounds parameters before anything is allocated. Memory says what they take; it does not
// grow with the data. A byte takes at most 12 decisions. Any bytes decode to something or end in
// an error. Arithmetic that overflows wraps.
//
// # Sources
//
//   - M. Mahoney, "Adaptive Weighing of Context Models for Lossless Data Compression" (2005), and
//     "The ZPAQ Open Standard Format for Highly Compressed Data" (2012): histories, maps, mixers.
//   - D. Pratas, A. J. Pinho and P. Ferreira, "Efficient Compression of Genomic Sequences" (DCC
//     2016): inverted repeats.
package texts
