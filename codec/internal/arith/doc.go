// Package arith has what the coders of predictors share: a binary arithmetic coder, probabilities
// that adapt, the mixing of several to one, and the errors of members. It computes with whole
// numbers only, so that every machine makes the same bits.
//
//	counters, pairs ─► logits ─► mixers ─► curves ─► probability ─► coder ─► member
//	      ▲                        ▲          ▲                        │
//	      └────────────────────────┴── learn ─┴──────── decision ◄─────┘
//
// The coder (coder.go) has 32 bits and needs no carries. Probabilities (counter.go) have 16 bits,
// logits (logistic.go) 8 bits of fraction, weights (mixer.go) 16. Vector instructions have plain
// twins that give the same bits.
//
// # Sources
//
//   - M. Mahoney, "Adaptive Weighing of Context Models for Lossless Data Compression" (2005).
package arith
