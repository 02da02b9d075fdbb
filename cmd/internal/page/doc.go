// Package page writes a describe.Report as a page: one HTML file that holds its data, its script and its
// style, and loads nothing.
package page
