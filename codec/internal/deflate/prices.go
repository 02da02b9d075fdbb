package deflate

// Prices are in 1/priceUnit bit: a power of two; 64 is arbitrary.
const (
	priceBits = 6
	priceUnit = 1 << priceBits

	minPrice = priceUnit / 2 // of a symbol, though no codeword is shorter than 1 bit
)

// prices are what symbols cost, with their extra bits.
type prices struct {
	literals  [256]uint32
	lengths   [maxMatch + 1]uint32
	distances [numDistances]uint32
}

// set makes p the prices of an ideal code for c.
func (p *prices) set(c *counts) {
	literals, distances := newPricer(c.literals[:]), newPricer(c.distances[:])
	unseen := literals.price(0)
	for s := range p.literals {
		p.literals[s] = unseen
		if n := c.literals[s]; n > 0 {
			p.literals[s] = literals.price(n)
		}
	}
	for s := firstLength; s < numLiterals; s++ {
		price := literals.price(c.literals[s]) + priceUnit*uint32(literalEntries[s].extra())
		first := literalEntries[s].value()
		lengths := p.lengths[first:min(first+1<<literalEntries[s].extra(), len(p.lengths))]
		for n := range lengths {
			lengths[n] = price
		}
	}
	for s := range p.distances {
		p.distances[s] = distances.price(c.distances[s]) + priceUnit*uint32(distanceEntries[s].extra())
	}
}

// Prices of symbols that a code lacks, in bits.
const (
	missingLiteral  = 13
	missingDistance = 10
)

// setCode makes p the prices of codewords.
func (p *prices) setCode(c *blockCode) {
	price := func(n uint8, missing uint32, extra uint) uint32 {
		if n == 0 {
			return (missing + uint32(extra)) * priceUnit
		}
		return (uint32(n) + uint32(extra)) * priceUnit
	}
	for s := range p.literals {
		p.literals[s] = price(c.lengths[s], missingLiteral, 0)
	}
	for n := minMatch; n <= maxMatch; n++ {
		s := lengthSymbol[n]
		p.lengths[n] = price(c.lengths[s], missingLiteral, literalEntries[s].extra())
	}
	for s := range p.distances {
		p.distances[s] = price(c.lengths[numLiterals+s], missingDistance, distanceEntries[s].extra())
	}
}

// A pricer knows the logarithm of a sum of counts.
type pricer struct {
	logs  *logs
	total uint32 // log₂ of the sum, in 2^-logBits
}

func newPricer(list []uint32) pricer {
	sum := uint32(1)
	for _, n := range list {
		sum += n
	}
	logs := logTable()
	return pricer{logs, logs.log(sum)}
}

// unseenBits is what a symbol that does not occur costs more than one that occurs once.
const unseenBits = 1 << logBits

// price returns -log₂ of the frequency of a symbol that occurs n times.
func (p pricer) price(n uint32) uint32 {
	bits := p.total + unseenBits
	if n > 0 {
		bits = p.total - p.logs.log(n)
	}
	return max(minPrice, bits>>(logBits-priceBits))
}

// guess makes p the prices that are likely for b before it was parsed. The first symbol of
// lengths is taken to be 1/64 as likely as all literals, the others less the longer they
// are, by halves; distances are taken to be equally likely. All of that is arbitrary: the
// first parse corrects it.
func (p *prices) guess(b []byte) {
	const literalWeight, maxHalvings = 4, 6
	var c counts
	for _, x := range b {
		c.literals[x] += literalWeight
	}
	for s := firstLength; s < numLiterals; s++ {
		c.literals[s] = uint32(len(b)*literalWeight/64)>>min((s-firstLength)/2, maxHalvings) + 1
	}
	for s := range c.distances {
		c.distances[s] = 1
	}
	p.set(&c)
}

// favorMatches makes matches cheaper: what is too dear at first is not used and stays dear.
// By how much is arbitrary.
func (p *prices) favorMatches() {
	for n := range p.lengths {
		p.lengths[n] /= 2
	}
	for n := range p.distances {
		p.distances[n] = p.distances[n] * 3 / 4
	}
}
