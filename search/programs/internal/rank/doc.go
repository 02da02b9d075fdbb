// Package rank orders the ways to cut a line into two strands: it says of each how
// likely it is part of the best program.
//
// Package search/programs estimates what every cut costs, but the estimate cannot know
// what relations will save, nor that a strand is cut again. How estimates change from
// one cut to the next, and how elements differ from those one, two and four before,
// tells more. A network of one hidden layer has learnt to weigh this:
//
//	features of the pairs around the cut, of the cut, of the state     view.go
//	  -> the sum of their rows of the first layer, Hidden units        net.go
//	  -> the score of the cut by the second layer, less the prior of its rank
//
// A feature is one of up to 16 codes. A code is a row of weights, so that the first
// layer adds rows and multiplies nothing. All is in integers: scores are the same on
// every machine.
//
// The weights are in net.bin, which train writes, with the card CARD.md that says how it
// was made. Learning anew takes some 20 minutes of one core:
//
//	go generate -tags learn ./search/programs/internal/rank
//
// Other ways to learn are flags of train; bench/KOLMOGOROV.md compares them. kteval --ranker
// takes what they write.
//
// The package knows nothing of the module.
package rank
