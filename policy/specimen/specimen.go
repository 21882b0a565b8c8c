package specimen

import (
	"strings"
	"time"

	"onelondon/internal/clinical"
	"onelondon/policy"
)

// other is an organisation that is nobody's; it is not an ODS code.
const other = "SPECIMEN"

// about begins the words for records of a category.
const about = "records about "

// Circumstance is what makes a record special to a rule.
type Circumstance struct {
	Own   bool           // the record is the caller's own organisation's
	Label clinical.Label // the one label that it carries; empty for none
	Known bool           // whether its source says anything about labels
	Words string         // "from other organisations: records about HIV"

	about string // what it is about, "HIV", where that is what makes it special
	what  string // "sealed records", where it is something else
	place string // "from other organisations: "
}

// Specimens are the circumstances that rules speak of. The zero value has none.
type Specimens struct {
	circumstances []Circumstance
	organisation  string
}

// Set makes the specimens for a caller of the given organisation, which may be empty: then every record is another
// organisation's. Tables are the policy's, and say its categories in words.
func Set(tables map[string]any, organisation string) *Specimens {
	set := &Specimens{organisation: organisation}
	places := []struct {
		own   bool
		words string
	}{{true, "from the caller's own organisation: "}, {false, "from other organisations: "}}
	if organisation == "" {
		places = places[1:]
		places[0].words = ""
	}
	for _, place := range places {
		add := func(label clinical.Label, known bool, words string) {
			c := Circumstance{Own: place.own, Label: label, Known: known, Words: place.words + words, what: words, place: place.words}
			c.about, _ = strings.CutPrefix(words, about)
			if c.about == words {
				c.about = ""
			}
			set.circumstances = append(set.circumstances, c)
		}
		add("", true, "ordinary records")
		for _, label := range clinical.Labels() {
			// An S-flag is a person's, not a record's; what the person was told goes for single fields.
			if label != clinical.LabelSensitive && label != clinical.LabelPrognosisTold {
				add(label, true, Label(tables, label))
			}
		}
		add("", false, "records on which the source is silent")
	}
	return set
}

// Circumstances lists the circumstances: of the caller's own organisation first.
func (s *Specimens) Circumstances() []Circumstance { return s.circumstances }

// Label says in words which records carry a label: "records about HIV".
func Label(tables map[string]any, label clinical.Label) string {
	switch label {
	case clinical.LabelSealed:
		return "sealed records"
	case clinical.LabelThirdParty:
		return "records that speak of somebody else"
	case clinical.LabelSafeguarding:
		return "records that warn of a child or an adult at risk"
	case clinical.LabelPlanShared:
		return "urgent care plans that there is no consent to share"
	}
	return about + Category(tables, string(label))
}

// Category says a category in words, as the policy's table has it.
func Category(tables map[string]any, name string) string {
	table, _ := tables["categories"].(map[string]any)
	entry, _ := table[name].(map[string]any)
	if title, ok := entry["title"].(string); ok {
		return lowered(title)
	}
	return strings.ReplaceAll(name, "_", " ")
}

// lowered begins a title in lower case, unless its first word is an abbreviation.
func lowered(title string) string {
	if len(title) > 1 && title[1] >= 'a' && title[1] <= 'z' || strings.HasPrefix(title, "S-") {
		return strings.ToLower(title[:1]) + title[1:]
	}
	return title
}

// record makes the specimen of a kind. It has no code, so that only its labels say what it is about.
func (s *Specimens) record(kind clinical.Kind, c Circumstance) clinical.Record {
	record := kind.Descriptor().New()
	meta := record.About()
	meta.Source, meta.Organisation.Code, meta.Publisher = "specimen", other, other
	if c.Own {
		meta.Organisation.Code, meta.Publisher = clinical.Text(s.organisation), clinical.Text(s.organisation)
	}
	meta.Status = clinical.Statuses()[0]
	meta.Date = clinical.NewDateTime(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), clinical.PrecisionDay)
	if c.Known {
		for _, label := range clinical.Labels() {
			meta.Labels.Put(label, label == c.Label)
		}
		// Of this one it is the absence that is special.
		meta.Labels.Put(clinical.LabelPlanShared, c.Label != clinical.LabelPlanShared)
	}
	return record
}

// Seen is what a decision lets through of a set of specimens.
type Seen struct {
	kinds  [][]bool // by circumstance and kind
	masked []clinical.FieldSet
	untold []clinical.FieldSet // masked unless the person was told
}

// Seen looks at every specimen through a decision.
func (s *Specimens) Seen(decision *policy.Decision) *Seen {
	kinds := clinical.Kinds()
	seen := &Seen{kinds: make([][]bool, len(s.circumstances)), masked: make([]clinical.FieldSet, len(kinds)),
		untold: make([]clinical.FieldSet, len(kinds))}
	for i, circumstance := range s.circumstances {
		seen.kinds[i] = make([]bool, len(kinds))
		for n, kind := range kinds {
			release := decision.Release(kind)
			seen.kinds[i][n] = !decision.Hide && release.Condition.Match(s.record(kind, circumstance))
			seen.masked[n], seen.untold[n] = release.Masked, release.Masked|release.Untold
		}
	}
	return seen
}

// Records lists the specimens of one circumstance, one of each kind.
func (s *Specimens) Records(c Circumstance) []clinical.Record {
	kinds := clinical.Kinds()
	records := make([]clinical.Record, len(kinds))
	for i, kind := range kinds {
		records[i] = s.record(kind, c)
	}
	return records
}
