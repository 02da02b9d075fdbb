// Package container is ktzip's file format: header, segments, index, end mark,
// checksums. FORMAT.md is its authority; the code cites its sections.
//
// To this package programs are bytes: it neither executes nor codes them, and
// knows nothing of GZIP or blocks. It checks everything it reads against named
// limits before it allocates, and checksums before it hands anything out.
package container
