// Package plan executes plans: programs that make the bytes of a segment from its
// streams. Machine.Join makes the segment; Machine.Split takes a segment apart into
// streams of which Join makes it again. So every operation of a plan has an inverse.
//
// The files are
//
//   - layout.go and prices.go: how long each list is and what the execution takes,
//     computed before anything is executed;
//   - machine.go: the machine, which executes a plan in both directions;
//   - table.go: the table of what each operation means in a plan;
//   - words.go, explain.go and sections.go: what operations, fields and plans say of the data, for people;
//   - schema.go: what records are; spread.go: what the bytes of a segment cost, from what those of its
//     streams cost;
//   - elements.go, lms.go, reorder.go, records.go, pack.go and expand.go: the operations on
//     elements, adaptive predictions, rows and records of one length, records of several
//     lengths, packed samples, and repeats, which it finds, too;
//   - lines.go: rows of text, which internal/text prints by templates and takes apart; it also has
//     what a search for templates needs;
//   - branches.go: machine code, whose instructions package code converts;
//   - disguise.go: numbers in disguise; convert.go: in other encodings;
//   - mesh.go: points by number, normals of triangles;
//   - letters.go: text of few letters.
//
// Section 9 of container/FORMAT.md defines plans. The package uses integers only and
// allocates its lists before it executes a plan.
package plan
