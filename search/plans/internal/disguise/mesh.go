package disguise

import (
	"bytes"
	"encoding/binary"
	"math/bits"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// Meshes: facets of STL, which have a normal, three points and 2 bytes.
const (
	FacetBytes = 50
	PointBytes = 12
	points     = 3 // of a facet

	stlHeader = 84 // bytes, the last 4 say how many facets there are

	meshFacets  = 128 // that are looked at, in the middle
	meshBits    = 16  // that a number of a normal may be from the expected one
	meshNormals = 75  // percent of facets whose normals are near
	maxZeros    = 75  // percent of the numbers of points that may be 0
	meshPoints  = 60  // percent of points that may be different: each of a closed mesh is in six facets

	// Exponents of numbers that are not 0, and as large as measurements are. Arbitrary.
	leastExponent, mostExponent = 127 - 40, 127 + 30
)

// Facets says where the facets of a mesh begin in b; normals reports whether their normals follow from their
// points. ok is false if there is no mesh.
func Facets(b []byte) (lead int, normals, ok bool) {
	if len(b) < 2*meshFacets*FacetBytes {
		return 0, false, false
	}
	from := (len(b) - meshFacets*FacetBytes) / 2
	for phase := range FacetBytes {
		part := b[from+phase:][:(meshFacets-1)*FacetBytes]
		near, plausible := nearNormals(part)
		if near {
			return leadOf(b, from+phase), true, true
		}
		if plausible && equalNormals(part) {
			lead = leadOf(b, from+phase)
			return lead, false, fewPoints(b[lead:])
		}
	}
	return 0, false, false
}

// leadOf returns the place of the first facet of b, of which one begins at byte at.
func leadOf(b []byte, at int) int {
	if (at-stlHeader)%FacetBytes == 0 && int64(binary.LittleEndian.Uint32(b[stlHeader-4:])) >= int64((len(b)-stlHeader)/FacetBytes) {
		return stlHeader
	}
	return at % FacetBytes
}

// nearNormals reports whether most facets of b have normals near those of their points; and whether its points
// may be points: numbers as measurements are, not all 0.
func nearNormals(b []byte) (near, plausible bool) {
	hits, zeros, count, wild := 0, 0, len(b)/FacetBytes, 0
	for at := 0; at < len(b); at += FacetBytes {
		for k := PointBytes; k < (1+points)*PointBytes; k += 4 {
			x := binary.LittleEndian.Uint32(b[at+k:])
			if e := x >> 23 & 255; e < leastExponent { // sin(pi) is hardly more
				zeros++
			} else if e > mostExponent {
				wild++
			}
		}
	}
	if all := 3 * points * count; wild*100 > all*(100-minHits) || zeros*100 > all*maxZeros {
		return false, false
	}
	var m plan.Machine
	streams, err := m.Split(b, &dsl.Program{Nodes: []dsl.Node{{Op: dsl.Payload}, {Op: dsl.Normals}}, Out: 1})
	if err != nil {
		return false, true
	}
	for at := 0; at < len(b); at += FacetBytes {
		most := 0
		for k := 0; k < PointBytes; k += 4 {
			most = max(most, bits.Len32(binary.LittleEndian.Uint32(streams[0][at+k:])))
		}
		if most <= meshBits {
			hits++
		}
	}
	return hits*100 >= meshNormals*count, true
}

// equalNormals reports whether all facets of b have the same normal, such as 0.
func equalNormals(b []byte) bool {
	for at := FacetBytes; at < len(b); at += FacetBytes {
		if !bytes.Equal(b[at:at+PointBytes], b[:PointBytes]) {
			return false
		}
	}
	return true
}

// fewPoints reports whether many points of the facets of b are those of others.
func fewPoints(b []byte) bool {
	different := map[[PointBytes]byte]bool{}
	count := 0
	for ; len(b) >= FacetBytes; b = b[FacetBytes:] {
		for k := 1; k <= points; k++ {
			different[[PointBytes]byte(b[k*PointBytes:])] = true
			count++
		}
	}
	return len(different)*100 <= meshPoints*count
}

// Groups returns how many different groups of w bytes b has, and how many bytes a number of Distinct takes that
// says which group it is.
func Groups(b []byte, w int) (count, width int) {
	seen := map[string]int{}
	most := 0
	for ; len(b) >= w; b = b[w:] {
		if at, ok := seen[string(b[:w])]; ok {
			most = max(most, len(seen)-at)
		} else {
			seen[string(b[:w])] = len(seen)
		}
	}
	return len(seen), max(bits.Len(uint(most))+7, 8) / 8
}
