package deflate

// An Effort says how hard a Compressor works.
type Effort struct {
	lazyEffort
	optimalEffort
	window int // bytes parsed at once; no block is longer
	grid   int // bytes; blocks end on it
}

// A lazyEffort is that of a lazy parse.
type lazyEffort struct {
	depth int // strings looked at per position
	nice  int // bytes; a match so long ends the search
	lazy  int // positions after a match that are searched for a better one
}

// An optimalEffort is that of an optimal parse, which follows where a lazy one leaves less than
// low percent, or high percent or more.
type optimalEffort struct {
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

// seedEffort is that of lazy parses that give an optimal one its first prices.
var seedEffort = lazyEffort{depth: 8, nice: 32, lazy: 1}

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
	1: {lazyEffort{4, 32, 0}, optimalEffort{}, 64 << 10, 8 << 10},
	2: {lazyEffort{6, 32, 1}, optimalEffort{}, 64 << 10, 8 << 10},
	3: {lazyEffort{16, 64, 1}, optimalEffort{}, 64 << 10, 8 << 10},
	4: {lazyEffort{32, 64, 1}, optimalEffort{}, 128 << 10, 8 << 10},
	5: {lazyEffort{100, 130, 1}, optimalEffort{}, 128 << 10, 4 << 10},
	6: {lazyEffort{400, maxMatch, 1}, optimalEffort{low: 30, high: 50, treeDepth: 32, treeNice: maxMatch, seeds: 1, real: 1}, 128 << 10, 4 << 10},
	7: {seedEffort, optimalEffort{low: always, treeDepth: 64, treeNice: maxMatch, seeds: 1, before: 1, ideal: 1, real: 2}, 256 << 10, 4 << 10},
	8: {seedEffort, optimalEffort{low: always, treeDepth: 128, treeNice: maxMatch, seeds: 3, ideal: 2, real: 2}, 256 << 10, 4 << 10},
	9: {seedEffort, optimalEffort{low: always, treeDepth: 300, treeNice: maxMatch, seeds: 3, before: 1, ideal: 3, real: 4}, 256 << 10, 2 << 10},
}

// mixedEfforts are efforts, with an optimal parse from level 4 on.
var mixedEfforts = func() [maxLevel + 1]Effort {
	t := efforts
	for level := 4; level <= 6; level++ {
		t[level] = Effort{seedEffort, optimalEffort{low: always, treeDepth: 8 << (level - 4), treeNice: 64, seeds: 1, ideal: level - 4, real: 1}, 128 << 10, 4 << 10}
	}
	return t
}()
