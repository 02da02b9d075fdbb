package main

import (
	"github.com/ktzip/ktzip/search/programs"
	"github.com/ktzip/ktzip/search/programs/internal/rank"
)

// A lessonSet is the lessons of labels.
type lessonSet struct {
	list []rank.Lesson // whose right kid is ranked
	lost int           // number of the others
}

// adaptiveEvery says that one label in so many is shown under the prior of files
// (arbitrary: the search for programs of sequences matters more).
const adaptiveEvery = 4

// lessonsOf returns the lessons of the labels, in order.
func lessonsOf(labels []label) (set lessonSet) {
	uniform := programs.New(&programs.Config{Prior: programs.Uniform})
	adaptive := programs.New(&programs.Config{Prior: programs.Adaptive})
	for i, l := range labels {
		finder := uniform
		if i%adaptiveEvery == adaptiveEvery-1 {
			finder = adaptive
		}
		for _, x := range finder.Lessons(l.bytes(), l.Cuts) {
			if 0 <= x.Right && x.Right < rank.MaxKids {
				set.list = append(set.list, x)
			} else {
				set.lost++
			}
		}
	}
	return set
}

// lostPercent returns the percentage of states whose right kid is not ranked.
func (s *lessonSet) lostPercent() float64 {
	return 100 * float64(s.lost) / float64(max(1, len(s.list)+s.lost))
}

// tops are the numbers of kids of which the right one should be among the first.
var tops = [...]int{1, 2, 4, 8, 16}

// estimates returns the shares of lessons whose right kid is among the first of tops by
// the estimates alone.
func (s *lessonSet) estimates() (among [len(tops)]float64) {
	for i := range s.list {
		for k, top := range tops {
			if s.list[i].Right < top {
				among[k] += 1 / float64(len(s.list))
			}
		}
	}
	return among
}
