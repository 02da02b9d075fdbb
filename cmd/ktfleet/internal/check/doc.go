// Package check is the pipeline of what is done with compressed files, each by one worker:
// restoring them, verifying that they restore, describing them.
package check
