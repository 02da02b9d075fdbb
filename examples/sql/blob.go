// Package sql shows how a column of a database holds compressed data: a Blob compresses itself when
// it is stored and restores itself when it is read. A part of it is read without the rest (At).
//
// It is an example to copy, in a module of its own because of the database.
package sql

import (
	"bytes"
	"database/sql/driver"
	"fmt"

	"github.com/ktzip/ktzip"
	"github.com/ktzip/ktzip/codec"
)

// MaxBlob is the most bytes that Scan restores; choose it by what the column holds.
const MaxBlob = 64 << 20

// A Blob is bytes that a BLOB column holds compressed; nil is NULL.
type Blob []byte

// Value implements driver.Valuer.
func (b Blob) Value() (driver.Value, error) {
	if b == nil {
		return nil, nil
	}
	return ktzip.Compress(nil, b, ktzip.DefaultCompression)
}

// Scan implements sql.Scanner. An error leaves b as it is.
func (b *Blob) Scan(column any) error {
	switch coded := column.(type) {
	case nil:
		*b = nil
		return nil
	case []byte:
		data, err := ktzip.Decompress(Blob{}, coded, MaxBlob)
		if err == nil {
			*b = data
		}
		return err
	default:
		return fmt.Errorf("sql: a Blob of a column with %T, want []byte", column)
	}
}

// An At is a BLOB column that holds the file of a Blob, of which parts are read. Only the segments
// that they lie in are restored.
type At struct{ *codec.Archive }

// Scan implements sql.Scanner. An error leaves a as it is.
func (a *At) Scan(column any) error {
	coded, ok := column.([]byte)
	if !ok {
		return fmt.Errorf("sql: an At of a column with %T, want []byte", column)
	}
	coded = bytes.Clone(coded) // it is the driver's
	archive, err := codec.NewArchive(bytes.NewReader(coded), int64(len(coded)), nil)
	if err == nil {
		a.Archive = archive
	}
	return err
}
