package texts

// sized returns a slice of n elements, in the array of list if that has room. What they are is
// undefined.
func sized[T any](list []T, n int) []T {
	if cap(list) < n {
		return make([]T, n)
	}
	return list[:n]
}

// zeros returns n zeros, in the array of list if that has room.
func zeros[T any](list []T, n int) []T {
	list = sized(list, n)
	clear(list)
	return list
}

// filled returns n elements that are v, in the array of list if that has room.
func filled[T any](list []T, n int, v T) []T {
	list = sized(list, n)
	for i := range list {
		list[i] = v
	}
	return list
}

// grown returns n elements: those of list, with what they hold, and new ones.
func grown[T any](list []T, n int) []T {
	list = list[:cap(list)]
	if len(list) < n {
		list = append(list, make([]T, n-len(list))...)
	}
	return list[:n]
}
