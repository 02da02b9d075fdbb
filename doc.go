// Package ktzip compresses data by searching for programs that produce it. It suits
// telemetry, sensor recordings, logs, tables and images; on text it does as well as gzip.
// Compressing takes much longer than with gzip. Decompressing takes as long as with gzip, or
// a few times as long if the data has a plan.
//
// Streams work as in compress/gzip:
//
//	w, err := ktzip.NewWriter(dst, ktzip.DefaultCompression)
//	_, err = io.Copy(w, src)
//	err = w.Close()
//
//	r, err := ktzip.NewReader(src)
//	_, err = io.Copy(dst, r)
//
// Compress and Decompress do the same with slices. Files of the command ktzip and of this
// package are the same.
//
// FS serves compressed files as what they restore to, with random access, to all that takes an
// fs.FS. ZipCompressor and ZipDecompressor do for members of ZIP files what package archive/zip asks
// for. The examples have a handler and a client of HTTP, and a BLOB column of a database.
//
// Errors wrap the kinds of package container, such as container.ErrCorrupt; test for them
// with errors.Is. A Reader returns no byte that has not passed its checksum.
//
// Package codec has everything else: contexts, threads and memory limits, random access
// (Archive), listing (Inspect), repair (Salvage), and compression without a search.
// A program that only decompresses should import codec: it links no search then.
package ktzip
