package bench

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A vocabulary holds words by falling frequency, and for each word others that often
// follow it.
type vocabulary struct {
	words  []string
	follow [][]int
}

func newVocabulary(r *rand.Rand, n int) *vocabulary {
	onsets := strings.Fields("b br c ch cl d dr f fl g gr h j k l m n p pr qu r s sh st t th tr v w")
	vowels := strings.Fields("a e i o u ai ea ou ee")
	codas := strings.Fields("b ck d ll m n nd ng nt r rd s ss st t x y")
	v := &vocabulary{}
	seen := map[string]bool{}
	for len(v.words) < n {
		var w strings.Builder
		for k := 1 + r.IntN(1+min(3, len(v.words)/40)); k > 0; k-- {
			if r.IntN(5) > 0 {
				w.WriteString(onsets[r.IntN(len(onsets))])
			}
			w.WriteString(vowels[r.IntN(len(vowels))])
			if r.IntN(5) > 1 {
				w.WriteString(codas[r.IntN(len(codas))])
			}
		}
		if s := w.String(); !seen[s] {
			seen[s] = true
			v.words = append(v.words, s)
		}
	}
	z := rand.NewZipf(r, 1.15, 4, uint64(n-1))
	for range v.words {
		follow := make([]int, 10)
		for i := range follow {
			follow[i] = int(z.Uint64())
		}
		v.follow = append(v.follow, follow)
	}
	return v
}

// next draws the word that follows the word with the number last.
func (v *vocabulary) next(r *rand.Rand, z *rand.Zipf, last int) int {
	if r.IntN(2) == 0 {
		f := v.follow[last]
		return f[min(r.IntN(len(f)), r.IntN(len(f)))]
	}
	return int(z.Uint64())
}

// text returns sentences and paragraphs of an invented language. Its words have Zipf's
// distribution, and some follow others more often than by chance.
func text(n int) []byte {
	r := newRand("text")
	v := newVocabulary(r, 6000)
	z := rand.NewZipf(r, 1.15, 4, uint64(len(v.words)-1))
	b := make([]byte, 0, n+1024)
	for word, column := 0, 0; len(b) < n; {
		length := 4 + r.IntN(20)
		for i := range length {
			word = v.next(r, z, word)
			w := v.words[word]
			if i == 0 {
				b = append(b, w[0]&^0x20)
				w = w[1:]
			}
			b = append(b, w...)
			column += len(w) + 1
			switch {
			case i == length-1:
				b = append(b, '.')
			case r.IntN(11) == 0:
				b = append(b, ',')
			}
			if column > 70 {
				b, column = append(b, '\n'), 0
			} else {
				b = append(b, ' ')
			}
		}
		if r.IntN(6) == 0 {
			b, column = append(b, "\n\n"...), 0
		}
	}
	return b[:n]
}

// JSONLog returns n bytes of lines of a web service's log.
func JSONLog(n int) []byte {
	r := newRand("jsonlog")
	v := newVocabulary(r, 400)
	var (
		levels   = strings.Fields("info info info info info info debug warn error")
		services = strings.Fields("gateway accounts billing search mailer")
		methods  = strings.Fields("GET GET GET POST PUT DELETE")
		statuses = []int{200, 200, 200, 200, 201, 204, 304, 400, 404, 500}
		users    = rand.NewZipf(r, 1.2, 10, 49_999)
		paths    = rand.NewZipf(r, 1.3, 2, 199)
	)
	b := make([]byte, 0, n+1024)
	at := int64(1_790_000_000_000) // ms
	for len(b) < n {
		at += int64(r.ExpFloat64() * 30)
		day, ms := at/86_400_000, at%86_400_000
		p := int(paths.Uint64())
		b = fmt.Appendf(b, `{"time":"2026-09-%02dT%02d:%02d:%02d.%03dZ","level":%q,"service":%q,`,
			1+day%30, ms/3_600_000, ms/60_000%60, ms/1000%60, ms%1000,
			levels[r.IntN(len(levels))], services[r.IntN(len(services))])
		b = fmt.Appendf(b, `"request":"%08x-%04x","user":%d,"method":%q,"path":"/%s/%s/%d",`,
			r.Uint32(), r.Uint32()&0xffff, users.Uint64(), methods[r.IntN(len(methods))],
			v.words[p%20], v.words[p], r.IntN(10_000))
		b = fmt.Appendf(b, `"status":%d,"bytes":%d,"ms":%.3f}`+"\n",
			statuses[r.IntN(len(statuses))], int(r.ExpFloat64()*4000), r.ExpFloat64()*25)
	}
	return b[:n]
}

