package main

import (
	"github.com/ktzip/ktzip/search/programs"
	"github.com/ktzip/ktzip/search/programs/internal/rank"
)

// A lesson is what the network is shown of a state, and how much that counts.
type lesson struct {
	rank.Lesson
	weight float32 // 1 on average
}

// A lessonSet is the lessons of labels.
type lessonSet struct {
	list []lesson // whose right kid is ranked
	lost int      // number of the others
}

// adaptiveEvery says that one label in so many is shown under the prior of files
// (arbitrary: the search for programs of sequences matters more).
const adaptiveEvery = 4

// lessonsOf returns the lessons of the labels, in order.
func lessonsOf(labels []label, weigh weighing) (set lessonSet) {
	uniform := programs.New(&programs.Config{Prior: programs.Uniform})
	adaptive := programs.New(&programs.Config{Prior: programs.Adaptive})
	total := 0.0
	for i, l := range labels {
		finder, weight := uniform, weigh(&l)
		if i%adaptiveEvery == adaptiveEvery-1 {
			finder = adaptive
		}
		for _, x := range finder.Lessons(l.bytes(), l.Cuts) {
			if 0 <= x.Right && x.Right < rank.MaxKids {
				set.list = append(set.list, lesson{Lesson: x, weight: float32(weight)})
				total += weight
			} else {
				set.lost++
			}
		}
	}
	if total > 0 {
		for i := range set.list {
			set.list[i].weight *= float32(float64(len(set.list)) / total)
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
