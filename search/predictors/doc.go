// Package predictors searches for predictors: programs that say what to expect of the bytes of a
// stream, by which codec's arithmetic coder codes it (container/FORMAT.md, section 12).
//
// It knows nothing of how predictors are executed: codec tells what a part of a stream costs by one.
// A search goes from cheap to dear:
//
//  1. Sources (source.go): as numbers of which width, sign and order are the bytes most alike at some
//     distance, and which distances are those of channels and of an image's rows?
//  2. The sources that seem best code a sample by a fast predictor; one or two go on.
//  3. A climb (climb.go) changes one component at a time, as long as the sample becomes shorter: the
//     window of least squares, what they look at, the cascade of filters, the contexts.
//
// What is proposed is the front of what was tried: for each time to restore, the shortest.
// Plans (frame.go) cut a segment where the plan found for deflate does, and leave its parts as they
// are: what deflate wants reordered is best predicted in place.
package predictors
