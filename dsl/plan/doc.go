// Package plan executes plans: programs that make the bytes of a segment from its
// streams. Machine.Join makes the segment; Machine.Split takes a segment apart into
// streams of which Join makes it again, so that every operation of a plan has an
// inverse.
//
// The package holds
//
//   - how long each list of a plan is and what its execution takes, computed before
//     anything is executed (layout.go, prices.go);
//   - the machine, which runs a plan forwards and backwards (machine.go);
//   - the table of what each operation means in a plan (table.go), and the operations:
//     those on elements (elements.go), adaptive predictions (lms.go), packed samples
//     (pack.go) and records (records.go).
//
// The format of plans is section 9 of container/FORMAT.md. The package uses integers
// only and allocates its lists before it executes a plan.
package plan
