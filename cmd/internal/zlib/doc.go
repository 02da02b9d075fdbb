// Package zlib measures what zlib makes of data, to the byte: the published metrics of the
// KoLMogorov Test are of its sizes, which those of Go's compress/flate are not. It is zlib
// 1.2.11, translated from C; later versions write the same bytes. Since the translation computes
// with pointers, the race detector needs -gcflags=all=-d=checkptr=0.
//
//	size.go     the Size, by zlib
//	texts.go    the Texts, which the test joins
//	without.go  where zlib's translation does not build, there is none
package zlib
