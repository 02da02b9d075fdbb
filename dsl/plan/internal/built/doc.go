// Package built says what the program can do that is built. A decoder for a page is built with the tag
// ktzip_restoreonly: to load it takes time, and it takes no segment apart.
package built
