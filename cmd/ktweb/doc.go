// Ktweb restores .ktz files in a browser, and shows what is in them.
//
//	go run ./cmd/ktweb OUT
//
// makes the folder OUT: a page, its scripts, and this package as WebAssembly, with the decoder alone. Any
// server of files can serve it, such as python3 -m http.server -d OUT. A file that one drops on the page stays on the machine: a worker restores it
// in at most 128 MiB beside the result, and the page may reach nothing but its own folder.
//
// To load quickly, the module has no half of dsl/plan that takes segments apart (the tag ktzip_restoreonly), small packages in
// the places of two of Go's (internal/fmt, internal/godebug), and no tables for tracebacks (internal/wasm).
//
// Scripts find two functions in the global object ktzip once the module runs. Both take the bytes of a
// compressed file, a Uint8Array, and its name.
//
//	restore(bytes, name)  {answer, parts}: an answer.Restored as JSON, and what it restored, in Uint8Arrays
//	report(bytes, name)   a report as JSON
//
// What is intact of a damaged file is restored, and NULs stand for the rest. Neither function throws.
package main
