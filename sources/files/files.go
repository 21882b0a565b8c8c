package files

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"

	"onelondon/internal/clinical"
)

// Object is a JSON object, its numbers as they are written ([encoding/json.Number]).
type Object = map[string]any

// Document is one JSON object of a folder: a whole .json file, or a line of an .ndjson file.
type Document struct {
	File   string // its path in the folder, by slashes
	Line   int    // where it begins
	Object Object
}

// ErrFile is what every fault of a folder's files wraps.
var ErrFile = errors.New("file cannot be used")

const (
	// mostBytes is how much all files of a folder may hold together: what is read stays in memory.
	mostBytes = 512 << 20
	// mostFaults is how many faults are told.
	mostFaults = 20
)

// Each calls each for every document of a folder and those below it, by the names of the files. Names that begin with a point are passed
// over; of all others .json and .ndjson can be read. An error of each is a fault of that document, and its words are to hold no value.
// Each goes on after a fault, so that all of a folder are told at once, as [Faults].
func Each(folder string, each func(Document) error) error {
	w := &walk{root: os.DirFS(folder), each: each}
	err := fs.WalkDir(w.root, ".", w.visit)
	switch {
	case err != nil && !errors.Is(err, errEnough):
		return Faults{fmt.Errorf("%w: the folder cannot be read", ErrFile)} // the system's words hold the path
	case w.documents == 0 && len(w.faults) == 0:
		return Faults{fmt.Errorf("%w: the folder holds no .json and no .ndjson", ErrFile)}
	}
	return w.faults.Err()
}

type walk struct {
	root      fs.FS
	each      func(Document) error
	bytes     int64
	documents int
	faults    Faults
}

var errEnough = errors.New("enough faults")

func (w *walk) visit(name string, entry fs.DirEntry, err error) error {
	switch {
	case err != nil:
		return err
	case name != "." && strings.HasPrefix(entry.Name(), "."):
		if entry.IsDir() {
			return fs.SkipDir
		}
		return nil
	case entry.IsDir():
		return nil
	}
	w.file(name, entry)
	if len(w.faults) >= mostFaults {
		return errEnough
	}
	return nil
}

func (w *walk) file(name string, entry fs.DirEntry) {
	kind := path.Ext(name)
	info, err := entry.Info()
	if err == nil {
		w.bytes += info.Size()
	}
	switch {
	case err != nil || !info.Mode().IsRegular():
		w.fault(name, 0, errors.New("not a regular file"))
		return
	case kind != ".json" && kind != ".ndjson":
		w.fault(name, 0, errors.New("neither .json nor .ndjson; unpack it, or take it out of the folder"))
		return
	case w.bytes > mostBytes:
		w.fault(name, 0, fmt.Errorf("the folder holds more than %d MiB up to here; files are for trying, so put that much on a server", mostBytes>>20))
		return
	}
	content, err := fs.ReadFile(w.root, name)
	if err != nil {
		w.fault(name, 0, errors.New("cannot be read"))
		return
	}
	if kind == ".json" {
		w.document(name, 1, content)
		return
	}
	for i, line := range bytes.Split(content, []byte("\n")) {
		if len(bytes.TrimSpace(line)) > 0 {
			w.document(name, i+1, line)
		}
		if len(w.faults) >= mostFaults {
			return
		}
	}
}

func (w *walk) document(name string, line int, content []byte) {
	w.documents++
	if !utf8.Valid(content) {
		w.fault(name, line, errors.New("not UTF-8"))
		return
	}
	read, within, err := object(content)
	if err != nil {
		w.fault(name, line+within, err)
		return
	}
	if err := w.each(Document{File: name, Line: line, Object: read}); err != nil {
		w.fault(name, line, err)
	}
}

func (w *walk) fault(name string, line int, err error) {
	w.faults = append(w.faults, (&Document{File: name, Line: line}).Fault(err))
}

// Fault tells what is wrong with a document, and where it is.
func (d *Document) Fault(err error) error {
	place := masked(d.File)
	if d.Line > 0 {
		place = fmt.Sprintf("%s:%d", place, d.Line)
	}
	return fmt.Errorf("%w: %s: %w", ErrFile, place, err)
}

// Faults are all faults of a folder.
type Faults []error

// Error tells each on a line of its own.
func (f Faults) Error() string { return errors.Join(f...).Error() }

// Unwrap gives each.
func (f Faults) Unwrap() []error { return f }

// Err is the faults as an error, nil where there are none.
func (f Faults) Err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

// numbers are what may be an NHS number in a file's name.
var numbers = regexp.MustCompile(`[0-9]{3}[ _.-]?[0-9]{3}[ _.-]?[0-9]{4}`)

// masked is a file's name without NHS numbers.
func masked(name string) string {
	return clinical.MaskNHSNumbers(name, numbers, "xxxxxxxxxx")
}
