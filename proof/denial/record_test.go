package denial_test

import (
	"fmt"
	"testing"
	"time"

	"onelondon/examples/london/trial"
	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/memory"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// Whose records there are: the person's practice, an acute trust, a mental health trust.
const practice, acute, mental = clinical.Text("F84010"), clinical.Text("R1H"), clinical.Text("RV5")

// codes of SNOMED CT; the lists of categories know the first two.
const (
	depression, hiv                  = "35489007", "86406008"
	penicillin, notForCPR, something = "91936005", "450476008", "38341003"
)

// person is the same record for every situation, held in three places. A name says what a record is.
func person() map[clinical.Text][]clinical.Record {
	about := func(id, code string, labels ...clinical.Label) clinical.Meta {
		meta := clinical.Meta{ID: clinical.Text(id), Date: clinical.NewDateTime(time.Date(2024, 5, 6, 0, 0, 0, 0, time.UTC), clinical.PrecisionDay)}
		if code != "" {
			meta.Code.Coding = clinical.Coding{System: clinical.SNOMED, Code: clinical.Text(code)}
		}
		meta.Labels.Put(clinical.LabelSealed, false)
		for _, label := range labels {
			meta.Labels.Put(label, true)
		}
		return meta
	}
	on := func(ward string, meta clinical.Meta) clinical.Meta { meta.Encounter = clinical.Text(ward); return meta }
	return map[clinical.Text][]clinical.Record{
		practice: {
			&clinical.Medication{Meta: about("repeat prescription", something)},
			&clinical.Condition{Meta: about("depression in general practice", depression)},
			&clinical.Condition{Meta: about("sealed by the practice", something, clinical.LabelSealed)},
			&clinical.Alert{Meta: about("child protection plan", "", clinical.LabelSafeguarding)},
			&clinical.Appointment{Meta: about("next appointment", "")},
			&clinical.Contact{Meta: about("next of kin", "")},
		},
		acute: {
			&clinical.AllergyIntolerance{Meta: about("allergy in words", "")},
			&clinical.CarePlan{Meta: about("CPR decision", notForCPR)},
			&clinical.Document{Meta: about("advance decision", something)},
			&clinical.Medication{Meta: about("anticoagulant", something)},
			&clinical.Condition{Meta: about("HIV infection", hiv)},
			&clinical.Medication{Meta: about("antiretroviral", hiv)},
			&clinical.Condition{Meta: about("sealed by the trust", something, clinical.LabelSealed)},
		},
		mental: {
			&clinical.Encounter{Meta: about("ward", depression)},
			&clinical.AllergyIntolerance{Meta: on("ward", about("allergy found on the ward", penicillin))},
			&clinical.AllergyIntolerance{Meta: on("ward", about("allergy marked as sensitive", penicillin, clinical.LabelMentalHealth))},
			&clinical.Medication{Meta: on("ward", about("depot injection", something))},
			&clinical.Condition{Meta: about("depression on the ward", depression)},
		},
	}
}

// house serves one such person for each situation.
func house(t *testing.T, situations []situation) *trial.House {
	t.Helper()
	held := map[clinical.Text][]memory.Person{}
	for i := range situations {
		for organisation, records := range person() {
			registration := &clinical.Registration{Meta: clinical.Meta{ID: clinical.Text(fmt.Sprint("registration-", i)), Status: clinical.StatusActive},
				Practice: practice}
			registration.BirthDate = clinical.NewDateTime(time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), clinical.PrecisionDay)
			registration.Labels.Put(clinical.LabelSealed, false)
			for _, record := range append(records, registration) {
				record.About().Organisation.Code = organisation
			}
			held[organisation] = append(held[organisation], memory.Person{NHSNumber: number(t, i), Organisation: organisation,
				Registered: organisation == practice, Sensitive: situations[i].flagged, Records: append(records, registration)})
		}
	}
	var entries []sources.Entry
	for organisation, people := range held {
		id := clinical.SourceID("source-" + string(organisation))
		entries = append(entries, sources.Entry{Spec: sources.Spec{ID: id, Name: string(id), System: "proof", Organisation: organisation,
			Deadline: 20 * time.Second}, Source: memory.New(id, people...)})
	}
	h := trial.Open(t, trial.Options{Entries: entries})
	for i := range situations {
		for _, about := range situations[i].said {
			directive := consent.Directive{Person: number(t, i), About: about, Authority: consent.Self, RecordedBy: "clerk", At: time.Now(), Reason: "theirs"}
			if _, err := h.Register.Record(t.Context(), directive); err != nil {
				t.Fatal(err)
			}
		}
	}
	return h
}

func number(t *testing.T, i int) clinical.NHSNumber {
	t.Helper()
	for digits := 999_400_000 + 3*i; ; digits++ {
		for check := range 10 {
			if n, err := clinical.ParseNHSNumber(fmt.Sprintf("%d%d", digits, check)); err == nil {
				return n
			}
		}
	}
}
