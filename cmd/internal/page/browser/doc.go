// Package browser opens reports in Chromium: its tests look at what a page shows, and program pictures
// makes the pictures of the README.
//
// It is a module of its own because what drives a browser is nothing that users of ktzip need.
package browser
