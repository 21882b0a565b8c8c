package bench_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/sources/sqlsource"
)

// floor is the hand-written program: it sends four statements to four databases at once, scans rows into structs, puts them
// in order and encodes them. It checks nothing, decides nothing, merges nothing and keeps no ledger.
type floor struct{ sources []floorSource }

// floorSource is one database with the statement that it is sent.
type floorSource struct {
	id       string
	database database
	sql      string
	args     []any
	person   []int // which arguments are the NHS number
	branches []floorBranch
	width    int
	holds    map[clinical.Kind]bool
}

// floorBranch says where a branch of the statement has what.
type floorBranch struct {
	kind  clinical.Kind
	cells []floorCell
}

type floorCell struct {
	what     what
	coding   int
	column   int
	constant *string
}

// what names a field in the way that switch statements like.
type what int

const (
	whatNothing what = iota
	whatOrganisation
	whatDate
	whatStatus
	whatSystem
	whatCode
	whatDisplay
	whatWords
	whatFirst // the fields that only some kinds have
	whatSecond
	whatThird
	whatFourth
)

// fields says which fields of a kind are the first, second and third.
func fields() map[clinical.Kind][]string {
	return map[clinical.Kind][]string{
		clinical.KindRegistration:       {"familyName", "givenName", "birthDate", "gender"},
		clinical.KindAllergyIntolerance: {"severity", "reaction"},
		clinical.KindCondition:          {"category"},
		clinical.KindMedication:         {"dosage", "quantity", "quantityUnit"},
		clinical.KindObservation:        {"value", "unit"},
		clinical.KindEncounter:          {"class", "reason"},
		clinical.KindProcedure:          {"category"},
		clinical.KindImmunisation:       {"batch"},
		clinical.KindReferral:           {"priority"},
	}
}

// newFloor takes the statements that the product sends for the chart of a person, as its planner explains them.
func newFloor(t testing.TB, e engine, s *site, person string) *floor {
	t.Helper()
	f := &floor{}
	for _, p := range places() {
		id := clinical.SourceID(p.id)
		explained := s.probes[id].Explain(s.probes[id].asked)
		if len(explained) != 1 {
			t.Fatalf("%s is sent %d statements", id, len(explained))
		}
		one := floorSource{id: p.id, database: e.plain(t, s.readers[id]), sql: explained[0].SQL, args: explained[0].Args,
			width: explained[0].Width, holds: map[clinical.Kind]bool{}}
		for i, arg := range one.args {
			if text, ok := arg.(string); ok && strings.ReplaceAll(text, " ", "") == person {
				one.person = append(one.person, i)
			}
		}
		for _, branch := range explained[0].Branches {
			one.branches = append(one.branches, branchOf(branch))
			one.holds[branch.Kind] = true
		}
		f.sources = append(f.sources, one)
	}
	return f
}

func branchOf(explained sqlsource.Branch) floorBranch {
	branch := floorBranch{kind: explained.Kind}
	for i := range explained.Values {
		value := &explained.Values[i]
		cell := floorCell{column: value.Column}
		if value.Column == 0 {
			cell.constant = &value.Constant
		}
		name := value.Name
		if strings.HasPrefix(name, "code.") && !strings.HasSuffix(name, ".text") {
			cell.coding = int(name[len("code.")] - '0')
			name = "code" + name[len("code.0"):]
		}
		cell.what = map[string]what{"organisation": whatOrganisation, "date": whatDate, "status": whatStatus,
			"code.system": whatSystem, "code.code": whatCode, "code.display": whatDisplay, "code.text": whatWords}[name]
		if at := slices.Index(fields()[explained.Kind], name); at >= 0 {
			cell.what = whatFirst + what(at)
		}
		if cell.what != whatNothing {
			branch.cells = append(branch.cells, cell)
		}
	}
	return branch
}

// row is what one row says.
type row struct {
	common
	own [4]*string
}