// source returns functions in a language like C, drawn from a grammar.
func source(n int) []byte {
	r := newRand("source")
	s := &sourceWriter{r: r, v: newVocabulary(r, 900)}
	s.z = rand.NewZipf(r, 1.2, 3, uint64(len(s.v.words)-1))
	s.b = make([]byte, 0, n+4096)
	for len(s.b) < n {
		s.function()
	}
	return s.b[:n]
}

// A sourceWriter writes source code.
type sourceWriter struct {
	b     []byte
	r     *rand.Rand
	v     *vocabulary
	z     *rand.Zipf
	names []string // variables of the current function
}

func (w *sourceWriter) printf(format string, args ...any) { w.b = fmt.Appendf(w.b, format, args...) }

func (w *sourceWriter) word() string { return w.v.words[w.z.Uint64()] }

func (w *sourceWriter) typeName() string {
	types := [...]string{"int", "int", "char *", "size_t", "double", "uint8_t", "struct node *"}
	return types[w.r.IntN(len(types))]
}

func (w *sourceWriter) function() {
	name := w.word() + "_" + w.word()
	w.printf("/* %s: the %s of a %s, or -1 without %s. */\n", name, w.word(), w.word(), w.word())
	w.names = w.names[:0]
	w.printf("static %s %s(", w.typeName(), name)
	for i := range 1 + w.r.IntN(4) {
		if i > 0 {
			w.printf(", ")
		}
		w.names = append(w.names, w.word())
		w.printf("%s %s", w.typeName(), w.names[i])
	}
	w.printf(")\n{\n")
	for range 1 + w.r.IntN(3) {
		name := w.word()
		w.printf("\t%s %s = %s;\n", w.typeName(), name, w.expr(1))
		w.names = append(w.names, name)
	}
	w.printf("\n")
	w.block(1)
	w.printf("\treturn %s;\n}\n\n", w.expr(1))
}

func (w *sourceWriter) block(depth int) {
	indent := strings.Repeat("\t", depth)
	for range 1 + w.r.IntN(5) {
		switch k := w.r.IntN(10); {
		case k < 2 && depth < 4:
			w.printf("%sif (%s) {\n", indent, w.expr(1))
			w.block(depth + 1)
			w.printf("%s}\n", indent)
		case k == 2 && depth < 4:
			v := w.name()
			w.printf("%sfor (%s = 0; %s < %s; %s++) {\n", indent, v, v, w.expr(0), v)
			w.block(depth + 1)
			w.printf("%s}\n", indent)
		case k < 5:
			w.printf("%s%s_%s(%s, %s);\n", indent, w.word(), w.word(), w.expr(0), w.expr(1))
		case k == 5:
			w.printf("%sif (!%s)\n%s\treturn -1;\n", indent, w.name(), indent)
		case k == 6:
			w.printf("%s%s->%s = %s;\n", indent, w.name(), w.word(), w.expr(1))
		default:
			w.printf("%s%s = %s;\n", indent, w.name(), w.expr(2))
		}
	}
}

func (w *sourceWriter) name() string { return w.names[w.r.IntN(len(w.names))] }

func (w *sourceWriter) expr(depth int) string {
	ops := [...]string{"+", "-", "*", "&", "==", "<", ">>", "&&"}
	switch k := w.r.IntN(8); {
	case depth > 0 && k < 3:
		return w.expr(depth-1) + " " + ops[w.r.IntN(len(ops))] + " " + w.expr(depth-1)
	case depth > 0 && k == 3:
		return w.word() + "(" + w.expr(depth-1) + ")"
	case k == 4:
		return w.name() + "[" + w.name() + "]"
	case k == 5:
		return w.name() + "->" + w.word()
	case k == 6:
		return fmt.Sprint(w.r.IntN(1 << (1 + w.r.IntN(10))))
	}
	return w.name()
}
