// Package predictors searches for predictors: programs that say what to expect of the bytes of a
// stream, by which codec's arithmetic coder codes it (container/FORMAT.md, section 12).
//
// It knows nothing of how predictors are executed: codec tells what a part of a stream costs by one.
// A search goes from cheap to dear:
//
//  1. Sources (source.go): as numbers of which width, sign and order are the bytes most alike at some
//     distance? Those that seem best are tried with several numbers of channels, and as images.
//  2. The sources by which quick predictors leave least go on; two or three.
//  3. A climb (climb.go) changes one component at a time, as long as that pays: the window of least
//     squares, what they look at, the cascade of filters, at last the contexts. All changes of a step code
//     a short part of the stream, at the same time; the best of them a longer one (trial.go).
//
// Records (records.go) are searched for in a like way: framings (framing.go), that of the plan found with
// other heads and beginnings, or lengths at which bytes come again; sets of contexts and experts; matches;
// then contexts and experts are added and dropped. Parts of the stream begin where a record does.
//
// A change pays by price: what takes twice as long to restore must save 1/300. What is proposed is the
// front of what was tried: the least price, then what restores faster.
//
// Plans (frame.go) are the identity, the cuts of the plan found for deflate, and that plan without its own
// predictions: what deflate wants predicted and parted is best predicted in place.
package predictors
