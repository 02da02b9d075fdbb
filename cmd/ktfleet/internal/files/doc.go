// Package files reads and writes the files of a fleet, by scheme: local paths, gs://, s3://,
// and what else registers with Beam's package filesystem, such as memfs:// in tests.
//
// Beam's own filesystems lack what a fleet needs. They read a file from its beginning only,
// list no folder, know ** in gs:// alone, misread names that have ?, # or %, and replace whatever
// has the name of an output. So this package has clients of its own for gs:// and s3://. They
// reach what else speaks S3's protocol, too, at AWS_ENDPOINT_URL. Other schemes are Beam's.
//
//	path.go     schemes, Join, names of temporary files
//	pattern.go  the language of patterns
//	match.go    Info, Match, Stat, Exists
//	file.go     File: ranges and streams of a file
//	output.go   Output: a file that appears when it is complete
//	whole.go    ReadFile, WriteFile, Remove, RemoveAll
//	store.go    what each scheme must do; the table of schemes
//	local.go    local files, locks (lock_*.go); sink.go, mask_*.go their outputs
//	objects.go  files of an object store; gcs.go, s3.go, beam.go their clients
//
// # Retries
//
// Beam may execute a bundle again: after a failure, after the loss of a worker whose work was
// complete, or twice at a time. So each operation here may be repeated. An Output appears as a
// whole or not at all. If its name is taken at Commit and it must not replace what is there,
// Commit compares: the same content is success, since the earlier attempt made it, and any
// other is ErrExists. So a job asks Exists once for each output, before the work on it
// starts and in a place that is not executed again; after that it relies on Commit. It needs
// no record of which files it made, and never replaces anyone else's.
//
// A worker that dies leaves temporary files, whose names begin with TemporaryPrefix. Match
// sees none of them.
package files
