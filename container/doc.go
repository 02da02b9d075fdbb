// Package container reads and writes ktzip's file format: header, segments, index, end mark
// and checksums. FORMAT.md is the authority; the code cites its sections.
//
// To this package programs and members are bytes: it neither codes nor executes them. It
// checks each length that it reads against a named limit before it allocates, and verifies
// checksums before it returns anything.
//
// A Reader reads files from their start, an IndexReader from their end, a Scanner reads what is
// left of damaged ones. Header, Segment and Index append their coded form; package codec
// combines them to files. What versions of the format do differently stands in version.go.
package container
