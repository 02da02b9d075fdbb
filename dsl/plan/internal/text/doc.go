// Package text prints and matches rows of text. Templates say what the rows look like: literal text
// with slots, whose numbers and cells are in columns. A Printer prints rows from columns, Split takes
// rows apart into them, so that what Split makes of rows prints as those rows.
//
// The files are
//
//   - template.go: the templates of a set, read from text;
//   - printer.go and print.go: where the columns and cells of the slots are, and the rows from them;
//   - match.go, grams.go and split.go: which template a row is an instance of, and the columns of the slots;
//     values.go is what they show a search for templates;
//   - number.go and time.go: numbers and times as text;
//   - words.go and trace.go: what templates say, and what each slot prints of which bytes, for people.
//
// Section 9 of container/FORMAT.md defines templates and columns. The package knows neither plans
// nor the language: it is given bytes, and its errors say what is wrong with them. It uses integers
// only, and times without the package time. Whatever bytes it is given, a Printer allocates no more
// than the limits in template.go allow.
package text
