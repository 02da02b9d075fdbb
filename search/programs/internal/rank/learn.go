//go:build learn

package rank

// Plain go generate must not learn anew: it takes minutes.
//go:generate go run ./train -table net.bin -card CARD.md
