package bench

import (
	"os"
	"path/filepath"
	"slices"
)

// A File is a real file to measure on.
type File struct {
	Name string // with its folder
	Data []byte
	// Natural is false for the file that the KoLMogorov Test's generator made.
	Natural bool
}

// Files returns the files in the folders kt and files of dir, by name; none if dir is not
// there.
func Files(dir string) []File {
	var list []File
	for _, pattern := range []string{"kt/*.bin", "files/*"} {
		paths, _ := filepath.Glob(filepath.Join(dir, filepath.FromSlash(pattern)))
		slices.Sort(paths)
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil || len(data) == 0 {
				continue
			}
			name := filepath.Base(filepath.Dir(path)) + "/" + filepath.Base(path)
			list = append(list, File{Name: name, Data: data, Natural: name != "kt/synthetic.bin"})
		}
	}
	return list
}

// Repeat returns whole copies of data, one after the other, of at least n bytes in all.
func Repeat(data []byte, n int) []byte {
	return slices.Repeat(data, (n+len(data)-1)/len(data))
}
