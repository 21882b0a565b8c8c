package policy

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"onelondon/internal/clinical"
)

// codelist names a file of codes and what to take of it.
type codelist struct {
	File        string              `json:"file"`
	Terminology clinical.CodeSystem `json:"terminology"`
	Category    string              `json:"category"` // of a file in London's form; empty for one of code,term
}

// forms are the two forms of a file by its first line.
func (l *codelist) form() []string {
	if l.Category != "" {
		return []string{"category", "refset_sctid", "code"}
	}
	return []string{"code", "term"}
}

// read takes the codes out of the file. A file that is missing, of another form, or holds no code at all is a fault: a list
// that was meant to be there protects nobody if it is not.
func (l *codelist) read(folder fs.FS) ([]clinical.Coding, error) {
	content, err := fs.ReadFile(folder, l.File)
	if err != nil {
		return nil, &Fault{File: l.File, Message: "cannot be read from the folder of code lists",
			Advice: "put it there, or take its name out of data/categories.yaml"}
	}
	form := l.form()
	rows := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content, []byte("\ufeff"))))
	rows.FieldsPerRecord = len(form)
	header, err := rows.Read()
	if err != nil || !slices.Equal(header, form) {
		return nil, &Fault{File: l.File, Line: 1, Message: fmt.Sprintf("is not a list of %q", form),
			Advice: "give it this first line, or name a list of the other form"}
	}
	return l.codes(rows)
}

func (l *codelist) codes(rows *csv.Reader) ([]clinical.Coding, error) {
	var codes []clinical.Coding
	var faults []error
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if wrong := new(csv.ParseError); errors.As(err, &wrong) {
			return nil, &Fault{File: l.File, Line: wrong.Line, Message: "is not a line of CSV with the columns of the first"}
		}
		line, _ := rows.FieldPos(0)
		code := row[0]
		if l.Category != "" {
			if row[0] != l.Category {
				continue
			}
			code = row[2]
		}
		if !wellFormed(l.Terminology, code) {
			faults = append(faults, &Fault{File: l.File, Line: line, Message: "the code is not one of " + string(l.Terminology),
				Advice: "spreadsheets shorten long codes (1.03E+15); export the list anew, as text"})
		}
		codes = append(codes, clinical.Coding{System: l.Terminology, Code: clinical.Text(code)})
	}
	if len(codes) == 0 {
		faults = append(faults, &Fault{File: l.File, Message: fmt.Sprintf("holds no code of category %q", l.Category)})
	}
	return codes, errors.Join(faults...)
}

// wellFormed reports whether code could be one of the terminology: an identifier of SNOMED CT and of dm+d has 6 to 18 digits
// (SNOMED CT Release File Specification), any other code is short and holds no blank.
func wellFormed(system clinical.CodeSystem, code string) bool {
	shortest, others := 1, ".-|ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	if system == clinical.SNOMED || system == clinical.DMD {
		shortest, others = 6, ""
	}
	return len(code) >= shortest && len(code) <= 18 && strings.Trim(code, "0123456789"+others) == ""
}
