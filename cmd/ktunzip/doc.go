// Ktunzip restores files that ktzip compressed. It does what ktzip -d does, and is a
// smaller program because it links no search.
//
//	ktunzip FILE.ktz    FILE.ktz becomes FILE
//	ktunzip -h          the other options
//
// If a link called ktcat starts it, it is ktunzip -cf: it restores to standard output, and
// copies files that are not compressed.
package main
