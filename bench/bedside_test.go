package bench_test

import (
	"encoding/json"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onelondon/examples/london/seed"
	"onelondon/examples/london/trial"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/sources"
)

// atCommunity is what the community trust's store of urgent care plans holds of a person.
func atCommunity(n int) *seed.Person {
	p, made := somebody(n, "RYX"), clinical.NewDateTime(time.Now().AddDate(0, -1, 0), clinical.PrecisionDay)
	p.Plan = &seed.UrgentPlan{Entry: seed.Entry{Code: seed.Code{Display: "End of life care plan"}, Date: made, Recorded: made, Status: clinical.StatusActive},
		CPR: "N", CPRDate: made, Responsible: "Dr Amara Nwosu", PersonInvolved: true, Ceiling: "Symptom control at home", ADRT: true,
		PlaceOfCare: "Home", PlaceOfDeath: "Home", Matters: "Windows open", Consent: "Given", MedicinesAt: "In the kitchen",
		Contacts: []seed.Contact{{Name: "Maya Ellis", Relationship: "Daughter", Telephone: "07700 900456"}},
		Medicines: []seed.Medication{{Entry: seed.Entry{Code: seed.Code{System: clinical.DMD, Code: "36125911000001106",
			Display: "Morphine sulfate 10mg/1ml solution for injection ampoules"}, Date: made}, Dosage: "2.5mg as needed"}}}
	return p
}

// line is a telephone line to a database: it can go dead, so that what is said into it is never answered, and be cut, so that nobody
// is there.
type line struct {
	to       string
	listener net.Listener

	mutex sync.Mutex
	dead  bool
	open  []net.Conn
}

// through leads a DSN of PostgreSQL over a line.
func through(t testing.TB, dsn string) (*line, string) {
	t.Helper()
	before, rest, _ := strings.Cut(dsn, "@")
	to, rest, found := strings.Cut(rest, "/")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil || !found {
		t.Fatal("no line: ", err)
	}
	l := &line{to: to, listener: listener}
	go l.listen()
	t.Cleanup(l.cut)
	return l, before + "@" + listener.Addr().String() + "/" + rest
}

func (l *line) listen() {
	for {
		caller, err := l.listener.Accept()
		if err != nil {
			return
		}
		called, err := net.Dial("tcp", l.to)
		if err != nil {
			_ = caller.Close()
			return
		}
		l.mutex.Lock()
		l.open = append(l.open, caller, called)
		l.mutex.Unlock()
		go l.carry(called, caller)
		go l.carry(caller, called)
	}
}

// carry passes on what is said, or swallows it.
func (l *line) carry(to io.WriteCloser, from io.Reader) {
	defer to.Close()
	space := make([]byte, 64<<10)
	for {
		n, err := from.Read(space)
		l.mutex.Lock()
		dead := l.dead
		l.mutex.Unlock()
		if err != nil {
			return
		}
		if dead {
			continue
		}
		if _, err := to.Write(space[:n]); err != nil {
			return
		}
	}
}

func (l *line) goDead() {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.dead = true
}

func (l *line) cut() {
	_ = l.listener.Close()
	l.mutex.Lock()
	defer l.mutex.Unlock()
	for _, each := range l.open {
		_ = each.Close()
	}
}

// bedsideAnswer is what a frontend reads of it.
type bedsideAnswer struct {
	Data struct {
		Patient struct {
			Allergies struct {
				Nodes   []struct{ Code struct{ Display string } }
				Sources []struct{ Name, Outcome string }
			}
			UrgentCarePlan struct {
				CPR, ADRT, CeilingOfTreatment, AnticipatoryMedicines *struct {
					AnticipatoryMedicines []struct{ Dosage string }
				}
				Plans []struct{ Contacts []struct{ Name string } }
			}
		}
	}
}

