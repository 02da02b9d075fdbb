package benchmark

import (
	"testing"

	"github.com/ktzip/ktzip/cmd/internal/pairs"
)

// TestShardsCover holds that each batch is in one shard, and that shards differ by one batch at most.
func TestShardsCover(t *testing.T) {
	for _, c := range []Pairs{{Count: 1, Shards: 1}, {Count: 1_000_000, Shards: 98}, {Count: 5 * pairs.BatchPairs, Shards: 3}, {Count: maxCount, Shards: maxShards}} {
		next, least := uint64(0), c.batches()/c.Shards
		for i := range c.Shards {
			s := c.shard(i)
			if n := s.End - s.First; s.First != next || n < least || n > least+1 {
				t.Fatalf("%+v: shard %+v after batch %d", c, s, next)
			}
			next = s.End
		}
		if next != c.batches() {
			t.Errorf("%+v: %d batches", c, next)
		}
	}
}

// TestMillion holds how many shards a million pairs have, whose names documents tell.
func TestMillion(t *testing.T) {
	d := &Draw{Pairs: Pairs{Options: pairs.Options{Kinds: []string{"pairs"}, Longest: 1}, Count: 1_000_000}, Output: "gs://bucket/x"}
	if err := d.Check(); err != nil || d.path(0) != "gs://bucket/x/pairs-00000-of-00098.jsonl" {
		t.Errorf("%s, %v", d.path(0), err)
	}
}
