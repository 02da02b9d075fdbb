package plans

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

const bases = "ACGT"

// variants is a table of variants of a genome, such as VCF has.
func variants(r *rand.Rand) textPuzzle {
	p := newPage(r)
	p.eol = ""
	p.add("##fileformat=VCFv4.2")
	p.add("##FILTER=<ID=PASS,Description=\"All filters passed\">")
	samples := names(r, r.IntN(6))
	p.add("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t" + strings.Join(samples, "\t"))
	chromosome, pos, number, step := 1, r.IntN(100_000), 2*(1+r.IntN(2000)), 1+r.IntN(2000)
	filter := enumerations(r)
	hasIDs := r.IntN(2) == 0
	for !p.full() {
		if pos += 1 + r.IntN(step); r.IntN(2000) == 0 {
			chromosome, pos = chromosome+1, r.IntN(100_000)
		}
		ref := r.IntN(4)
		alt := (ref + 1 + r.IntN(3)) % 4
		a, b := bases[ref:ref+1], bases[alt:alt+1]
		if r.IntN(20) == 0 {
			b += randomDigits(r, 1+r.IntN(6), bases)
		}
		id := "."
		if hasIDs {
			id = "rs" + strconv.Itoa(r.IntN(1_000_000_000))
		}
		count := biased(r, number)
		row := fmt.Sprintf("%d\t%d\t%s\t%s\t%s\t%d\t%s\tAC=%d;AF=%.4f;AN=%d\tGT", chromosome, pos, id, a, b, 10+r.IntN(90), filter.cell(r), count, float64(count)/float64(number), number)
		for range samples {
			row += "\t" + oneOf(r, "0|0", "0|0", "0|0", "0|1", "1|0", "1|1")
		}
		p.add(row)
	}
	id := "."
	if hasIDs {
		id = "rs%u4"
	}
	p.template(fmt.Sprintf("%%+w1\t%%+u4\t%s\t%%w1\t%%w2\t%%u1\t%s\tAC=%%u2;AF=%%@1w2;AN=%d\tGT%s", id, filter.slot(p), number, strings.Repeat("\t%w1", len(samples))))
	p.anyRow()
	q := p.puzzle("variants of %d samples, with identifiers %t", len(samples), hasIDs)
	for _, af := range []string{"%.4u2", "%w2"} { // the frequency follows from the count, but its last byte alone says less
		sets := [][]string{append([]string(nil), p.sets[0]...)}
		sets[0][0] = strings.Replace(sets[0][0], "%@1w2", af, 1)
		q.truth = append(q.truth, templateSets{'\n', sets})
	}
	return q
}

// reads are aligned reads of a genome, such as SAM has.
func reads(r *rand.Rand) textPuzzle {
	p := newPage(r)
	p.eol = ""
	genome := randomDigits(r, 20_000, bases)
	length, run, pos := 36+r.IntN(100), name(r), 1
	p.add("@SQ\tSN:chr1\tLN:20000")
	level := byte(70)
	for !p.full() {
		pos += r.IntN(2 + 19_000/p.most)
		pos %= len(genome) - length
		seq := []byte(genome[pos : pos+length])
		for k := range seq {
			if r.IntN(300) == 0 {
				seq[k] = bases[r.IntN(4)]
			}
		}
		quality := make([]byte, length)
		for k := range quality {
			if r.IntN(4) == 0 {
				level = byte(max(35, min(73, int(level)+r.IntN(9)-4)))
			}
			quality[k] = level
		}
		p.add(fmt.Sprintf("%s:%d:%d:%d:%d\t%d\tchr1\t%d\t%d\t%dM\t*\t0\t0\t%s\t%s\tNM:i:%d", run, 1+r.IntN(8), 1+r.IntN(100), r.IntN(20_000), r.IntN(20_000), oneOf(r, 0, 16), pos+1, oneOf(r, 60, 60, 60, 37, 0), length, seq, quality, biased(r, 4)))
	}
	p.template(fmt.Sprintf("%s:%%u1:%%u1:%%u2:%%u2\t%%w1\tchr1\t%%+u4\t%%w1\t%dM\t*\t0\t0\t%%s\t%%s\tNM:i:%%u1", run, length))
	p.anyRow()
	return p.puzzle("reads of %d bases", length)
}

