package sqlsource

import (
	"slices"
	"strings"
	"unicode/utf8"

	"onelondon/internal/clinical"
)

// decoder turns rows into records. It lives for one statement and is used by one goroutine.
type decoder struct {
	source  clinical.SourceID
	codings []clinical.Coding // scratch for the concept being read
}

// record reads one row; ok is false for a row that cannot be read as a record.
func (d *decoder) record(l *layout, row []string) (clinical.Record, clinical.DateTime, bool) {
	id := clean(row[columnID])
	if id == "" {
		return nil, clinical.DateTime{}, false
	}
	record := l.kind.New()
	meta := record.About()
	meta.Source, meta.ID = d.source, clinical.Text(id)
	for i := 0; i < len(l.cells); {
		if l.cells[i].role >= roleConceptText && l.cells[i].role <= roleCodingDisplay {
			i = d.concept(l, i, row, record)
			continue
		}
		if !d.cell(&l.cells[i], row, record, meta) {
			return nil, clinical.DateTime{}, false
		}
		i++
	}
	if registration, ok := record.(*clinical.Registration); ok && !numbered(registration, l, row) {
		return nil, clinical.DateTime{}, false
	}
	date, ok := orderDate(l, row, meta)
	return record, date, ok
}

// numbered fills in whose a registration is: as its row says, whoever was asked for, so that a mix-up shows. A stand-in is nobody's.
func numbered(registration *clinical.Registration, l *layout, row []string) (read bool) {
	if len(l.cells) == 0 || l.cells[0].role != roleNumber {
		return true
	}
	registration.NHSNumber, read = readNumber(l.cells[0].text(row), l.number)
	return read
}

// orderDate is where the record stands in the order of the list, as far as the branch's own order does not say.
func orderDate(l *layout, row []string, meta *clinical.Meta) (clinical.DateTime, bool) {
	if l.dateColumn == 0 || row[l.dateColumn] == "" {
		return meta.Date, true
	}
	date, err := clinical.ParseDateTime(row[l.dateColumn])
	return date, err == nil
}

func (c *cell) text(row []string) string {
	if c.column == 0 {
		return c.fixed
	}
	return row[c.column]
}

// cell fills what one column stands for; it reports false where the row must be rejected.
func (d *decoder) cell(c *cell, row []string, record clinical.Record, meta *clinical.Meta) bool {
	text := c.text(row)
	if text == "" {
		return true
	}
	switch c.role {
	case roleText:
		c.field.In(record).SetString(clean(text))
	case roleDate:
		date, err := clinical.ParseDateTime(text)
		if err != nil {
			return false
		}
		*c.field.In(record).Addr().Interface().(*clinical.DateTime) = date
	case roleDecimal:
		return decimal(c.field, text, record, c.words)
	case roleStatus:
		setKnown(c, record, clinical.Status(text))
	case roleClass:
		setKnown(c, record, clinical.EncounterClass(text))
	case roleGender:
		setKnown(c, record, clinical.Gender(text))
	case roleOrganisation:
		meta.Organisation.Code = clinical.Text(clean(text))
	case roleOrganisationName:
		meta.Organisation.Name = clinical.Text(clean(text))
	case roleLabel:
		if set, known := truthOf(text); known {
			meta.Labels.Put(c.label, set)
		}
	}
	return true
}

// truthOf reads a truth value as SQL does in Dialect.truth.
func truthOf(text string) (set, known bool) {
	if len(text) > len("false") {
		return false, false
	}
	switch strings.ToLower(text) {
	case "1", "t", "true", "y", "yes":
		return true, true
	case "0", "f", "false", "n", "no":
		return false, true
	}
	return false, false
}

// setKnown fills a vocabulary field; words that are not of the vocabulary are a missing value.
func setKnown[T interface {
	~string
	Known() bool
}](c *cell, record clinical.Record, value T) {
	if value.Known() {
		c.field.In(record).SetString(string(value))
	}
}

// decimal fills a number. What is no number is kept in words where the kind has room for them, if they are asked for; else the row
// is rejected.
func decimal(field *clinical.Field, text string, record clinical.Record, words bool) bool {
	text = strings.TrimSpace(text)
	if value, ok := clinical.ParseDecimal(text); ok {
		field.In(record).SetString(string(value))
		return true
	}
	observation, ok := record.(*clinical.Observation)
	if !ok || field.Name != "value" {
		return text == ""
	}
	if words && observation.ValueText == "" {
		observation.ValueText = clinical.Text(clean(text))
	}
	return true
}

// concept reads the cells of one concept, from the first of them, and returns the index of the first that is not.
func (d *decoder) concept(l *layout, from int, row []string, record clinical.Record) int {
	d.codings = d.codings[:0]
	field := l.cells[from].field
	concept := field.In(record).Addr().Interface().(*clinical.Concept)
	i := from
	for ; i < len(l.cells) && l.cells[i].field == field; i++ {
		c := &l.cells[i]
		text := clean(c.text(row))
		if c.role == roleConceptText {
			concept.Text = clinical.Text(text)
			continue
		}
		for len(d.codings) <= c.coding {
			d.codings = append(d.codings, clinical.Coding{})
		}
		switch coding := &d.codings[c.coding]; c.role {
		case roleCodingSystem:
			coding.System = clinical.CodeSystem(text)
		case roleCodingCode:
			coding.Code = clinical.Text(text)
		case roleCodingDisplay:
			coding.Display = clinical.Text(text)
		}
	}
	prefer(concept, d.codings)
	return i
}

// prefer takes the first coding with a code as the concept's own and the others with one as its translations. Words
// without any code are kept as the concept's display.
func prefer(concept *clinical.Concept, codings []clinical.Coding) {
	chosen := slices.IndexFunc(codings, func(c clinical.Coding) bool { return c.Code != "" })
	if chosen < 0 {
		for i := range codings {
			if concept.Display == "" {
				concept.Display = codings[i].Display
			}
		}
		return
	}
	concept.Coding = codings[chosen]
	for _, other := range codings[chosen+1:] {
		if other.Code != "" {
			concept.Translations = append(concept.Translations, other)
		}
	}
}

// clean makes text safe to show: valid UTF-8 without NUL. It costs nothing where nothing is wrong.
func clean(text string) string {
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	if strings.IndexByte(text, 0) >= 0 {
		text = strings.ReplaceAll(text, "\x00", "")
	}
	return text
}
