// Package cputime measures processor time, for benchmarks: the machines that they run on
// have other work, too.
package cputime
