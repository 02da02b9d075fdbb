package main

import (
	"bytes"
	"go/parser"
	"go/token"
	"io"
	"testing"
)

// TestPass makes a table of a few blocks, twice.
func TestPass(t *testing.T) {
	const size = 24 * blockSize
	table, err := pass(t.Context(), size, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	again, err := pass(t.Context(), size, io.Discard)
	if err != nil || !bytes.Equal(table, again) {
		t.Errorf("another table the second time, %v", err)
	}
	if _, err := parser.ParseFile(token.NewFileSet(), "", table, 0); err != nil {
		t.Error(err)
	}
	if n := bytes.Count(table, []byte("{")) - 1; n < 100 || n > entries {
		t.Errorf("%d entries, want 100 to %d", n, entries)
	}
}

// TestLearn makes a table in two passes, each compiled with the table of the one before.
func TestLearn(t *testing.T) {
	const size = 2 * blockSize
	table, err := learn(t.Context(), size)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(table, []byte(header)) {
		t.Errorf("the table begins with %.60q", table)
	}
}
