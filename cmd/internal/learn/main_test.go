package main

import (
	"bytes"
	"go/parser"
	"go/token"
	"io"
	"testing"
)

// TestLearn makes a table of a few blocks, twice.
func TestLearn(t *testing.T) {
	const size = 24 * blockSize
	table, err := learn(t.Context(), size, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	again, err := learn(t.Context(), size, io.Discard)
	if err != nil || !bytes.Equal(table, again) {
		t.Errorf("another table the second time, %v", err)
	}
	if _, err := parser.ParseFile(token.NewFileSet(), "", table, 0); err != nil {
		t.Error(err)
	}
	if !bytes.HasPrefix(table, []byte("package dsl")) {
		t.Errorf("the table begins with %.60q", table)
	}
	if n := bytes.Count(table, []byte("{")) - 1; n < 100 || n > entries {
		t.Errorf("%d entries, want 100 to %d", n, entries)
	}
}
