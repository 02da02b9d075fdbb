// Package pagetest makes reports, for tests of the page that draws them.
package pagetest
