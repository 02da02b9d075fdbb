//go:build !unix

package main

import "github.com/rogpeppe/go-internal/testscript"

func usualMask() {}

func owner(ts *testscript.TestScript, neg bool, args []string) { ts.Fatalf("no owners here") }

func holes(ts *testscript.TestScript, neg bool, args []string) { ts.Fatalf("no holes here") }
