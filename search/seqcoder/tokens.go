package seqcoder

import (
	"errors"
	"fmt"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/search/seqcoder/model"
)

// A Token is a symbol of the model's alphabet. A text is a sequence of bytes, tokenProgram,
// the lines of a canonical program, tokenEnd. A line is its operation, a reference for each
// list that the operation takes, its numbers, its literal list. A reference is a distance in
// lines: 0 is the line before. The output is the last line.
type Token = model.Token

// The alphabet. A number from 0 to 255 is one token; a larger one has its high byte before the
// low one, and a negative one its sign before that.
const (
	tokenByte     Token = 0   // + the byte
	tokenPad      Token = 256 // fills up the texts of a training batch
	tokenProgram  Token = 257
	tokenEnd      Token = 258
	tokenListEnd  Token = 259
	tokenNegative Token = 260
	tokenHigh     Token = 261 // + the high byte, 1 to 127: 262 to 388
	tokenOp       Token = 389 // + the operation
	tokenRef            = tokenOp + Token(dsl.Interleave) + 1

	// Vocabulary is the number of tokens.
	Vocabulary = int(tokenRef) + maxDistance

	maxDistance = 64        // lines; of 100,000 drawn programs none needs more than 50 (2026-11-27)
	maxNumber   = 1<<15 - 1 // 127 high bytes
)

// ErrTokens reports a program that has no form in tokens, or tokens that are no text.
var ErrTokens = errors.New("seqcoder: not representable in tokens")

// Encode appends the text of a sequence and of its program, in canonical form, to dst. Without
// a program, p is nil, and the text ends after tokenProgram: training reads it, and Decode
// refuses it. The error is ErrTokens.
func Encode(dst []Token, sequence []byte, p *dsl.Program) ([]Token, error) {
	for _, c := range sequence {
		dst = append(dst, Token(c))
	}
	dst = append(dst, tokenProgram)
	if p == nil {
		return dst, nil
	}
	if p = p.Canonical(); p.Out < 0 || p.Out != len(p.Nodes)-1 {
		return dst, fmt.Errorf("%w: the output is not a line of the program", ErrTokens)
	}
	for i := range p.Nodes {
		var err error
		if dst, err = appendLine(dst, &p.Nodes[i], i); err != nil {
			return dst, err
		}
	}
	return append(dst, tokenEnd), nil
}

// appendLine appends the tokens of line i.
func appendLine(dst []Token, n *dsl.Node, i int) (_ []Token, err error) {
	if n.Op > dsl.Interleave {
		return dst, fmt.Errorf("%w: operation %s", ErrTokens, n.Op)
	}
	dst = append(dst, tokenOp+Token(n.Op))
	for _, ref := range n.Refs[:n.Op.Lists()] {
		if ref < 0 || i-1-ref >= maxDistance {
			return dst, fmt.Errorf("%w: reference to line %d from line %d", ErrTokens, ref, i)
		}
		dst = append(dst, tokenRef+Token(i-1-ref))
	}
	nums, list := n.Op.Numbers()
	for _, v := range n.Nums[:nums] {
		if dst, err = appendNumber(dst, v); err != nil {
			return dst, err
		}
	}
	if !list {
		return dst, nil
	}
	for _, v := range n.List {
		if dst, err = appendNumber(dst, v); err != nil {
			return dst, err
		}
	}
	return append(dst, tokenListEnd), nil
}

func appendNumber(dst []Token, v int32) ([]Token, error) {
	if v < -maxNumber || v > maxNumber {
		return dst, fmt.Errorf("%w: number %d", ErrTokens, v)
	}
	if v < 0 {
		dst, v = append(dst, tokenNegative), -v
	}
	if v > 255 {
		dst = append(dst, tokenHigh+Token(v>>8))
	}
	return append(dst, tokenByte+Token(v&255)), nil
}

// Decode returns the sequence and the program of a text. The error is ErrTokens.
func Decode(text []Token) (sequence []byte, p *dsl.Program, err error) {
	for len(text) > 0 && text[0] < 256 {
		sequence, text = append(sequence, byte(text[0])), text[1:]
	}
	if len(text) == 0 || text[0] != tokenProgram {
		return nil, nil, fmt.Errorf("%w: no program after the sequence", ErrTokens)
	}
	r := reader{text[1:]}
	p = &dsl.Program{}
	for {
		t, ok := r.next()
		switch {
		case !ok:
			return nil, nil, fmt.Errorf("%w: missing end token", ErrTokens)
		case t == tokenEnd:
			if len(p.Nodes) == 0 || len(r.text) > 0 {
				return nil, nil, fmt.Errorf("%w: misplaced end token", ErrTokens)
			}
			p.Out = len(p.Nodes) - 1
			return sequence, p, nil
		case t < tokenOp || t >= tokenRef:
			return nil, nil, fmt.Errorf("%w: token %d, want an operation", ErrTokens, t)
		}
		n, err := r.line(dsl.Op(t-tokenOp), len(p.Nodes))
		if err != nil {
			return nil, nil, err
		}
		p.Nodes = append(p.Nodes, n)
	}
}

// A reader reads a text from its start.
type reader struct{ text []Token }

func (r *reader) next() (t Token, ok bool) {
	if len(r.text) == 0 {
		return 0, false
	}
	t, r.text = r.text[0], r.text[1:]
	return t, true
}

// line reads what follows the operation of line i.
func (r *reader) line(op dsl.Op, i int) (n dsl.Node, err error) {
	n.Op = op
	for k := range op.Lists() {
		t, _ := r.next()
		if n.Refs[k] = i - 1 - int(t-tokenRef); t < tokenRef || n.Refs[k] < 0 {
			return n, fmt.Errorf("%w: token %d, want a reference", ErrTokens, t)
		}
	}
	nums, list := op.Numbers()
	for k := range nums {
		if n.Nums[k], err = r.number(); err != nil {
			return n, err
		}
	}
	for list {
		if len(r.text) > 0 && r.text[0] == tokenListEnd {
			r.next()
			break
		}
		v, err := r.number()
		if err != nil {
			return n, err
		}
		n.List = append(n.List, v)
	}
	return n, nil
}

func (r *reader) number() (int32, error) {
	t, ok := r.next()
	sign, high := int32(1), int32(0)
	if t == tokenNegative {
		sign = -1
		t, ok = r.next()
	}
	if t > tokenHigh && t < tokenOp {
		high = int32(t-tokenHigh) << 8
		t, ok = r.next()
	}
	if !ok || t > 255 {
		return 0, fmt.Errorf("%w: token %d, want a number", ErrTokens, t)
	}
	return sign * (high | int32(t)), nil
}
