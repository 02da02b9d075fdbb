package deflate

// An Effort says how hard a Compressor works.
type Effort struct {
	// A lazy parse.
	depth int // strings looked at per position
	nice  int // bytes; a match so long ends the search
	lazy  int // positions after a match that are searched for a better one

	window int // bytes parsed at once; no block is longer
	grid   int // bytes; blocks end on it

	// An optimal parse follows where the lazy one leaves less than low or more than high
	// percent.
	low, high int
	treeDepth int // strings looked at per position
	treeNice  int // bytes; a match so long is taken
	seeds     int // prices from which a window is parsed
	before    int // how often it is parsed again before it is divided into blocks
	ideal     int // how often a block is parsed again with prices of ideal codes
	real      int // and then with prices of real ones
}

// maxLevel is the highest level.
const maxLevel = 9

// always is the percentage low by which an optimal parse follows any lazy one.
const always = 1 << 20

// optimal reports whether an optimal parse follows a lazy one that leaves size, in
// 2^-logBits bit, of n bytes.
func (e *Effort) optimal(size uint64, n int) bool {
	percent := int(size>>logBits) * 100 / (8 * n)
	return e.treeDepth > 0 && (percent < e.low || percent >= e.high)
}

// Level returns the Effort of a level, 1 to 9, for data of any kind.
func Level(level int) *Effort { return &efforts[level] }

// Mixed returns the Effort of a level, 1 to 9, for data of different kinds and changing
// statistics, such as the residuals of a prediction: from level 4 on always an optimal parse.
func Mixed(level int) *Effort { return &mixedEfforts[level] }

var efforts = [maxLevel + 1]Effort{
	1: {depth: 4, nice: 32, window: 64 << 10, grid: 8 << 10},
	2: {depth: 8, nice: 32, lazy: 1, window: 64 << 10, grid: 8 << 10},
	3: {depth: 16, nice: 64, lazy: 1, window: 64 << 10, grid: 8 << 10},
	4: {depth: 32, nice: 64, lazy: 1, window: 128 << 10, grid: 8 << 10},
	5: {depth: 64, nice: 128, lazy: 2, window: 128 << 10, grid: 4 << 10},
	6: {depth: 100, nice: 130, lazy: 2, window: 128 << 10, grid: 4 << 10,
		low: 30, high: 50, treeDepth: 32, treeNice: 128, seeds: 1, ideal: 1, real: 1},
	7: {depth: 16, nice: 64, lazy: 1, window: 256 << 10, grid: 4 << 10,
		low: always, treeDepth: 64, treeNice: 258, seeds: 1, before: 1, ideal: 2, real: 2},
	8: {depth: 16, nice: 64, lazy: 1, window: 256 << 10, grid: 4 << 10,
		low: always, treeDepth: 128, treeNice: 258, seeds: 3, before: 1, ideal: 2, real: 3},
	9: {depth: 16, nice: 64, lazy: 1, window: 256 << 10, grid: 2 << 10,
		low: always, treeDepth: 300, treeNice: 258, seeds: 3, before: 1, ideal: 4, real: 4},
}

// mixedEfforts are efforts, with an optimal parse from level 4 on.
var mixedEfforts = func() [maxLevel + 1]Effort {
	t := efforts
	for level := 4; level <= 6; level++ {
		t[level] = Effort{
			depth: 8, nice: 32, lazy: 1, window: 128 << 10, grid: 4 << 10,
			low: always, treeDepth: 8 << (level - 4), treeNice: 64, seeds: 1, ideal: level - 4, real: 1,
		}
	}
	return t
}()
