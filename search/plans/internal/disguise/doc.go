// Package disguise tells numbers in disguise: floating-point numbers that stand for short decimals or
// fixed-point numbers (disguise.go) or have a gain (gain.go), integers that are multiples of another
// one (multiples.go), floating-point numbers of few values (few.go) or of IBM's mainframes (ibm.go), packed
// decimals (digits.go), and meshes, whose normals follow from their points (mesh.go). It looks at elements
// from several places, and proposes an operation of package plan for all of them; what is not in disguise
// may be among them. Fields of records are asked for one by one.
package disguise
