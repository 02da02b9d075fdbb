// Command ktfleet runs ktzip over many files, on one machine or on many: it is a set of
// pipelines of Apache Beam, which run inside the process unless another runner is named. See
// ktfleet --help and README.md.
package main
