//go:build ktzip_restoreonly

package built

// Splits says that machines execute plans in both directions. If it is false, the linker leaves out what
// only splitting calls.
const Splits = false
