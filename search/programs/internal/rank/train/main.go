// Command train learns the network of package rank.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"

	"github.com/ktzip/ktzip/search/programs"
	"github.com/ktzip/ktzip/search/programs/internal/rank"
)

func readLessons(name string, n int) (lessons []rank.Lesson, missing int) {
	f, err := os.Open(name)
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<24)
	finder := programs.New(&programs.Config{Prior: programs.Uniform})
	var where [8]int
	for k := 0; k < n && in.Scan(); k++ {
		var l label
		if err := json.Unmarshal(in.Bytes(), &l); err != nil {
			break
		}
		s := make([]byte, len(l.Sequence))
		for i, x := range l.Sequence {
			s[i] = byte(x)
		}
		for _, x := range finder.Lessons(s, l.Cuts) {
			if x.Right < 0 || x.Right >= rank.MaxKids {
				missing++
				continue
			}
			for b := range where {
				if x.Right < 1<<b {
					where[b]++
				}
			}
			lessons = append(lessons, x)
		}
	}
	fmt.Println(name, len(lessons), "missing", missing, "heuristic", where)
	return lessons, missing
}

func main() {
	seed := flag.Uint64("seed", 1, "seed of the sequences")
	n := flag.Int("n", 50000, "sequences")
	steps := flag.Int64("steps", 1_000_000, "mean steps of a label")
	out := flag.String("labels", "", "file of labels")
	tests := flag.String("test", "", "file of labels")
	to := flag.String("o", "", "table")
	var o options
	flag.IntVar(&o.epochs, "epochs", 8, "")
	flag.IntVar(&o.batch, "batch", 32, "")
	flag.Float64Var(&o.rate, "rate", 3e-3, "")
	flag.Float64Var(&o.decay, "decay", 0.01, "")
	flag.Parse()
	if *to != "" {
		test, _ := readLessons(*tests, 1500)
		lessons, _ := readLessons(*out, *n)
		net := train(lessons, test, o)
		if err := os.WriteFile(*to, net.table(), 0o666); err != nil {
			log.Fatal(err)
		}
		return
	}
	if err := writeLabels(*out, *seed, *steps, *n, nil); err != nil {
		log.Fatal(err)
	}
}
