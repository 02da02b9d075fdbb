// Package answers reads programs in texts that somebody else wrote: a language model, say.
//
// A text may have programs in fences of code, with prose around them, or bare. A program may be
// written in the language's own text form, or as Python of the subset that says the same: list
// displays, slices, range, zip, sorted, accumulate, comprehensions and lambdas of the shapes that
// the functions have, calls of these, and loops and methods that append to a list.
//
// Python is parsed, as Starlark, whose expressions are Python's, and translated to the language;
// nothing but the language's interpreter executes anything. A definition of a function that the
// language has is skipped: a call means what the language says. The statements of another function
// stand where it is called.
//
// All work is linear in the text, which may be hostile. Limits are named where they hold.
//
//	lines.go         the answers in a file of a batch, by their request
//	candidates.go    from a text to the texts of programs
//	statements.go    a text in logical lines
//	python.go        from Python to the language
//	ends.go          what depends on the lengths of lists
//	effects.go       statements that change a list
//	functions.go     functions that a text defines
//	expressions.go   values and operators
//	calls.go         calls of functions
//	comprehension.go comprehensions and lambdas
//	nested.go        comprehensions with a loop in a loop
package answers
