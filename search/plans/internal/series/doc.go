// Package series predicts numbers from numbers: near ones, far ones, those of other channels. It
// says which of a few linear predictions leaves the least, from a look at some places, and what
// its coefficients are. The bits of a residual are about the logarithm of its size.
//
// Coefficients are in units of 1/2^Shift, and those of a prediction are a list as the operations
// predict and mix have it. Products of floats are rounded before they are added, so that all
// machines find the same ones.
package series

// A Work counts the steps of a search, about a nanosecond each. The zero Work is ready to use.
type Work struct{ Steps int64 }
