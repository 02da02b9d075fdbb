package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/ktzip/ktzip/cmd/internal/cli"
	"github.com/ktzip/ktzip/cmd/internal/model"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/files"
)

// codingOptions are the options that ktzip has for coding, of the commands that code.
type codingOptions struct {
	args []string // of a cli.Coding
	like string   // the file of --like; "" if there is none
}

// take implements taker.
func (o *codingOptions) take(args []string) (rest []string, err error) {
	coding, rest, err := cli.ParseCoding(args, model.Check)
	if err != nil {
		return nil, err
	}
	o.args, o.like = coding.Args(), coding.Like
	return rest, nil
}

// maxLike is the most bytes of the file of --like that are read; arbitrary.
const maxLike = 1 << 30

// coding returns the options as other processes take them, and the plans of the file of --like, as text.
func (o *codingOptions) coding(ctx context.Context) (args, like []string, err error) {
	if o.like == "" {
		return o.args, nil, nil
	}
	f, err := files.Open(ctx, o.like)
	if err != nil {
		return nil, nil, fmt.Errorf("--like: %w", err)
	}
	defer f.Close()
	src := f.Reader(0)
	defer src.Close()
	plans, err := cli.ReadPlans(io.LimitReader(src, maxLike), nil)
	if err != nil {
		return nil, nil, fmt.Errorf("--like: %s: %w", o.like, err)
	}
	for _, p := range plans {
		like = append(like, strings.TrimSpace(p.String()))
	}
	return o.args, like, nil
}