// whole reports whether everything is there that the emergency view is for.
func (a *bedsideAnswer) whole() bool {
	care := &a.Data.Patient.UrgentCarePlan
	return len(a.Data.Patient.Allergies.Nodes) >= 2 && care.CPR != nil && care.ADRT != nil && care.CeilingOfTreatment != nil &&
		care.AnticipatoryMedicines != nil && len(care.AnticipatoryMedicines.AnticipatoryMedicines) == 1 && len(care.Plans) == 1 && len(care.Plans[0].Contacts) == 1
}

// hung is how the source did that goes dead, as the list of allergies says.
func (a *bedsideAnswer) hung() string {
	for _, each := range a.Data.Patient.Allergies.Sources {
		if each.Name == deadSource {
			return each.Outcome
		}
	}
	return "no line"
}

// The sources of which one goes dead and one is cut; both know everybody.
const (
	deadSource = "systmone"
	cutSource  = "bhrut"
)

// bedsideHouse is the site of the charts on PostgreSQL and a store of urgent care plans; two of its databases are reached over lines.
func bedsideHouse(t testing.TB, count int) (h *house, lines map[string]*line) {
	t.Helper()
	e, lines := engines()[0], map[string]*line{}
	var entries []sources.Entry
	for _, p := range append(places(), place{"care-plans", seed.CoordinateMyCare, seed.Organisation{Code: "RYX", Name: "CENTRAL LONDON COMMUNITY HEALTHCARE NHS TRUST"}, atCommunity}) {
		db, reader := e.make(t)
		p.fill(t, db, e.dialect, 0, count)
		if p.id == deadSource || p.id == cutSource {
			lines[p.id], reader = through(t, reader)
		}
		entries = append(entries, p.open(t, e, p.id, reader))
	}
	h = newHouse(t, entries)
	token, err := h.whole.Issuer.Sign(auth.Person{Subject: "ae-1", Name: "Dr Night", Role: "R9102", Organisation: "R1H", Activities: []string{"B0360"},
		Purpose: "ETREAT"}, time.Now(), 12*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	h.token = token
	return h, lines
}

// BenchmarkBedside is how long an A&E doctor waits for the emergency view: allergies, CPR, ADRT, ceiling of treatment, contacts and
// anticipatory medicines, with every source up, and with one that swallows what it is asked and one where nobody answers.
//
//	go test -run '^$' -v -bench Bedside -benchtime 1x ./bench
func BenchmarkBedside(b *testing.B) {
	const people, asked = 40, 30
	h, lines := bedsideHouse(b, people)
	document := trial.Bedside(b)
	measure := func(what string, down bool, hung ...string) {
		var walls []time.Duration
		for n := range asked {
			q := h.question(b, document, map[string]any{"nhsNumber": nhsNumber(n % people)})
			begun := time.Now()
			body := q.ask(b)
			walls = append(walls, time.Since(begun))
			var answer bedsideAnswer
			if err := json.Unmarshal(body, &answer); err != nil || !answer.whole() {
				b.Fatalf("%s: %v %s", what, err, body)
			}
			if cut, _ := h.whole.Catalogue.Known(cutSource); !slices.Contains(hung, answer.hung()) || cut.LastFailure.IsZero() == down {
				b.Fatalf("%s: %s %s, %s failed last at %s", what, deadSource, answer.hung(), cutSource, cut.LastFailure)
			}
		}
		slices.Sort(walls)
		b.Logf("| %s | %s | %s |", what, micro(walls[len(walls)/2]), micro(walls[len(walls)-1]))
	}
	for b.Loop() {
		measure("all up, the first of all among them", false, "ANSWERED")
		measure("all up", false, "ANSWERED")
		lines[cutSource].cut()
		lines[deadSource].goDead()
		measure("one hangs and one is down", true, "TIMED_OUT", "NOT_ASKED")
		// Somebody's whole chart tells the circuit breaker of the one that hangs, as in a day's work.
		for n := range 6 {
			h.chart(b, n).ask(b)
		}
		measure("the same, once the circuit of the one that hangs is open", true, "TIMED_OUT", "NOT_ASKED")
		if b.N > 1 {
			b.Fatal("what was cut stays cut: -benchtime 1x")
		}
	}
	b.ReportMetric(0, "ns/op")
}
