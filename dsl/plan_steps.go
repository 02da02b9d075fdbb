package dsl

// planSteps is what making a list of size bytes by n takes of steps, each time.
func planSteps(n *Node, size int) int64 {
	each := 1 + len(n.List)/8
	switch n.Op {
	case Records:
		each = 8
	case LMS:
		each = 2 + len(n.List)/2
	}
	return 64 + int64(each)*int64(size)
}
