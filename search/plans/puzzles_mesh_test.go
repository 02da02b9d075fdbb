package plans

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ktzip/ktzip/search/plans/internal/disguise"
)

// TestFindsMeshes is TestFindsTruePlans for meshes of triangles.
func TestFindsMeshes(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine")
	}
	findsTruePlans(t, 60, []func(*rand.Rand) puzzle{terrainMesh, roundMesh})
}

// A meshPoint is a corner of triangles.
type meshPoint [3]float32

// terrainMesh is a surface of heights.
func terrainMesh(r *rand.Rand) puzzle {
	width, field := 30+r.IntN(50), smooth(r)
	scale, noise := math.Exp(6*r.Float64()-3), []float64{0, 0.001, 0.05}[r.IntN(3)]
	stepX, stepY := []float64{1, 0.5, 0.1, 30}[r.IntN(4)], []float64{1, 0.25, 0.3, 30}[r.IntN(4)]
	var rows [][]meshPoint
	for y := range 2500 / width {
		rows = append(rows, nil)
		for x := range width {
			z := scale * (field(x, y, 0) + noise*r.NormFloat64())
			rows[y] = append(rows[y], meshPoint{float32(float64(x) * stepX), float32(float64(y) * stepY), float32(z)})
		}
	}
	return meshOf(r, fmt.Sprintf("a surface of %d by %d, noise %g", width, len(rows), noise), rows)
}

// roundMesh is a ring or a ball with bumps.
func roundMesh(r *rand.Rand) puzzle {
	n, m := 30+r.IntN(60), 20+r.IntN(20)
	radius, ring, bumps := 1+50*r.Float64(), 2*r.Float64()*float64(r.IntN(2)), 0.2*r.Float64()
	centre := 100 * r.NormFloat64()
	var rows [][]meshPoint
	for y := range m {
		rows = append(rows, nil)
		for x := range n {
			u, v := 2*math.Pi*float64(x)/float64(n), (2*float64(y)/float64(m)-1)*math.Pi
			if ring == 0 {
				v = math.Pi * (float64(y)/float64(m-1) - 0.5)
			}
			a := radius * (1 + bumps*math.Sin(5*u)*math.Cos(3*v))
			d := a*math.Cos(v) + ring*radius
			rows[y] = append(rows[y], meshPoint{float32(centre + d*math.Cos(u)), float32(d * math.Sin(u)), float32(a * math.Sin(v))})
		}
		rows[y] = append(rows[y], rows[y][0])
	}
	if ring > 0 {
		rows = append(rows, rows[0])
	}
	return meshOf(r, fmt.Sprintf("a ball or ring of %d by %d, bumps %g", n, m, bumps), rows)
}

// meshOf is the STL of the surface between rows of points, in some order, with normals of some kind.
func meshOf(r *rand.Rand, name string, rows [][]meshPoint) puzzle {
	var facets [][3]meshPoint
	for y := range len(rows) - 1 {
		for x := range len(rows[y]) - 1 {
			a, b, c, d := rows[y][x], rows[y][x+1], rows[y+1][x+1], rows[y+1][x]
			facets = append(facets, [3]meshPoint{a, b, c}, [3]meshPoint{a, c, d})
		}
	}
	order, normals, attribute := r.IntN(3), r.IntN(3), r.IntN(2)*r.IntN(1<<16)
	switch order {
	case 1: // in tiles
		slices.SortStableFunc(facets, func(a, b [3]meshPoint) int { return int(a[0][0]/5) - int(b[0][0]/5) })
	case 2:
		r.Shuffle(len(facets), func(i, j int) { facets[i], facets[j] = facets[j], facets[i] })
	}
	head := make([]byte, 84)
	copy(head, "binary")
	binary.LittleEndian.PutUint32(head[80:], uint32(len(facets)))
	b := slices.Clone(head)
	var points []byte
	for _, f := range facets {
		for _, x := range normalLike(f, normals) {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
		}
		for _, p := range f {
			for _, x := range p {
				b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
			}
		}
		points = append(points, b[len(b)-36:]...)
		b = binary.LittleEndian.AppendUint16(b, uint16(attribute))
	}
	p := puzzle{name: fmt.Sprintf("%s, order %d, normals %d", name, order, normals), data: b}
	different, width := disguise.Groups(points, 12)
	for _, columns := range []int{width, 3 * width} {
		for _, float := range []string{"floats(predict(zigzag(transpose", "transpose", "columns"} {
			p.truth = append(p.truth, afterHeader(len(head), func(a *planText) string {
				first := a.add("get_subsequence_between_indices(%s, 0, %d)", a.add("transpose(%s, 1, 4)", a.payload()), 12*len(facets))
				s := a.add("transpose(%s, 1, %d)", a.payload(), columns)
				news := a.payload()
				switch float {
				case "transpose":
					news = a.add("transpose(%s, 1, 12)", news)
				case "columns":
					news = a.add("columns(%s, [4, 17, 0, 4, 17, 0, 4, 17, 0])", news)
				default:
					news = a.add("zigzag(%s, 4)", a.add("transpose(%s, 1, 4)", news))
					news = a.add("floats(%s, 4)", a.add("predict(%s, 4, 0, [3, 1])", news))
				}
				news = a.add("get_subsequence_between_indices(%s, 0, %d)", news, 12*different)
				s = a.add("get_subsequence_between_indices(%s, 0, %d)", a.add("distinct(%s, %s, 12, %d)", s, news, width), 36*len(facets))
				s = a.add("concatenate(%s, %s)", first, a.add("concatenate(%s, %s)", s, a.payload()))
				if s = a.add("fields(%s, [12, 36, 2])", s); normals != 2 {
					s = a.add("normals(%s)", s)
				}
				return s
			}))
		}
	}
	return p
}

// normalLike returns the normal of f as a program may compute it: in 64 or 32 bits; or 0.
func normalLike(f [3]meshPoint, kind int) (normal [3]float32) {
	round := func(x float64) float64 {
		if kind == 0 {
			return x
		}
		return float64(float32(x))
	}
	if kind == 2 {
		return normal
	}
	var u, v, c [3]float64
	for k := range u {
		u[k], v[k] = round(float64(f[1][k])-float64(f[0][k])), round(float64(f[2][k])-float64(f[0][k]))
	}
	sum := 0.0
	for k := range c {
		i, j := (k+1)%3, (k+2)%3
		c[k] = round(round(u[i]*v[j]) - round(u[j]*v[i]))
		sum += round(c[k] * c[k])
	}
	if sum == 0 {
		return normal
	}
	for k := range c {
		normal[k] = float32(c[k] / round(math.Sqrt(sum)))
	}
	return normal
}
