// Package mix compresses sampled numbers: sound, biosignals, images, whatever a sensor gives at
// equal steps. It predicts each number from those before it and codes how wrong that was. It is
// the second coder of the raw part of files, beside deflate, and knows nothing of what the data
// is for. It computes with whole numbers only, so that every machine makes the same members. What it
// shares with the coders of other data is in package arith.
//
// Samples says how bytes are numbers and how they are predicted; a Machine executes that in
// both directions. One walk serves both: where the encoder has a number, the decoder asks for
// the next decision.
//
//	bytes ─► numbers ─► levels ─► ols ─► nlms ─► nlms ─► guess
//	          (load)    (lane)     ▲ least  ▲ cascade      │
//	                               │ squares│ on the rest  ▼
//	                               └────────┴── learn ◄─ tree ─► decisions ─► coder ─► member
//	                                                       ▲ probabilities
//	                                            counters ─► stage, or pairs
//
// # The path of a sample
//
// A number is read from its bytes (samples.go). The numbers of a channel lie in a lane
// (lanes.go): zero + step·level, from the least level to the most. The encoder finds the lanes;
// they are the head of a member. Floating point numbers are put into fixed point by an exponent
// per channel (floats.go).
//
// The prediction of a level has 8 bits of fraction. First, least squares (ols.go): the sums of
// the products of inputs (levels before it in the channel, of other channels in the same frame,
// and above it in an image) are gathered over a window that fades, and every so many frames
// Cholesky's decomposition solves the normal equations, in whole numbers. Without least squares, it
// is the level before, or in an image the median of west, north and west + north - northwest
// (LOCO-I). Then each filter of a cascade (nlms.go) predicts what was left so far, and learns at
// once.
//
// The level is coded by decisions (tree.go): on which side of the prediction it is; in which
// bucket of an adaptive Golomb code; where in the bucket. The last ones of these are even and
// are bits as they are. The fast coder takes the probability of a decision from a pair of counters
// in the context of the scale of recent errors and of the last error. The other one
// mixes (mixing.go, stage.go): each context and each value has a counter per decision, whose
// logits two mixers weigh; a curve refines the mean of both.
//
// The arithmetic arith.Coder (coder.go) has 32 bits and needs no carries. Probabilities have 16 bits.
//
// # Bounds
//
// Check bounds parameters before anything is allocated. Memory says what they take; it does not
// grow with the data. Rate says how fast they are; the tree's decisions, which depend on the
// data, are counted, and Samples.Decisions bounds them. Any bytes decode to something or end in
// arith.ErrCorrupt or arith.ErrLimit. Arithmetic that overflows wraps, as Go defines; with inputs of 20 bits,
// sums below 2^59 and weights within ±64, that of least squares doesn't.
//
// # Sources
//
//   - C. F. Gauss and A.-L. Cholesky; G. H. Golub and C. F. Van Loan, "Matrix Computations".
//   - S. Haykin, "Adaptive Filter Theory": the normalised least mean squares filter.
//   - F. Ghido, "An Asymptotically Optimal Predictor for Stereo Lossless Audio Compression"
//     (DCC 2003): a cascade behind least squares.
//   - X. Wu, K. U. Barthel and W. Zhang, "Piecewise 2D Autoregression for Predictive Image Coding"
//     (ICIP 1998), and B. Meyer and P. Tischer, "GLICBAWLS" (2001): least squares in images.
//   - M. J. Weinberger, G. Seroussi and G. Sapiro, "The LOCO-I Lossless Image Compression
//     Algorithm" (IEEE Transactions on Image Processing, 2000).
//   - S. W. Golomb, "Run-Length Encodings" (1966).
//
// # What did not pay
//
// As shares of the size over 14 recordings and images: a third mixer 0.04 %, a final mixer 0.03 %,
// counters at two rates 0 %, inputs weighed by how often counters were used 0.05 %, the mean of
// two windows of least squares 0.3 % for a quarter more time, a correction of predictions by
// context made them 3 % longer, the scale of other channels' errors 0 %, inputs of more than 20 bits 0 %.
package mix
