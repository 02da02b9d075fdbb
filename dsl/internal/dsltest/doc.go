// Package dsltest is what the tests of packages dsl and plan share. It must not import
// either.
package dsltest
