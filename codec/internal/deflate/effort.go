package deflate

// An Effort says how hard a Compressor works.
type Effort struct {
	lazyEffort
	optimalEffort
	window     int     // bytes parsed at once; no block is longer
	grid       int     // bytes; blocks end on it
	lower      *Effort // that is tried, too; nil if there is none
	repetitive int     // how many times shorter data must become for that; 0: always
	short      int     // bytes; data of up to so many is parsed by a shortParser
	once       bool    // the first window is not parsed again with other prices
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
	nearDepth int // the same, where matches hardly pay: the nearest; 0: as elsewhere
	treeNice  int // bytes; a match so long is taken
	seeds     int // prices from which a window is parsed, in the order of firstParse
	before    int // how often it is parsed again before it is divided into blocks
	ideal     int // how often a block is parsed again with prices of ideal codes
	real      int // and then with prices of real ones
}

// maxLevel is the highest level.
const maxLevel = 9

// always is the percentage low by which an optimal parse follows any lazy one.
const always = 1 << 20

// seedEffort is that of lazy parses that give an optimal one its first prices; arbitrary.
var seedEffort = lazyEffort{depth: 8, nice: 32, lazy: 1}

// deepEffort is that of lazy parses that no optimal one may follow. With a depth of 100 lfw.npy is
// more than 256 bytes longer than by gzip -9.
var deepEffort = lazyEffort{depth: 400, nice: maxMatch, lazy: 1}

// optimal reports whether an optimal parse follows a lazy one that leaves size, in
// 2^-logBits bit, of n bytes.
func (e *Effort) optimal(size uint64, n int) bool {
	percent := int(size>>logBits) * 100 / (8 * n)
	return e.treeDepth > 0 && (percent < e.low || percent >= e.high)
}

// Estimate returns the Effort of estimates: a block per 16 KiB, which costs no time to place. With
// blocks that end where codes change the plans chosen by it were worse: vocal.wav at level 6
// grew by 1.4 %. A second parse of the first block takes a tenth of the time of a search, and changes no
// plan of 60 files.
func Estimate() *Effort { return &estimateEffort }

var estimateEffort = Effort{
	lazyEffort: lazyEffort{depth: 16, nice: 64, lazy: 1},
	window:     16 * kib, grid: 16 * kib, once: true,
}

// Level returns the Effort of a level, 1 to 9, for data of any kind.
func Level(level int) *Effort { return &plainEfforts[level] }

// Mixed returns the Effort of a level, 1 to 9, for data of different kinds and changing
// statistics, such as the residuals of a prediction: from level 4 on always an optimal parse.
func Mixed(level int) *Effort { return &mixedEfforts[level] }

// kib is 2^10 bytes.
const kib = 1 << 10

