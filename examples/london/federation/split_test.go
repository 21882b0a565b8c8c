package federation_test

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"testing"

	"onelondon/examples/london/seed"
	"onelondon/internal/clinical"
)

// The five systems, and the organisations whose records they hold.
const (
	emis    = "emis"
	tpp     = "systmone"
	barts   = "barts"
	bhrut   = "bhrut"
	compass = "compass"
)

var systems = map[string]seed.System{emis: seed.EMIS, tpp: seed.SystmOne, barts: seed.Millennium, bhrut: seed.PAS, compass: seed.Compass}

var organisations = map[string][]seed.Organisation{
	emis:    {{Code: "F84003", Name: "LOWER CLAPTON GENERAL PRACTICE"}, {Code: "F84033", Name: "SOMERFORD GROVE PRACTICE"}},
	tpp:     {{Code: "E84059", Name: "THE ALLENDALE ROAD SURGERY"}, {Code: "E85001", Name: "THORNBURY ROAD CENTRE FOR HEALTH"}},
	barts:   {{Code: "R1H", Name: "BARTS HEALTH NHS TRUST", Trust: true}},
	bhrut:   {{Code: "RF4", Name: "BARKING, HAVERING AND REDBRIDGE UNIVERSITY HOSPITALS NHS TRUST", Trust: true}},
	compass: {{Code: "RYX", Name: "CENTRAL LONDON COMMUNITY HEALTHCARE NHS TRUST", Trust: true}},
}

// fact is one row of the original, as it must be found again: which system holds it, as which kind of record, about what, on
// which day. Two equal facts are two rows.
type fact struct {
	source string
	kind   clinical.Kind
	what   string
	day    string
	value  string
}

// split is the whole of the population laid out: what each system is given, and what must come back.
type split struct {
	people map[string][]*seed.Person // by system
	facts  map[string]map[fact]int   // by NHS number
	rows   int
}

func spread(text string, over int) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(text))
	return int(h.Sum32() % uint32(over))
}

// splitUp lays a population out: ambulatory and wellness encounters go to one of the two GP systems, by person; emergencies and
// stays to a trust; the rest to the compass store. A record goes where its encounter is.
func splitUp(t testing.TB, populations ...*population) *split {
	t.Helper()
	s := &split{people: map[string][]*seed.Person{}, facts: map[string]map[fact]int{}}
	for _, p := range populations {
		for _, person := range p.people {
			placing := &placing{t: t, split: s, person: person, at: map[string]string{}, held: map[string]*seed.Person{}}
			s.facts[person.number] = map[fact]int{}
			placing.encounters()
			placing.records()
			for _, system := range []string{emis, tpp, barts, bhrut, compass} {
				if held := placing.held[system]; held != nil {
					s.people[system] = append(s.people[system], held)
				}
			}
		}
	}
	return s
}

// placing is one person being laid out.
type placing struct {
	t      testing.TB
	split  *split
	person *original
	at     map[string]string       // encounter to system
	held   map[string]*seed.Person // by system
}

// in returns the person's record in a system, made when it is first needed.
func (p *placing) in(system string) *seed.Person {
	if held := p.held[system]; held != nil {
		return held
	}
	o := p.person
	gender := map[string]clinical.Gender{"F": clinical.GenderFemale, "M": clinical.GenderMale}[o.line["GENDER"]]
	held := &seed.Person{NHSNumber: o.number, FamilyName: o.line["LAST"], GivenName: o.line["FIRST"], Title: o.line["PREFIX"],
		Birth: moment(p.t, o.line["BIRTHDATE"]), Death: moment(p.t, o.line["DEATHDATE"]), Gender: gender,
		Address: []string{o.line["ADDRESS"], o.line["CITY"]}, Postcode: "E5 0PQ", Registered: moment(p.t, o.line["BIRTHDATE"])}
	held.Practice = p.practice()
	held.Holder = organisations[system][0].Code
	if system == emis || system == tpp {
		held.Holder = held.Practice
	}
	p.held[system] = held
	return held
}

// gp is the person's GP system, and practice the practice within it.
func (p *placing) gp() string { return []string{emis, tpp}[spread(p.person.line["Id"], 2)] }

func (p *placing) practice() string {
	return organisations[p.gp()][spread("practice"+p.person.line["Id"], 2)].Code
}

func (p *placing) encounters() {
	attached := map[string]map[string]int{}
	for file, rows := range p.person.rows {
		for _, row := range rows {
			if attached[row["ENCOUNTER"]] == nil {
				attached[row["ENCOUNTER"]] = map[string]int{}
			}
			attached[row["ENCOUNTER"]][file]++
		}
	}
	p.in(p.gp())
	for _, row := range p.person.rows["encounters"] {
		system, class := p.systemFor(row, attached[row["Id"]])
		p.at[row["Id"]] = system
		held := p.in(system)
		held.Encounters = append(held.Encounters, seed.Encounter{Entry: p.entry(row, row["START"], row["STOP"], clinical.SNOMED),
			Ref: row["Id"], Class: class})
		p.expect(system, clinical.KindEncounter, row, row["START"], "")
	}
}

