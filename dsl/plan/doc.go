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
//   - elements.go, lms.go, reorder.go, records.go, pack.go and expand.go: the operations on
//     elements, adaptive predictions, rows and records of one length, records of several
//     lengths, packed samples, and repeats, which it finds, too;
//   - disguise.go: numbers in disguise;
//   - lines_template.go: the templates of rows of text. lines.go and lines_join.go print rows by
//     them, lines_match.go and lines_split.go take rows apart; lines_number.go and lines_time.go
//     know numbers and times as text, lines_values.go is what a search for templates needs;
//   - branches.go: machine code, whose instructions package code converts.
//
// Section 9 of container/FORMAT.md defines plans. The package uses integers only and
// allocates its lists before it executes a plan.
package plan