// efforts are those of levels. Sizes and speeds were measured in November 2026 on the 79 real files
// together 36 MB, on a core of an AMD EPYC that had other work, too; the first column of
// speeds is that of text.bin. GNU gzip -1, -6 and -9 leave 17.89, 16.73 and 16.56 MB,
// libdeflate-gzip -12 15.97.
//
//	level  leaves, MB  text, MB/s  all, MB/s
//	1        17.08       60          45
//	3        16.63       40          29
//	6        16.14       22           5.2
//	7        15.97        3           2.8
//	9        15.89        1.7         1.4
//
// Level 6 parses text lazily and the rest optimally, since the longest match is right for text:
// there it is at most 3 % longer than level 9.
var efforts = [maxLevel + 1]Effort{
	1: {
		lazyEffort: lazyEffort{depth: 4, nice: 32},
		window:     64 * kib, grid: 8 * kib,
	},
	2: {
		lazyEffort: lazyEffort{depth: 6, nice: 32, lazy: 1},
		window:     64 * kib, grid: 8 * kib,
	},
	3: {
		lazyEffort: lazyEffort{depth: 16, nice: 64, lazy: 1},
		window:     64 * kib, grid: 8 * kib,
	},
	4: {
		lazyEffort: lazyEffort{depth: 32, nice: 64, lazy: 1},
		window:     64 * kib, grid: 4 * kib,
	},
	5: {
		lazyEffort: lazyEffort{depth: 100, nice: 130, lazy: 1},
		window:     128 * kib, grid: 4 * kib,
	},
	6: {
		lazyEffort:    deepEffort,
		optimalEffort: optimalEffort{low: 30, high: 42, treeDepth: 32, treeNice: maxMatch, seeds: 2},
		window:        128 * kib, grid: 4 * kib,
	},
	7: {
		lazyEffort:    deepEffort,
		optimalEffort: optimalEffort{low: always, treeDepth: 64, treeNice: maxMatch, seeds: maxSeeds, ideal: 1, real: 2},
		window:        256 * kib, grid: 4 * kib,
	},
	8: {
		lazyEffort:    deepEffort,
		optimalEffort: optimalEffort{low: always, treeDepth: 128, treeNice: maxMatch, seeds: maxSeeds, before: 1, ideal: 2, real: 3},
		window:        256 * kib, grid: 4 * kib,
	},
	9: {
		lazyEffort:    deepEffort,
		optimalEffort: optimalEffort{low: always, treeDepth: 300, treeNice: maxMatch, seeds: maxSeeds, before: 1, ideal: 3, real: 4},
		window:        256 * kib, grid: 2 * kib,
	},
}

// mixedEfforts are efforts, with an optimal parse from level 4 on.
var mixedEfforts = func() *[maxLevel + 1]Effort {
	t := efforts
	for level := 4; level <= 6; level++ {
		t[level] = Effort{
			lazyEffort:    seedEffort,
			optimalEffort: optimalEffort{low: always, treeDepth: 8 << (level - 4), nearDepth: 8, treeNice: 64, seeds: 2, ideal: level - 4, real: 1},
			window:        128 * kib, grid: 4 * kib,
		}
	}
	return falling(t, repetitive)
}()

// plainEfforts are efforts with those that are tried, too. The levels above 6 always try that:
// it takes a fifth of their time, and eeg.edf is 4 % shorter by level 6 than by level 9.
var plainEfforts = func() *[maxLevel + 1]Effort {
	t := falling(efforts, 0)
	for level := 1; level < 6; level++ {
		t[level].short = shortFast
	}
	t[6].short = MaxShort
	return t
}()

// repetitive is how many times shorter data becomes that is also compressed by a lower effort:
// its matches leave so few tokens that chance decides which parse is shorter, and they are found
// fast. 30,000 bytes of ramps took 573 bytes at level 9 and 531 at 6, 100 KB of zeros 246 at 6 and
// 214 at 1.
const repetitive = 16

// falling returns t with lower set: 6 for the levels above it, which they try for data that becomes
// above times shorter; and, for repetitive data, 1 for 6 and periodicEffort for the rest.
func falling(t [maxLevel + 1]Effort, above int) *[maxLevel + 1]Effort {
	for level := 7; level <= maxLevel; level++ {
		t[level].lower, t[level].repetitive = &t[6], above
	}
	t[6].lower, t[6].repetitive = &t[1], repetitive
	for level := 1; level < 6; level++ {
		t[level].lower, t[level].repetitive = &periodicEffort, periodic
	}
	return &t
}

// periodic is how many times shorter data must become to be compressed by periodicEffort, too. With
// 16 data of a period of 513 bytes with noise took 6 % more than by gzip -1.
const periodic = 8

// periodicEffort is that of repetitive data, beside others: of a period of 300 bytes with noise every
// 97, only the match 97 periods back is not ended by noise there. Looking at 4 strings such data
// took 16 % more than by gzip -1, at 8 and 32 26 % more than by gzip -6.
var periodicEffort = Effort{
	lazyEffort: lazyEffort{depth: 128, nice: maxMatch, lazy: 1},
	window:     1024 * kib, grid: 4 * kib, // few tokens: heads of blocks count
}
