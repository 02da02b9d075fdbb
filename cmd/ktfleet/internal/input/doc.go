// Package input finds the files of a pipeline, says where their outputs go, and opens them as
// they were found. It does not know what is done with them.
package input
