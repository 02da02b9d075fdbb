// Package texts compresses text, machine code, databases and whatever else is neither samples nor
// records: it mixes what many contexts say of the next bit (context mixing, as in paq and zpaq).
// It computes with whole numbers only, so that every machine makes the same members.
//
// Params says which contexts there are; a Machine executes that in both directions.
package texts
