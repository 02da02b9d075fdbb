package plans

// An effort says how wide the search for plans is. A higher level does at least as much
// in every field, unless the field says why not.
type effort struct {
	// stepsPerByte is what all searches for plans of a segment may take together, those of lower
	// included, in steps of about a nanosecond per byte.
	stepsPerByte int64

	// The sample of the segment that recipes are priced on.
	windows     int // number of excerpts
	windowBytes int // size of an excerpt
	firstBytes  int // size of the sample in the round between a glimpse and all of it
	longBytes   int // size of the sample for what needs time to adapt; 0 if nothing does

	// Templates are looked for in textBytes of a text, after a glimpse of so many bytes; all of them
	// if no glimpse comes before.
	textBytes, glimpse int

	// compared says that ways to divide rows and slots of templates are compared; below they are told, as
	// those of messages are.
	compared bool

	// The evidence that is gathered.
	near        int // number of near distances (elements, channels, records)
	far         int // number of far distances (rows)
	maxDistance int // longest distance, in bytes; fartherTimes as long in a second look

	// The recipes that are tried.
	kept    int // recipes that stay after a round
	plans   int // plans proposed, and recipes that a refinement starts from
	taps    int // most coefficients of a linear prediction; 0 for none
	weights int // most weights of an adaptive prediction; 0 for none
	rates   int // rates at which a second adaptive prediction is tried

	// hopeful is in how many places of 4 a simple recipe must save something. It falls as
	// the level rises; at 0 only text is dismissed.
	hopeful int

	// lower are the levels whose plans are proposed, too: a longer search prices recipes on
	// other samples, and may miss what a shorter one finds. They take little beside the level.
	lower []int

	// brief says that messages are not searched, but looked at (brief.go). The highest levels
	// are not brief.
	brief bool
}

// minLevel and maxLevel are the levels that efforts has. defaultLevel is what package codec
// and package programs take 0 for, too.
const minLevel, maxLevel, defaultLevel = 1, 9, 6

// efforts holds the effort of each level. The numbers are arbitrary but for their order.
// Levels 1 and 2 are alike: they differ in the Writer's GZIP.
var efforts = [maxLevel + 1]effort{
	1: {
		stepsPerByte: 1100,
		windows:      2, windowBytes: 16 << 10, firstBytes: 8 << 10,
		textBytes: 64 << 10, glimpse: 12 << 10,
		near: 3, far: 1, maxDistance: 1024,
		kept: 2, plans: 1,
		hopeful: 2, brief: true,
	},
	2: {
		stepsPerByte: 1100,
		windows:      2, windowBytes: 16 << 10, firstBytes: 8 << 10,
		textBytes: 64 << 10, glimpse: 12 << 10,
		near: 3, far: 1, maxDistance: 1024,
		kept: 2, plans: 1,
		hopeful: 2, brief: true,
	},
	3: {
		stepsPerByte: 1100,
		windows:      2, windowBytes: 16 << 10, firstBytes: 8 << 10, longBytes: 64 << 10,
		textBytes: 128 << 10, glimpse: 16 << 10,
		near: 4, far: 1, maxDistance: 2048,
		kept: 3, plans: 1, taps: 4, weights: 8,
		hopeful: 2, lower: []int{1}, brief: true,
	},
	4: {
		stepsPerByte: 1100,
		windows:      2, windowBytes: 24 << 10, firstBytes: 16 << 10, longBytes: 64 << 10,
		textBytes: 128 << 10, glimpse: 16 << 10, compared: true,
		near: 4, far: 1, maxDistance: 2048,
		kept: 4, plans: 2, taps: 8, weights: 16,
		hopeful: 2, lower: []int{1}, brief: true,
	},
	5: {
		stepsPerByte: 1300,
		windows:      2, windowBytes: 32 << 10, firstBytes: 16 << 10, longBytes: 128 << 10,
		textBytes: 128 << 10, glimpse: 16 << 10, compared: true,
		near: 5, far: 2, maxDistance: 4096,
		kept: 6, plans: 2, taps: 8, weights: 16,
		hopeful: 2, lower: []int{1}, brief: true,
	},
	6: {
		stepsPerByte: 1900,
		windows:      2, windowBytes: 32 << 10, firstBytes: 16 << 10, longBytes: 128 << 10,
		textBytes: 256 << 10, glimpse: 32 << 10, compared: true,
		near: 6, far: 2, maxDistance: 4096,
		kept: 10, plans: 3, taps: 16, weights: 24, rates: 2,
		hopeful: 2, lower: []int{1}, brief: true,
	},
	7: {
		stepsPerByte: 3000,
		windows:      3, windowBytes: 48 << 10, firstBytes: 24 << 10, longBytes: 256 << 10,
		textBytes: 256 << 10, glimpse: 256 << 10, compared: true,
		near: 8, far: 2, maxDistance: 8192,
		kept: 10, plans: 3, taps: 16, weights: 24, rates: 4,
		hopeful: 1, lower: []int{6, 1},
	},
	8: {
		stepsPerByte: 3400,
		windows:      4, windowBytes: 64 << 10, firstBytes: 32 << 10, longBytes: 384 << 10,
		textBytes: 512 << 10, glimpse: 512 << 10, compared: true,
		near: 8, far: 3, maxDistance: 8192,
		kept: 10, plans: 4, taps: 24, weights: 32, rates: 4,
		hopeful: 1, lower: []int{6, 1},
	},
	9: {
		stepsPerByte: 5600,
		windows:      4, windowBytes: 64 << 10, firstBytes: 32 << 10, longBytes: 512 << 10,
		textBytes: 512 << 10, glimpse: 512 << 10, compared: true,
		near: 12, far: 4, maxDistance: 16384,
		kept: 16, plans: 6, taps: 32, weights: 32, rates: 4,
		hopeful: 0, lower: []int{6, 1},
	},
}
