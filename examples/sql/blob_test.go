package sql_test

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"log"
	"testing"

	_ "modernc.org/sqlite"

	"github.com/ktzip/ktzip/container"
	blob "github.com/ktzip/ktzip/examples/sql"
)

// records returns n bytes of records: a counter and a constant.
func records(n int) (b []byte) {
	for i := 0; len(b) < n; i++ {
		b = append(b, byte(i), byte(i>>8), byte(i>>16), 0x3f)
	}
	return b[:n]
}

// table returns a database in memory with the table t (name, data).
func table() (*sql.DB, error) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // each connection has a database of its own
	_, err = db.Exec("CREATE TABLE t (name TEXT PRIMARY KEY, data BLOB)")
	return db, err
}

func ExampleBlob() {
	db, err := table()
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("INSERT INTO t VALUES (?, ?)", "flight", blob.Blob(records(400_000))); err != nil {
		log.Fatal(err)
	}
	var stored int
	var data blob.Blob
	if err := db.QueryRow("SELECT length(data), data FROM t WHERE name = ?", "flight").Scan(&stored, &data); err != nil {
		log.Fatal(err)
	}
	fmt.Println(stored < 4000, bytes.Equal(data, records(400_000)))

	var part blob.At
	if err := db.QueryRow("SELECT data FROM t WHERE name = ?", "flight").Scan(&part); err != nil {
		log.Fatal(err)
	}
	b := make([]byte, 8)
	if _, err := part.ReadAt(b, 320_000); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%x of %d bytes\n", b, part.Size())
	// Output:
	// true true
	// 8038013f8138013f of 400000 bytes
}

// TestBlobs stores values of all kinds, and wants errors for what is no Blob.
func TestBlobs(t *testing.T) {
	db, err := table()
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for name, want := range map[string]blob.Blob{"null": nil, "empty": {}, "short": []byte("x"), "long": records(3 << 20)} {
		if _, err := db.Exec("INSERT INTO t VALUES (?, ?)", name, want); err != nil {
			t.Fatal(err)
		}
		got := blob.Blob("before")
		err := db.QueryRow("SELECT data FROM t WHERE name = ?", name).Scan(&got)
		if err != nil || !bytes.Equal(got, want) || (got == nil) != (want == nil) {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
	for query, want := range map[string]error{
		"SELECT 1":         nil,
		"SELECT x'1f8b08'": container.ErrFormat,
		"SELECT substr(data, 1, length(data) - 1) FROM t WHERE name = 'long'": nil,
	} {
		got := blob.Blob("before")
		if err := db.QueryRow(query).Scan(&got); err == nil || want != nil && !errors.Is(err, want) || string(got) != "before" {
			t.Errorf("%s: %q, %v", query, got, err)
		}
		var at blob.At
		if err := db.QueryRow(query).Scan(&at); err == nil || at.Archive != nil {
			t.Errorf("%s: At: %v", query, err)
		}
	}
}
