package mix

// Bytes says how bytes are predicted and coded as bytes: the text of a predictor.
type Bytes struct {
	Frame    Frame
	Contexts uint // mask of contexts
	Buckets  int  // logarithm of the number of buckets
	Match    int  // bytes that a match has at least; 0: no matches
}

// A Frame says where records begin. All 0: no records.
type Frame struct {
	First  int // bytes before the first record
	Length int // of each record; 0: heads tell

	Head    int   // bytes of a head
	At      int   // where in the head its number stands
	Element int   // bytes of that number, negative if the most significant is the first; 16: 7 bits a byte, 1 or 2 bytes; 0: a type
	Unit    int   // what the number counts, in bytes
	Plus    int   // what is added to give the length with the head
	Align   int   // what that is rounded up to a multiple of
	Keys    []int // which bytes of a head tell the kind
	Types   []Type
}

// A Type is the length of records with their head.
type Type struct {
	Byte   int
	Length int
	From   int // the number of the first record that it holds for
}
