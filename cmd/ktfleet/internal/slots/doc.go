// Package slots works on several elements of a bundle at a time. A runner hands a DoFn one
// element after the other, and how many bundles it runs at a time is its own choice; slots
// fill the cores of a worker whatever that is, and bound the memory that it takes. It knows
// nothing of files.
package slots
