package arith

// Sized returns a slice of n elements, in the array of list if that has room. What they are is
// undefined.
func Sized[T any](list []T, n int) []T {
	if cap(list) < n {
		return make([]T, n)
	}
	return list[:n]
}

// Zeros returns n zeros, in the array of list if that has room.
func Zeros[T any](list []T, n int) []T {
	list = Sized(list, n)
	clear(list)
	return list
}

// Table returns n zeros, in the array of list if that has room, for accesses at random.
func Table(list []byte, n int) []byte {
	if cap(list) < n {
		list = make([]byte, n)
		advise(list)
		return list
	}
	return Zeros(list, n)
}

// Filled returns n elements that are v, in the array of list if that has room.
func Filled[T any](list []T, n int, v T) []T {
	list = Sized(list, n)
	for i := range list {
		list[i] = v
	}
	return list
}

// Grown returns n elements: those of list, with what they hold, and new ones.
func Grown[T any](list []T, n int) []T {
	list = list[:cap(list)]
	if len(list) < n {
		list = append(list, make([]T, n-len(list))...)
	}
	return list[:n]
}
