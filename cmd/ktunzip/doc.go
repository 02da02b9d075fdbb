// Ktunzip restores files that ktzip compressed. It is ktzip -d without the
// search, and so a smaller program: decoding is only execution.
//
//	ktunzip FILE.ktz    FILE.ktz becomes FILE
//	ktunzip -h          the other options
package main