// read turns the cells of a row into the row.
func (b *floorBranch) read(source string, cells []*string, into *row) {
	*into = row{}
	into.ID = source + "/" + *cells[1]
	into.Provenance.Source = source
	var codings [4]conceptJSON
	words := false
	for i := range b.cells {
		cell := &b.cells[i]
		text := cell.constant
		if text == nil {
			text = cells[cell.column]
		}
		if text == nil || *text == "" {
			continue
		}
		switch cell.what {
		case whatOrganisation:
			into.Provenance.Organisation = &organisationJSON{*text}
		case whatDate:
			into.Date = isoDate(text)
		case whatStatus:
			into.Status = text
		case whatSystem:
			codings[cell.coding].System = text
		case whatCode:
			codings[cell.coding].Code = text
		case whatWords:
			words = true
		case whatDisplay:
			codings[cell.coding].Display = text
		default:
			into.own[cell.what-whatFirst] = text
		}
	}
	for i := range codings {
		if codings[i].Code != nil {
			into.Code = &conceptJSON{codings[i].System, codings[i].Code, codings[i].Display}
			return
		}
	}
	for i := range codings {
		if codings[i].Display != nil {
			into.Code = &conceptJSON{Display: codings[i].Display}
			return
		}
	}
	if words {
		into.Code = &conceptJSON{}
	}
}

// isoDate writes a date and time with a T between them.
func isoDate(text *string) *string {
	if len(*text) > 10 {
		date := (*text)[:10] + "T" + (*text)[11:]
		return &date
	}
	return text
}

// found is what one source knows.
type found struct {
	patientJSON
	registrations []row
}

func (f *found) add(kind clinical.Kind, r *row) {
	switch kind {
	case clinical.KindRegistration:
		f.registrations = append(f.registrations, *r)
	case clinical.KindAllergyIntolerance:
		f.Allergies.Nodes = append(f.Allergies.Nodes, allergy{r.common, r.own[0], r.own[1]})
	case clinical.KindCondition:
		f.Conditions.Nodes = append(f.Conditions.Nodes, condition{r.common, r.own[0]})
	case clinical.KindMedication:
		f.Medications.Nodes = append(f.Medications.Nodes, medication{r.common, r.own[0], (*json.Number)(r.own[1]), r.own[2]})
	case clinical.KindObservation:
		f.Observations.Nodes = append(f.Observations.Nodes, observation{r.common, (*json.Number)(r.own[0]), r.own[1]})
	case clinical.KindEncounter:
		f.Encounters.Nodes = append(f.Encounters.Nodes, encounter{r.common, r.own[0], r.own[1]})
	case clinical.KindProcedure:
		f.Procedures.Nodes = append(f.Procedures.Nodes, condition{r.common, r.own[0]})
	case clinical.KindImmunisation:
		f.Immunisations.Nodes = append(f.Immunisations.Nodes, vaccine{r.common, r.own[0]})
	case clinical.KindReferral:
		f.Referrals.Nodes = append(f.Referrals.Nodes, referral{r.common, r.own[0]})
	}
}

func (s *floorSource) ask(ctx context.Context, person string) (*found, error) {
	args := slices.Clone(s.args)
	for _, at := range s.person {
		if text, _ := args[at].(string); len(text) > len(person) { // the PAS writes numbers in groups
			args[at] = person[:3] + " " + person[3:6] + " " + person[6:]
		} else {
			args[at] = person
		}
	}
	all := &found{}
	var r row
	err := s.database.query(ctx, s.sql, args, s.width, func(cells []*string) {
		if *cells[0] == "" {
			return
		}
		number := 0
		for _, digit := range *cells[0] {
			number = 10*number + int(digit-'0')
		}
		branch := &s.branches[number]
		branch.read(s.id, cells, &r)
		all.add(branch.kind, &r)
	})
	return all, err
}

// ServeHTTP answers one question.
func (f *floor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Variables struct {
			Number string `json:"number"`
		} `json:"variables"`
	}
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
		http.Error(w, "malformed", http.StatusBadRequest)
		return
	}
	parts, faults := make([]*found, len(f.sources)), make([]error, len(f.sources))
	var all sync.WaitGroup
	for i := range f.sources {
		all.Go(func() { parts[i], faults[i] = f.sources[i].ask(r.Context(), asked.Variables.Number) })
	}
	all.Wait()
	for _, err := range faults {
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
	}
	var answer answerJSON
	answer.Data.Patient = f.join(asked.Variables.Number, parts)
	body, err := json.Marshal(&answer)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = w.Write(body)
}
