// Package compare measures what compressors make of data in memory, and how fast each of them
// compresses and restores it with one thread.
package compare