func (p *placing) systemFor(row line, attached map[string]int) (string, clinical.EncounterClass) {
	switch row["ENCOUNTERCLASS"] {
	case "ambulatory", "wellness":
		return p.gp(), clinical.ClassConsultation
	case "emergency":
		// A patient administration system knows one diagnosis of an attendance and nothing that was given or done.
		if attached["conditions"] <= 1 && len(attached) <= 1 && attached["procedures"]+attached["medications"] == 0 && spread(row["Id"], 2) == 0 {
			return bhrut, clinical.ClassEmergency
		}
		return barts, clinical.ClassEmergency
	case "inpatient":
		if attached["medications"]+attached["immunizations"]+attached["observations"] == 0 && spread(row["Id"], 2) == 0 {
			return bhrut, clinical.ClassInpatient
		}
		return barts, clinical.ClassInpatient
	case "outpatient":
		return compass, clinical.ClassOutpatient
	}
	return compass, clinical.ClassCommunity
}

// system is where a row's encounter is; a row without one is the GP's.
func (p *placing) system(row line) string {
	if system, ok := p.at[row["ENCOUNTER"]]; ok {
		return system
	}
	return p.gp()
}

func (p *placing) records() {
	for _, row := range p.person.rows["conditions"] {
		system := p.system(row)
		held := p.in(system)
		held.Conditions = append(held.Conditions, seed.Condition{Entry: p.entry(row, row["START"], row["STOP"], clinical.SNOMED)})
		p.expect(system, clinical.KindCondition, row, row["START"], "")
	}
	for _, row := range p.person.rows["medications"] {
		system := p.system(row)
		held := p.in(system)
		held.Medications = append(held.Medications, seed.Medication{Entry: p.entry(row, row["START"], row["STOP"], clinical.DMD)})
		p.expect(system, clinical.KindMedication, row, row["START"], "")
	}
	for _, row := range p.person.rows["procedures"] {
		system := p.system(row)
		held := p.in(system)
		held.Procedures = append(held.Procedures, seed.Procedure{Entry: p.entry(row, row["START"], "", clinical.SNOMED)})
		p.expect(system, clinical.KindProcedure, row, row["START"], "")
	}
	for _, row := range p.person.rows["observations"] {
		system := p.system(row)
		held := p.in(system)
		held.Observed = append(held.Observed, seed.Observation{Entry: p.entry(row, row["DATE"], "", clinical.LOINC), Value: row["VALUE"],
			Unit: row["UNITS"]})
		p.expect(system, clinical.KindObservation, row, row["DATE"], row["VALUE"])
	}
	for _, row := range p.person.rows["immunizations"] {
		system := p.system(row)
		held := p.in(system)
		held.Vaccines = append(held.Vaccines, seed.Immunisation{Entry: p.entry(row, row["DATE"], "", clinical.CVX)})
		p.expect(system, clinical.KindImmunisation, row, row["DATE"], "")
	}
}

func (p *placing) entry(row line, start, stop string, system clinical.CodeSystem) seed.Entry {
	status := clinical.StatusActive
	if stop != "" {
		status = clinical.StatusCompleted
	}
	return seed.Entry{Code: seed.Code{System: system, Code: row["CODE"], Display: row["DESCRIPTION"]}, Date: moment(p.t, start),
		End: moment(p.t, stop), Status: status, Encounter: row["ENCOUNTER"]}
}

// expect notes a row as a fact. Where a system has no table for a kind, its own mapping says what it becomes: operations in
// SystmOne and vaccines in compass are coded entries like any other.
func (p *placing) expect(system string, kind clinical.Kind, row line, start, value string) {
	if system == tpp && kind == clinical.KindProcedure || system == compass && kind == clinical.KindImmunisation {
		kind = clinical.KindObservation
	}
	attendance := kind == clinical.KindCondition && p.classOf(row) == "emergency"
	p.split.rows++
	p.split.facts[p.person.number][fact{system, kind, told(system, kind, attendance, row["CODE"], row["DESCRIPTION"]),
		moment(p.t, start).Cut(clinical.PrecisionDay).String(), plain(value)}]++
}

func (p *placing) classOf(row line) string {
	for _, encounter := range p.person.rows["encounters"] {
		if encounter["Id"] == row["ENCOUNTER"] {
			return encounter["ENCOUNTERCLASS"]
		}
	}
	return ""
}

// told is how a system tells what a record is about. Most keep the code; some keep only its words, and for a contact as a whole
// some keep neither.
func told(system string, kind clinical.Kind, attendance bool, code, display string) string {
	switch kind {
	case clinical.KindEncounter:
		if system == emis || system == compass {
			return code
		}
		return ""
	case clinical.KindObservation, clinical.KindImmunisation:
		return words(display) // their codes are of terminologies these systems do not keep
	case clinical.KindCondition:
		if system == bhrut && attendance {
			return words(display)
		}
	}
	return code
}

// plain writes a number without trailing zeros, which typed columns forget.
func plain(value string) string {
	if number, err := strconv.ParseFloat(value, 64); err == nil {
		return fmt.Sprint(number)
	}
	return strings.TrimSpace(value)
}
