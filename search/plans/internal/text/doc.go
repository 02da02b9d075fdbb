// Package text finds templates by which plan.Lines prints the rows of a text.
//
// Find cuts a text into rows and tries several ways to divide these into groups: by the tokens that
// they consist of (token.go, shape.go), by cells between delimiters (cells.go), which may have keys
// (keys.go), by cells between runs of blanks (blanks.go), and by what they have at each place
// (fixed.go). A cell of several forms, such as a number or NA, is an instance of a set (forms.go). A
// group is divided further by a token, such as the name of a message, that tells much about the others,
// be it words or numbers (tree.go, token_column.go, division.go, tally.go). Rows in no group share the
// longest beginnings that some have in common (rest.go). Each group becomes a template: text where all
// rows are the same, columns elsewhere (build.go). What most rows begin with becomes a template within
// the others (head.go). For each column the slot is chosen that it takes least with (column.go,
// hexadecimal.go, parts.go), then slots that are one thing are joined (compound.go), checksums are computed
// (special.go), and slots that others of the row tell about depend on these (relate.go). Prices are
// estimates of what deflate takes for the columns (prices.go); the ways that take least for parts of
// the text are tried on all of it.
//
// Brief is for messages and low levels: rows are grouped by their tokens or by cells, groups are not
// divided, and most slots are told by counting (brief.go).
//
// What decides is computed in integers, or in logarithms that are rounded: the same templates are found
// on every machine.
package text
