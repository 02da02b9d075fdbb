package zlib

import "unicode/utf8"

// A Texts measures what zlib makes of texts as the KoLMogorov Test compresses them: in UTF-8, joined
// by newlines. Use NewTexts. It is not safe for concurrent use.
type Texts struct {
	size *Size
	n    int
	utf8 []byte // of a sequence
}

// NewTexts returns the Texts of none. It is nil if this machine has no zlib.
func NewTexts() *Texts {
	if size := New(); size != nil {
		return &Texts{size: size}
	}
	return nil
}

// Add adds a text, unless t is nil.
func (t *Texts) Add(text []byte) {
	if t == nil {
		return
	}
	if t.n++; t.n > 1 {
		t.size.Write([]byte{'\n'}) // a Size does not fail
	}
	t.size.Write(text)
}

// AddLatin1 adds a text whose letters are bytes, unless t is nil.
func (t *Texts) AddLatin1(text []byte) {
	if t == nil {
		return
	}
	t.utf8 = t.utf8[:0]
	for _, v := range text {
		t.utf8 = utf8.AppendRune(t.utf8, rune(v))
	}
	t.Add(t.utf8)
}

// Bits returns the size of what zlib made in bits: 160 of no texts. Call it once; no more texts
// may be added.
func (t *Texts) Bits() float64 { return 8 * float64(t.size.Bytes()) }
