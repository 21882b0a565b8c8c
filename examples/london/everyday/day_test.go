package everyday_test

import (
	"encoding/json"
	"strings"
	"testing"

	"onelondon/examples/london/trial"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/memory"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const (
	grace     = "9990000018" // registered at the practice; the hospital has a record about HIV and a sealed one
	stranger  = "9990000026" // nobody knows them
	practice  = "F84003"
	hospital  = "R1H"
	elsewhere = "RYJ" // a hospital that has never seen her
)

// openHouse is the whole product over two sources that know Grace.
func openHouse(t *testing.T) *trial.House {
	t.Helper()
	person := number(t, grace)
	ofHIV, sealed := condition("hiv", "86406008"), condition("sealed", "38341003")
	ofHIV.Labels.Put(clinical.LabelHIV, true)
	sealed.Labels.Put(clinical.LabelSealed, true)
	return trial.Open(t, trial.Options{Entries: []sources.Entry{
		entry("emis", "Mare Street Surgery", practice, person, condition("asthma", "195967001")),
		entry("barts", "Barts Health", hospital, person, ofHIV, sealed, condition("fracture", "125605004")),
	}})
}

func number(t *testing.T, text string) clinical.NHSNumber {
	t.Helper()
	n, err := clinical.ParseNHSNumber(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func condition(id, code clinical.Text) *clinical.Condition {
	return &clinical.Condition{Meta: clinical.Meta{ID: id, Status: clinical.StatusActive,
		Code: clinical.Concept{Coding: clinical.Coding{System: clinical.SNOMED, Code: code}}}}
}

// entry is a source of one organisation that holds records of one person, which carry no label but those they were given.
func entry(id clinical.SourceID, name string, organisation clinical.Text, person clinical.NHSNumber, records ...clinical.Record) sources.Entry {
	born, _ := clinical.ParseDateTime("1957-06-23")
	registration := &clinical.Registration{Meta: clinical.Meta{ID: "reg-" + clinical.Text(id), Status: clinical.StatusActive}, BirthDate: born}
	all := append([]clinical.Record{registration}, records...)
	for _, record := range all {
		meta := record.About()
		meta.Source, meta.Organisation.Code = id, organisation
		for _, label := range clinical.Labels() {
			if _, known := meta.Labels.Value(label); !known {
				meta.Labels.Put(label, false)
			}
		}
	}
	source := memory.New(id, memory.Person{NHSNumber: person, Organisation: organisation, Registered: organisation == practice, Records: all})
	return sources.Entry{Spec: sources.Spec{ID: id, Name: name, Organisation: organisation, Kinds: clinical.Kinds()}, Source: source}
}

// emergency is an A&E doctor whose role overrides consent by law.
func emergency() auth.Person {
	doctor := trial.Emergency(elsewhere)
	doctor.Activities = []string{"B0082", "B0360"}
	return doctor
}

func officer(organisation string) auth.Person {
	return auth.Person{Subject: "officer-" + organisation, Name: "P. Officer", Role: "R0001", Organisation: organisation, Purpose: "HOPERAT"}
}

// answer is the data of an answer, and the codes of its errors.
type answer struct {
	body  string
	codes []string
	data  map[string]any
}

// at follows keys and places into the data; nil where there is nothing.
func (a answer) at(path ...any) any {
	var value any = a.data
	for _, step := range path {
		switch step := step.(type) {
		case string:
			object, _ := value.(map[string]any)
			value = object[step]
		case int:
			list, _ := value.([]any)
			if step >= len(list) {
				return nil
			}
			value = list[step]
		}
	}
	return value
}

func (a answer) text(path ...any) string {
	text, _ := a.at(path...).(string)
	return text
}

// ask asks as a person who has signed in.
func ask(t *testing.T, h *trial.House, who auth.Person, document string, variables map[string]any) answer {
	t.Helper()
	reply := h.Ask(t, h.Token(t, who), document, variables)
	var read struct {
		Data   map[string]any
		Errors []struct{ Extensions struct{ Code string } }
	}
	if err := json.Unmarshal([]byte(reply.Body), &read); err != nil {
		t.Fatalf("%d %s", reply.Status, reply.Body)
	}
	a := answer{body: reply.Body, data: read.Data}
	for _, each := range read.Errors {
		a.codes = append(a.codes, each.Extensions.Code)
	}
	return a
}

// must demands an answer without errors.
func must(t *testing.T, h *trial.House, who auth.Person, document string, variables map[string]any) answer {
	t.Helper()
	a := ask(t, h, who, document, variables)
	if len(a.codes) > 0 {
		t.Fatalf("%s: %s", who.Name, a.body)
	}
	return a
}

const conditions = `query($grant: EmergencyGrant, $revision: Int) {
  patient(nhsNumber: "` + grace + `", emergencyGrant: $grant, minConsentRevision: $revision) { conditions { nodes { id } } receipt { reasons } } }`

// seen lists the conditions that somebody sees of Grace.
func seen(t *testing.T, h *trial.House, who auth.Person, variables map[string]any) string {
	t.Helper()
	a := must(t, h, who, conditions, variables)
	var ids []string
	nodes, _ := a.at("patient", "conditions", "nodes").([]any)
	for i := range nodes {
		ids = append(ids, a.text("patient", "conditions", "nodes", i, "id"))
	}
	return strings.Join(ids, " ")
}
