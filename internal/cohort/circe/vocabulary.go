package circe

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"

	"onelondon/internal/clinical"
)

// Concept is what a vocabulary knows of a concept.
type Concept struct {
	ID         int64
	Vocabulary string // vocabulary_id: "SNOMED"
	Code       string // concept_code
}

// Vocabulary knows concepts and how they hang together. It is safe for concurrent use.
type Vocabulary interface {
	// Concept finds a concept.
	Concept(id int64) (Concept, bool)
	// Beneath lists every descendant of a concept, without itself, in no order.
	Beneath(id int64) []int64
	// Mapped lists the concepts that map to a concept: records that a source codes with one of them are of that concept.
	Mapped(id int64) []int64
}

// Tables is a vocabulary as OHDSI distributes it. It does not change once it is read.
type Tables struct {
	concepts map[int64]Concept
	children map[int64][]int64 // from CONCEPT_ANCESTOR all descendants, from CONCEPT_RELATIONSHIP the nearest
	mapped   map[int64][]int64
}

var _ Vocabulary = (*Tables)(nil)

// ReadTables reads CONCEPT.csv, and where they are there CONCEPT_ANCESTOR.csv, CONCEPT_RELATIONSHIP.csv and RELATIONSHIP.csv. Where
// no ancestors are told, relationships that define ancestry tell the descendants: those that RELATIONSHIP.csv says do, and without it
// the usual ones of SNOMED CT and RxNorm.
func ReadTables(folder fs.FS) (*Tables, error) {
	t := &Tables{concepts: map[int64]Concept{}, children: map[int64][]int64{}, mapped: map[int64][]int64{}}
	downwards := map[string]bool{"Subsumes": true, "RxNorm ing of": true, "Constitutes": true, "Has tradename": true}
	for _, table := range []struct {
		name    string
		columns []string
		must    bool
		row     func([]string) error
	}{
		{"CONCEPT.csv", []string{"concept_id", "vocabulary_id", "concept_code"}, true, t.concept},
		{"CONCEPT_ANCESTOR.csv", []string{"ancestor_concept_id", "descendant_concept_id"}, false, t.ancestor},
		{"RELATIONSHIP.csv", []string{"relationship_id", "is_hierarchical", "defines_ancestry"}, false, func(row []string) error {
			downwards[row[0]] = row[1] == "1" && row[2] == "1"
			return nil
		}},
		{"CONCEPT_RELATIONSHIP.csv", []string{"concept_id_1", "concept_id_2", "relationship_id"}, false, func(row []string) error {
			return t.relationship(row, downwards)
		}},
	} {
		err := readTable(folder, table.name, table.columns, table.row)
		if err != nil && (table.must || !errors.Is(err, fs.ErrNotExist)) {
			return nil, fmt.Errorf("read vocabulary: %w", err)
		}
	}
	return t, nil
}

// readTable hands over the named columns of each line.
func readTable(folder fs.FS, name string, columns []string, each func([]string) error) error {
	file, err := folder.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	rows := csv.NewReader(file)
	rows.ReuseRecord, rows.LazyQuotes, rows.FieldsPerRecord = true, true, -1
	header, err := rows.Read()
	if err != nil {
		return fmt.Errorf("%s: read the first line: %w", name, err)
	}
	at := make([]int, len(columns))
	for i, column := range columns {
		if at[i] = slices.Index(header, column); at[i] < 0 {
			return fmt.Errorf("%s has no column %s", name, column)
		}
	}
	picked := make([]string, len(columns))
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		line, _ := rows.FieldPos(0)
		if err != nil || slices.Max(at) >= len(row) {
			return fmt.Errorf("%s: line %d is not of the columns of the first", name, line)
		}
		for i := range at {
			picked[i] = row[at[i]]
		}
		if err := each(picked); err != nil {
			return fmt.Errorf("%s: line %d: %w", name, line, err)
		}
	}
}

func (t *Tables) concept(row []string) error {
	id, err := strconv.ParseInt(row[0], 10, 64)
	if err != nil {
		return errors.New("a concept's identifier is not a number")
	}
	t.concepts[id] = Concept{ID: id, Vocabulary: row[1], Code: row[2]}
	return nil
}

func (t *Tables) ancestor(row []string) error {
	from, to, err := pair(row)
	if err == nil && from != to {
		t.children[from] = append(t.children[from], to)
	}
	return err
}

func (t *Tables) relationship(row []string, downwards map[string]bool) error {
	from, to, err := pair(row)
	switch {
	case err != nil || from == to:
	case row[2] == "Maps to":
		t.mapped[to] = append(t.mapped[to], from)
	case downwards[row[2]]:
		t.children[from] = append(t.children[from], to)
	}
	return err
}

func pair(row []string) (from, to int64, err error) {
	from, first := strconv.ParseInt(row[0], 10, 64)
	to, second := strconv.ParseInt(row[1], 10, 64)
	if first != nil || second != nil {
		return 0, 0, errors.New("a concept's identifier is not a number")
	}
	return from, to, nil
}

// Concept finds a concept.
func (t *Tables) Concept(id int64) (Concept, bool) {
	concept, ok := t.concepts[id]
	return concept, ok
}

// Beneath lists every descendant of a concept.
func (t *Tables) Beneath(id int64) []int64 {
	seen, below := map[int64]bool{id: true}, []int64{}
	for waiting := []int64{id}; len(waiting) > 0; {
		next := waiting[len(waiting)-1]
		waiting = waiting[:len(waiting)-1]
		for _, child := range t.children[next] {
			if !seen[child] {
				seen[child] = true
				below, waiting = append(below, child), append(waiting, child)
			}
		}
	}
	return below
}

// Mapped lists the concepts that map to a concept.
func (t *Tables) Mapped(id int64) []int64 { return t.mapped[id] }

// systemOf is the terminology of a vocabulary, empty for those that no source here uses.
func systemOf(vocabulary string) clinical.CodeSystem {
	return map[string]clinical.CodeSystem{"SNOMED": clinical.SNOMED, "dm+d": clinical.DMD, "ICD10": clinical.ICD10,
		"OPCS4": clinical.OPCS4, "Read": clinical.Read2, "LOINC": clinical.LOINC, "RxNorm": clinical.RxNorm,
		"CVX": clinical.CVX}[vocabulary]
}
