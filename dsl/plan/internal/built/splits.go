//go:build !ktzip_restoreonly

package built

// Splits says that machines execute plans in both directions.
const Splits = true
