// Package codec compresses and restores files. A Writer cuts its input into segments, and
// codes each in several ways: by deflate alone; with programs for blocks, which a Finder looks
// for; by a plan, which a Planner proposes; by predictors of the streams of a plan, for which a Mixer
// looks. It writes the shortest. A Reader executes.
//
//	w, err := codec.NewWriter(dst, &codec.WriterConfig{Finder: programs.New(nil), Planner: plans.New(6)})
//	r, err := codec.NewReader(src, nil)
//
// The output of a Writer does not depend on the number of threads. Before it writes a segment,
// it restores it and compares it with the input, unless WriterConfig.NoVerify is set. A Reader
// returns the bytes of a segment only after their checksums were verified. No goroutine of a
// Reader waits for its caller: a Reader that is abandoned leaves nothing behind once a Read of
// its source that is under way returns.
//
// An Archive gives random access to a file to any number of goroutines. Inspect describes a file. Salvage and
// InspectIntact restore and describe what is left of a damaged one. They accept the same files as a Reader, under
// the same limits of memory
// (Memory) and of steps.
//
// The package knows the language (dsl, dsl/plan) and the file format (container), and
// compresses by codec/internal/deflate, and by codec/internal/mix, records and texts, the coders of
// predictors. It does not search: packages search/programs, search/plans and search/predictors implement
// Finder, Planner and Mixer.
//
// # Writing apart
//
// A Writer is a Cutter, which says where segments end, a Coder, which codes each, and an Assembler, which
// writes the file. In processes of their own they write the same bytes, if they have the same configuration:
//
//	Cutter     from the input, or from a Place in it, to a Cut and the bytes of each segment
//	Coder      from these, and the Finding for the last leader before (Cut.Follows), to a Coded
//	           joins the segments of a Cut.Joint (Coder.Join), if WriterConfig.Joins
//	Assembler  from the Coded, in the order of the input, to the file
//
// Place, Cut, Finding and Coded are plain data, for JSON. Leaders (Cut.Leads) come in their order, all else
// in any.
//
// # Files
//
//   - Writing: writer.go; cutter.go and length.go, where segments end; coder.go and segment.go, the ways to
//     code one; runs.go, which segments are searched; programs.go and choose.go, which programs; plans.go,
//     which plan; mixed.go, which predictors; join.go, which segments are joined; assembler.go.
//   - Reading: reader.go, archive.go and archive_cache.go, inspect.go, costs.go and walk.go, salvage.go and
//     salvage_index.go; decode.go, a segment; memory.go, what all of them may take.
//   - Both: predictors.go and a file for each coder of predictors; config.go.
package codec
