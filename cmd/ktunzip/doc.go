// Ktunzip restores files that ktzip compressed. It is ktzip -d without the
// search, and so a smaller program: decoding is only execution.
//
//	ktunzip FILE.ktz    FILE.ktz becomes FILE
//	ktunzip -h          the other options
//
// Called as ktcat, by a link, it is ktunzip -cf: it writes to standard output, also what
// is not compressed.
package main
