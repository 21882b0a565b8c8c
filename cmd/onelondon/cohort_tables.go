package main

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io/fs"
)

// packed is a folder whose files may be compressed, under their names with .gz.
type packed struct{ fs.FS }

// Open opens a file or its compressed form.
func (p packed) Open(name string) (fs.File, error) {
	file, err := p.FS.Open(name)
	if !errors.Is(err, fs.ErrNotExist) {
		return file, err
	}
	kept, missing := p.FS.Open(name + ".gz")
	if missing != nil {
		return nil, err
	}
	plain, err := gzip.NewReader(kept)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("unpack %s: %w", name, err), kept.Close())
	}
	return &unpacked{kept, plain}, nil
}

// unpacked is a compressed file that reads as its contents.
type unpacked struct {
	fs.File
	plain *gzip.Reader
}

// Read reads the decompressed contents.
func (u *unpacked) Read(into []byte) (int, error) { return u.plain.Read(into) }
