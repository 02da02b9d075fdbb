// Package describe says what is in a compressed file, for programs and for people. A List is what
// -l says, an Explanation what --explain says, a Report what a page shows (package page).
//
// All three are made of what codec.Inspect tells, and print as JSON. The package knows nothing of
// flags, terminals, HTML or a search, and links no encoder and no encoding/json: a page in a browser
// that restores files uses it, too.
package describe
