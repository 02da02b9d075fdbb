package rank

// A coder maps numbers to codes: code[lowest+i] is the number of thresholds that i
// reaches. Numbers beyond its ends are as those at the ends.
type coder [tableSize]uint8

// A coder has numbers from lowest to lowest+tableSize-1. The thresholds below lie
// between.
const (
	tableSize = 512
	lowest    = -128
)

// Thresholds of codes, in bits, elements or ranks. They are arbitrary, but for 8 bits,
// which is what a literal element costs; costs and changes leave room for outside and
// missing.
var (
	costCodes   = newCoder(1, 2, 4, 6, 8, 10, 12, 15, 18, 22, 28, 36, 50)
	changeCodes = newCoder(-16, -9, -7, -4, -2, 0, 1, 3, 5, 8, 10, 17)
	gainCodes   = newCoder(-64, -40, -28, -20, -14, -9, -4, 0, 4, 9, 14, 20, 28, 40, 60)
	lengthCodes = newCoder(16, 20, 25, 32, 40, 50, 64, 80, 100, 128, 160, 200, 256, 320)
	tailCodes   = newCoder(1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 26, 34, 50, 80)
	rankCodes   = newCoder(1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 25, 32)
)

func newCoder(thresholds ...int32) *coder {
	c := new(coder)
	for i := range c {
		for _, t := range thresholds {
			if int32(i)+lowest >= t {
				c[i]++
			}
		}
	}
	return c
}

// of returns the code of x.
func (c *coder) of(x int32) uint8 { return c[min(max(x-lowest, 0), tableSize-1)] }

// ofCost returns the code of a cost or a difference of costs in 1/256 bit, rounded.
func (c *coder) ofCost(x int32) uint8 { return c.of((x + 128) >> 8) }
