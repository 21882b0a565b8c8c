package specimen

import (
	"strings"
	"time"

	"onelondon/internal/clinical"
	"onelondon/policy"
)

// other stands for an organisation other than the caller's; it is not an ODS code.
const other = "SPECIMEN"

// about begins the description of records in a category.
const about = "records about "

// Circumstance is something about a record that rules distinguish.
type Circumstance struct {
	Own   bool           // the record belongs to the caller's own organisation
	Label clinical.Label // the one label that it carries; empty for none
	Known bool           // whether its source says anything about labels
	Words string         // "from other organisations: records about HIV"

	about string // what the record is about, such as "HIV", if that is what rules distinguish
	what  string // "sealed records", if it is something else
	place string // "from other organisations: "
}

// ofPlans reports whether the circumstance can only be an urgent care plan's: whether there is consent to share it is said of nothing else.
func (c Circumstance) ofPlans() bool { return c.Label == clinical.LabelPlanShared }

// Specimens are the circumstances that rules speak of. The zero value has none.
type Specimens struct {
	circumstances []Circumstance
	organisation  string
}

// Set makes the specimens for a caller of the given organisation; if that is empty, every record belongs to another
// organisation. Tables are the policy's, and contain the names of its categories.
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
			// An S-flag belongs to a person, not a record; what the person was told affects only single fields.
			if label != clinical.LabelSensitive && label != clinical.LabelPrognosisTold {
				add(label, true, Label(tables, label))
			}
		}
		add("", false, "records on which the source is silent")
	}
	return set
}

// Circumstances lists the circumstances, those of the caller's own organisation first.
func (s *Specimens) Circumstances() []Circumstance { return s.circumstances }

// Label describes the records that carry a label: "records about HIV".
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

// Category is the name of a category in the policy's table.
func Category(tables map[string]any, name string) string {
	table, _ := tables["categories"].(map[string]any)
	entry, _ := table[name].(map[string]any)
	if title, ok := entry["title"].(string); ok {
		return lowered(title)
	}
	return strings.ReplaceAll(name, "_", " ")
}

// lowered puts the first letter of a title in lower case, unless its first word is an abbreviation.
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
		// For this label it is the absence that rules distinguish.
		meta.Labels.Put(clinical.LabelPlanShared, c.Label != clinical.LabelPlanShared)
	}
	return record
}

// Seen is what a decision releases of a set of specimens.
type Seen struct {
	kinds  [][]bool // by circumstance and kind
	masked []clinical.FieldSet
	untold []clinical.FieldSet // masked unless the person was told
}

// Seen applies a decision to every specimen.
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
