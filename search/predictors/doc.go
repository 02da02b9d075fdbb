// Package predictors searches for predictors: programs that say what to expect of the bytes of a
// stream, by which codec's arithmetic coder codes it (container/FORMAT.md, section 12).
//
// It knows nothing of how predictors are executed: codec tells what a part of a stream takes by one, and how
// long that takes. A search goes from cheap to dear (search.go):
//
//  1. A screening compares simple predictors of all kinds by small parts of the streams of all plans:
//     numbers (source.go: as numbers of which width, sign and order are the bytes most alike at some
//     distance?), mixtures (start.go), records (framing.go).
//  2. By the kinds that seem best all of the streams of the plans that seem best is coded once. The best plan
//     goes on, or two that are close.
//  3. A climb changes one component at a time, as long as that pays. Numbers (climb.go): the window of least
//     squares, what they look at, the cascade of filters, at last the contexts. Mixtures (texts.go): sets of
//     weights, more components, fewer. Records (records.go): framings, sets of contexts and experts, matches.
//
// Time bounds a search: the trials of a segment take perByte nanoseconds for each of its bytes and 64 KiB, as
// predictors state it, for all plans, streams and kinds together. Each stream has its share before it is
// searched, by its size and then by what it still takes; a trial that is beyond it is left out, and the parts
// of streams are as long as what is left allows. No clock is asked, and no share depends on what another
// stream finds: the result is the same with any number of threads.
//
// Parts of a stream may be very different: what all of it takes is estimated by what deflate takes of the part
// and of all (trial.go).
//
// A change pays by price: what takes twice as long to restore must save 1/130. What is proposed is the
// front of what was tried: the least price, then what restores faster.
//
// Plans (frame.go) are the identity, the cuts of the plan found for deflate, and that plan without its own
// predictions: what deflate wants predicted and parted is best predicted in place.
package predictors
