// Package code converts machine code: the calls and jumps in it say how far away their targets are,
// and ToTargets makes that the addresses of the targets, so that all calls of a function are alike.
// ToDistances is the inverse, for any bytes.
//
// What an instruction is told by is the same before and after, and each is converted on its own.
// So only the order matters, if instructions overlap: the one direction is the reverse of the other.
//
// The table of architectures is in code.go, how instructions of any length are told in x86.go, and
// how those of words in words.go. Section 9 of container/FORMAT.md defines both.
package code
