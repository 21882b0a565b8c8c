package codelist

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/internal/yamltree"
)

// column is what is known of a column of codes by its name.
type column struct {
	name   string              // in small letters
	system clinical.CodeSystem // empty where codes of any terminology stand in such columns
}

// columns are the names of columns of codes, those first that are taken where a file has several.
func columns() []column {
	return []column{{"code", ""}, {"snomedcode", clinical.SNOMED}, {"snomedct_code", clinical.SNOMED}, {"snomed_code", clinical.SNOMED},
		{"conceptid", clinical.SNOMED}, {"dmd_id", clinical.DMD}, {"dmd", clinical.DMD}, {"ctv3id", clinical.CTV3},
		{"ctv3code", clinical.CTV3}, {"ctv3", clinical.CTV3}, {"read_code", clinical.Read2}, {"icd10", clinical.ICD10},
		{"icd10_code", clinical.ICD10}, {"icd", clinical.ICD10}, {"icd_code", clinical.ICD10}, {"opcs4", clinical.OPCS4},
		{"opcs4_code", clinical.OPCS4}, {"id", ""}}
}

// sheet is one file while it is read.
type sheet struct {
	file     string
	system   clinical.CodeSystem
	codes    int // index of the column of codes
	systems  int // index of the column of terminologies, -1 where the index of lists names one
	codeList []cohort.CodelistEntry
	faults   yamltree.Faults
}

// Read takes the codes out of a CSV file of a terminology; of several, named in a column system, where system is empty. The
// error is [yamltree.Faults] with everything that is wrong with the file, each with its line.
func Read(file string, data []byte, system clinical.CodeSystem) ([]cohort.CodelistEntry, error) {
	s := &sheet{file: file, system: system}
	rows := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	header, err := rows.Read()
	if err != nil {
		s.fault(1, "is no CSV file with a first line of names")
		return nil, s.faults
	}
	if !s.header(header) {
		return nil, s.faults
	}
	s.rows(rows)
	if len(s.codeList) == 0 && len(s.faults) == 0 {
		s.fault(1, "holds no code")
	}
	if err := s.faults.Err(); err != nil {
		return nil, err
	}
	return unique(s.codeList), nil
}

// mostFaults is more than anybody reads at once.
const mostFaults = 50

func (s *sheet) fault(line int, format string, args ...any) {
	if len(s.faults) < mostFaults {
		s.faults = append(s.faults, yamltree.Fault{File: s.file, Line: line, Column: 1, Message: fmt.Sprintf(format, args...)})
	}
}

// header finds the columns that matter.
func (s *sheet) header(names []string) bool {
	for i := range names {
		names[i] = strings.ToLower(strings.TrimSpace(names[i]))
	}
	s.systems = slices.Index(names, "system")
	if s.system != "" {
		s.systems = -1
	} else if s.systems < 0 {
		s.fault(1, "has no column system; say in the index of which terminology the file is")
		return false
	}
	for _, known := range columns() {
		if s.codes = slices.Index(names, known.name); s.codes < 0 {
			continue
		}
		if known.system != "" && s.system != "" && known.system != s.system {
			s.fault(1, "has a column %s, whose codes are of %s, not of %s", known.name, known.system, s.system)
			return false
		}
		return true
	}
	s.fault(1, "has no column of codes; name it code, snomedcode, dmd_id, CTV3ID or icd10")
	return false
}

func (s *sheet) rows(rows *csv.Reader) {
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if wrong := new(csv.ParseError); errors.As(err, &wrong) {
			s.fault(wrong.Line, "is not a line of CSV with the columns of the first")
			return
		}
		line, _ := rows.FieldPos(0)
		s.row(row, line)
	}
}

func (s *sheet) row(row []string, line int) {
	entry := cohort.CodelistEntry{System: s.system, Code: clinical.Text(strings.TrimSpace(row[s.codes]))}
	if s.systems >= 0 {
		entry.System = clinical.CodeSystem(row[s.systems])
	}
	switch {
	case !slices.Contains(clinical.CodeSystems(), entry.System):
		s.fault(line, "%s is no terminology; use one of %v", yamltree.Show(string(entry.System)), clinical.CodeSystems())
	case fault(entry.System, entry.Code) != "":
		s.fault(line, "%s", fault(entry.System, entry.Code))
	default:
		s.codeList = append(s.codeList, entry)
	}
}
