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
	literals, distances := sum(c.literals[:]), sum(c.distances[:])
	for s := range p.literals {
		p.literals[s] = price(c.literals[s], literals)
	}
	var symbols [numLiterals]uint32
	for s := firstLength; s < numLiterals; s++ {
		symbols[s] = price(c.literals[s], literals) + priceUnit*uint32(literalEntries[s].extra())
	}
	for n := minMatch; n <= maxMatch; n++ {
		p.lengths[n] = symbols[lengthSymbol[n]]
	}
	for s := range p.distances {
		p.distances[s] = price(c.distances[s], distances) + priceUnit*uint32(distanceEntries[s].extra())
	}
}

func sum(list []uint32) (total uint64) {
	for _, n := range list {
		total += uint64(n)
	}
	return total
}

// price returns -log₂ of the frequency of a symbol that occurs n times among total. One that
// does not occur counts as 2/5 of one; with 1/5 the output is 0.1 % longer, with 1 0.06 %
// shorter.
func price(n uint32, total uint64) uint32 {
	num, den := total+1, uint64(n)
	if n == 0 {
		num, den = 5*num, 2
	}
	return max(minPrice, uint32(log2(num, den, priceBits)))
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
