package near

import (
	"math/rand/v2"

	"github.com/ktzip/ktzip/dsl/kolmogorov"
)

// A Planted is a sequence of the KoLMogorov Test's distribution, and the same with errors.
type Planted struct {
	Clean, Block []byte
	Bits         float64 // of the generator's program
}

// Plant draws n sequences of 64 to 128 elements and changes elements of each, as many as
// errors says, at random.
func Plant(seed uint64, n, errors int) (list []Planted) {
	const least, most = 64, 128 // elements: half a block to a block
	g := kolmogorov.NewGenerator(seed)
	r := rand.New(rand.NewPCG(seed, uint64(errors)))
	for len(list) < n {
		program, clean := g.Next()
		if len(clean) < least || len(clean) > most {
			continue
		}
		block := append([]byte(nil), clean...)
		for _, at := range r.Perm(len(block))[:errors] {
			block[at] += byte(1 + r.IntN(255))
		}
		list = append(list, Planted{Clean: clean, Block: block, Bits: program.UniformBits()})
	}
	return list
}
