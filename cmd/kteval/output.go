package main

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// checkOutput returns an error that names flag if the file called name cannot be written beside its inputs:
// better now than after the search.
func checkOutput(flag, name string, inputs ...string) error {
	is, err := os.Stat(name)
	if os.IsNotExist(err) {
		folder := filepath.Dir(name)
		if is, err = os.Stat(folder); err == nil && !is.IsDir() {
			err = fmt.Errorf("%s is no folder", folder)
		}
	} else if err == nil && is.IsDir() {
		err = fmt.Errorf("%s is a folder", name)
	} else if err == nil {
		for _, input := range inputs {
			if in, e := os.Stat(input); e == nil && os.SameFile(is, in) {
				err = fmt.Errorf("%s is an input, too", name)
			}
		}
	}
	if err != nil {
		return fmt.Errorf("--%s: %w", flag, err)
	}
	return nil
}

// create makes the file called name of what write writes. It appears only when it is complete.
// A link keeps, and what is no regular file, such as a pipe, is written as it is.
func create(name string, write func(w io.Writer) error) error {
	if target, err := filepath.EvalSymlinks(name); err == nil {
		name = target
	}
	mode, temp := os.O_CREATE|os.O_EXCL, fmt.Sprintf("%s/.kteval-%08x", filepath.Dir(name), rand.Uint32())
	if is, err := os.Stat(name); err == nil && is.Mode()&fs.ModeType != 0 {
		mode, temp = 0, ""
	}
	path := name
	if temp != "" {
		path = temp
		defer os.Remove(temp)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|mode, 0o666)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	if err = write(w); err == nil {
		err = w.Flush()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil && temp != "" {
		err = os.Rename(temp, name)
	}
	return err
}
