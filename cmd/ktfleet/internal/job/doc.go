// Package job runs a pipeline of Apache Beam and collects what it did: a Result of each
// file, which the pipeline writes into one file, and counters, of which a line on the
// terminal tells. It starts the runner Prism in the process unless another one is asked
// for. It does not know what the pipeline is for.
package job
