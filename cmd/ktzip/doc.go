// Ktzip compresses files by searching for programs that produce them, and restores them.
//
//	ktzip FILE       FILE becomes FILE.ktz
//	ktzip -d FILE    FILE.ktz becomes FILE again
//	ktzip -h         the other options
//
// Man pages, completions and an entry for file(1) are in cmd/share, laid out as
// /usr/share.
//
// With --json it prints one object per file; cmd/internal/cli/json.go lists the fields.
package main
