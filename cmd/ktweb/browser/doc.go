// Package browser tests the page of cmd/ktweb in Chromium. It is a module of its own, since what drives a
// browser is nothing that users link.
package browser