// genes is a table of genes and their exons, such as GFF has.
func genes(r *rand.Rand) textPuzzle {
	p := newPage(r)
	p.eol = ""
	p.add("##gff-version 3")
	source, pos := name(r), r.IntN(10_000)
	for gene := 1; !p.full(); gene++ {
		pos += 500 + r.IntN(20_000)
		length, strand := 500+r.IntN(5000), oneOf(r, "+", "-")
		p.add(fmt.Sprintf("chr1\t%s\tgene\t%d\t%d\t.\t%s\t.\tID=gene%05d;Name=%s", source, pos, pos+length, strand, gene, name(r)))
		p.add(fmt.Sprintf("chr1\t%s\tmRNA\t%d\t%d\t.\t%s\t.\tID=mrna%05d;Parent=gene%05d", source, pos, pos+length, strand, gene, gene))
		at := pos
		for n := 1; n <= 1+r.IntN(8) && at < pos+length; n++ {
			end := min(at+60+r.IntN(300), pos+length)
			p.add(fmt.Sprintf("chr1\t%s\texon\t%d\t%d\t.\t%s\t%d\tID=exon%05d.%d;Parent=mrna%05d", source, at, end, strand, r.IntN(3), gene, n, gene))
			at = end + 50 + r.IntN(1000)
		}
		pos += length
	}
	p.template("chr1\t" + source + "\tgene\t%+u4\t%=1u4\t.\t%w1\t.\tID=gene%+05u3;Name=%s")
	p.template("chr1\t" + source + "\tmRNA\t%+u4\t%=1u4\t.\t%w1\t.\tID=mrna%+05u3;Parent=gene%=105u3")
	p.template("chr1\t" + source + "\texon\t%+u4\t%=1u4\t.\t%w1\t%u1\tID=exon%+05u3.%+u1;Parent=mrna%=205u3")
	p.anyRow()
	return p.puzzle("genes")
}

// stepModel is entities that refer to each other, such as STEP has.
func stepModel(r *rand.Rand) textPuzzle {
	p := newPage(r)
	p.add("ISO-10303-21;")
	p.add("DATA;")
	number := 10 + r.IntN(90)
	precision := 1 + r.IntN(6)
	next := func(format string, args ...any) int {
		number++
		p.add(fmt.Sprintf("#%d = "+format+";", append([]any{number}, args...)...))
		return number
	}
	x := [3]float64{100 * r.Float64(), 100 * r.Float64(), 100 * r.Float64()}
	last := 0
	for !p.full() {
		for k := range x {
			x[k] += r.NormFloat64()
		}
		point := next("CARTESIAN_POINT('',(%.*f,%.*f,%.*f))", precision, x[0], precision, x[1], precision, x[2])
		vertex := next("VERTEX_POINT('',#%d)", point)
		if last > 0 {
			edge := next("EDGE_CURVE('',#%d,#%d,#%d,.T.)", last, vertex, point)
			next("ORIENTED_EDGE('',*,*,#%d,.%s.)", edge, oneOf(r, "T", "F"))
		}
		last = vertex
	}
	p.add("ENDSEC;")
	slot := fmt.Sprintf("%%+.%dd5", precision)
	p.template("#%+u3 = CARTESIAN_POINT('',(" + slot + "," + slot + "," + slot + "));")
	p.template("#%+u3 = VERTEX_POINT('',#%=1u3);")
	p.template("#%+u3 = EDGE_CURVE('',#%=1u3,#%=2u3,#%=3u3,.T.);")
	p.template("#%+u3 = ORIENTED_EDGE('',*,*,#%=1u3,.%w1.);")
	p.anyRow()
	return p.puzzle("entities with references, %d digits", precision)
}

// mesh is vertices, normals and faces, such as OBJ has.
func mesh(r *rand.Rand) textPuzzle {
	p := newPage(r)
	p.add("# " + name(r))
	p.add("o " + name(r))
	width, precision := 5+r.IntN(40), 3+r.IntN(4)
	height := max(3, p.most/3/width)
	withNormals := r.IntN(2) == 0
	z := 0.0
	for i := range width * height {
		z += 0.02 * r.NormFloat64()
		p.add(fmt.Sprintf("v %.*f %.*f %.*f", precision, float64(i%width)+0.01*r.NormFloat64(), precision, float64(i/width)+0.01*r.NormFloat64(), precision, z))
	}
	face := func(list ...int) string {
		text := "f"
		for _, v := range list {
			text += " " + strconv.Itoa(v)
			if withNormals {
				text += "//" + strconv.Itoa(v)
			}
		}
		return text
	}
	if withNormals {
		for range width * height {
			p.add(fmt.Sprintf("vn %.3f %.3f %.3f", 0.1*r.NormFloat64(), 0.1*r.NormFloat64(), 1-0.1*r.Float64()))
		}
	}
	for i := range width * (height - 1) {
		if i%width < width-1 {
			p.add(face(i+1, i+2, i+width+2))
			p.add(face(i+1, i+width+2, i+width+1))
		}
	}
	slot := fmt.Sprintf(" %%+.%dd5", precision)
	p.template("v" + slot + slot + slot)
	if withNormals {
		p.template("vn %.3d2 %.3d2 %.3d2")
		p.template("f %+u3//%=1u3 %=2u3//%=1u3 %=2u3//%=1u3")
	} else {
		p.template("f %+u3 %=1u3 %=1u3")
	}
	p.anyRow()
	return p.puzzle("mesh of %d x %d vertices of %d digits, with normals %t", width, height, precision, withNormals)
}
