// Package codec compresses and restores: a Writer cuts its input into segments
// and blocks, has a Finder look for programs, codes the other blocks with GZIP,
// chooses, verifies and writes; a Reader executes.
//
//	w, err := codec.NewWriter(dst, &codec.WriterConfig{Finder: programs.New(nil), Planner: plans.New(6)})
//	r, err := codec.NewReader(src, nil)
//
// A Writer's output does not depend on the number of threads. What it writes
// has been decoded and compared with the input before (WriterConfig.NoVerify
// turns that off). A Reader hands out a segment's bytes only after its
// checksums have passed, and no goroutine of it waits for its caller: one that
// is abandoned leaves nothing behind, once a Read of its source that is under way
// returns. Salvage restores what is left of a damaged file.
//
// The package knows the language (dsl) and the file format (container); how
// programs and plans are found is the business of a Finder and a Planner, which search
// implements.
package codec
