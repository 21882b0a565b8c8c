package policy

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"onelondon/internal/clinical"
)

// codelist names a file of codes and what to take from it.
type codelist struct {
	File        string              `json:"file"`
	Terminology clinical.CodeSystem `json:"terminology"`
	Category    string              `json:"category"`   // in a file of London's form; empty for one of code,term
	Unreadable  string              `json:"unreadable"` // what to do with an invalid code; empty means refuse
}

// skipUnreadable skips invalid codes on purpose.
const skipUnreadable = "skip"

// ListedCode is one code in a code list file, with its place.
type ListedCode struct {
	Category clinical.Label
	System   clinical.CodeSystem
	Code     string
	File     string // in the folder of code lists
	Line     int
}

// listing is the contents of a file: its codes, and the faults of invalid ones.
type listing struct {
	codes  []ListedCode
	faults []*Fault
}

// form returns the header line that the file must have.
func (l *codelist) form() []string {
	if l.Category != "" {
		return []string{"category", "refset_sctid", "code"}
	}
	return []string{"code", "term"}
}

// read takes the codes out of the file. A file that is missing, has another form or holds no code is an error: a list
// that was meant to be there protects nobody if it is not.
func (l *codelist) read(folder fs.FS) (listing, error) {
	content, err := fs.ReadFile(folder, l.File)
	if err != nil {
		return listing{}, &Fault{File: l.File, Message: "cannot be read from the folder of code lists",
			Advice: "put it there, or take its name out of data/categories.yaml"}
	}
	form := l.form()
	rows := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content, []byte("\ufeff"))))
	rows.FieldsPerRecord = len(form)
	header, err := rows.Read()
	if err != nil || !slices.Equal(header, form) {
		return listing{}, &Fault{File: l.File, Line: 1, Message: fmt.Sprintf("is not a list of %q", form),
			Advice: "give it this first line, or name a list of the other form"}
	}
	return l.rows(rows)
}

func (l *codelist) rows(rows *csv.Reader) (listed listing, err error) {
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if wrong := new(csv.ParseError); errors.As(err, &wrong) {
			return listing{}, &Fault{File: l.File, Line: wrong.Line, Message: "is not a line of CSV with the columns of the first"}
		}
		line, _ := rows.FieldPos(0)
		code := row[0]
		if l.Category != "" {
			if row[0] != l.Category {
				continue
			}
			code = row[2]
		}
		if fault := l.fault(code, line); fault != nil {
			listed.faults = append(listed.faults, fault)
			continue
		}
		listed.codes = append(listed.codes, ListedCode{System: l.Terminology, Code: code, File: l.File, Line: line})
	}
	if len(listed.codes) == 0 {
		return listed, &Fault{File: l.File, Message: fmt.Sprintf("holds no code of category %q", l.Category)}
	}
	return listed, nil
}

// fault describes a code that is not valid in the terminology, and what to do about it.
func (l *codelist) fault(code string, line int) *Fault {
	const skip = "or, knowing that records with it are then not recognised, write unreadable: skip at the file in data/categories.yaml"
	switch {
	case l.Terminology.Admits(clinical.Text(code)):
		return nil
	case clinical.Shortened(clinical.Text(code)):
		return &Fault{File: l.File, Line: line, Message: "a spreadsheet shortened the code to " + code + "; it is not one of " + string(l.Terminology),
			Advice: "its last digits are lost: get the list anew, exported as text, from whoever keeps it; " + skip}
	}
	return &Fault{File: l.File, Line: line, Message: "the code is not one of " + string(l.Terminology),
		Advice: "correct it or take the line out; " + skip}
}
