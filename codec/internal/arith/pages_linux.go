package arith

import (
	"syscall"
	"unsafe"
)

// hugePage is the size of huge pages in bytes, or a multiple of it.
const hugePage = 2 << 20

// advise asks for huge pages within list, which nobody has touched: tables that are read at random need
// fewer entries of the TLB then, and fewer page faults. That this fails changes nothing.
func advise(list []byte) {
	if len(list) < hugePage {
		return
	}
	skipped := -uintptr(unsafe.Pointer(unsafe.SliceData(list))) % hugePage
	if n := (len(list) - int(skipped)) &^ (hugePage - 1); n > 0 {
		_ = syscall.Madvise(list[skipped:][:n], syscall.MADV_HUGEPAGE)
	}
}
