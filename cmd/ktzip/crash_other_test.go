//go:build !linux

package main

func leaveNothing() {}

func limitMemory() bool { return false }
