package bench_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"onelondon/examples/london/seed"
	"onelondon/internal/clinical"
)

// place is one source of the site: a system, and the organisation whose record it is.
type place struct {
	id           string
	system       seed.System
	organisation seed.Organisation
	person       func(n int) *seed.Person
}

// places are the four sources that know the people of the benchmark.
func places() []place {
	return []place{
		{"barts", seed.Millennium, seed.Organisation{Code: "R1H", Name: "BARTS HEALTH NHS TRUST", Trust: true}, atBarts},
		{"bhrut", seed.PAS, seed.Organisation{Code: "RF4", Name: "BARKING, HAVERING AND REDBRIDGE UNIVERSITY HOSPITALS NHS TRUST", Trust: true}, atBHRUT},
		{"emis", seed.EMIS, seed.Organisation{Code: practice, Name: "LOWER CLAPTON GENERAL PRACTICE"}, atEMIS},
		{"systmone", seed.SystmOne, seed.Organisation{Code: "E84059", Name: "THE ALLENDALE ROAD SURGERY"}, atSystmOne},
	}
}

// practice is where the people are registered, and where the doctor who asks works.
const practice = "F84003"

// nhsNumber is the n-th number of the range that is never given to anybody.
func nhsNumber(n int) string {
	for base := 999_100_000 + 2*n; ; base++ {
		if number, ok := checked(strconv.Itoa(base)); ok {
			return number
		}
	}
}

// checked adds the check digit, where there is one.
func checked(nine string) (string, bool) {
	sum := 0
	for i := range nine {
		sum += int(nine[i]-'0') * (10 - i)
	}
	digit := (11 - sum%11) % 11
	return nine + strconv.Itoa(digit), digit < 10
}

func numberOf(t testing.TB, n int) clinical.NHSNumber {
	t.Helper()
	number, err := clinical.ParseNHSNumber(nhsNumber(n))
	if err != nil {
		t.Fatal(err)
	}
	return number
}

// days hands out days that no other record of the same person has, so that nothing merges and the order is plain.
type days struct{ next int }

func (d *days) take() clinical.DateTime {
	d.next += 4
	at := time.Date(2024, 6, 28, 10, 22, 0, 0, time.UTC).AddDate(0, 0, -d.next)
	return clinical.NewDateTime(at, clinical.PrecisionSecond)
}

func snomed(code int, display string) seed.Code {
	return seed.Code{System: clinical.SNOMED, Code: strconv.Itoa(code), Display: display}
}

func (d *days) entry(code seed.Code, encounter string) seed.Entry {
	return seed.Entry{Code: code, Date: d.take(), Status: clinical.StatusActive, Encounter: encounter}
}

func somebody(n int, holder string) *seed.Person {
	born := time.Date(1940+n%60, time.Month(1+n%12), 1+n%28, 0, 0, 0, 0, time.UTC)
	return &seed.Person{NHSNumber: nhsNumber(n), FamilyName: fmt.Sprintf("Bench%d", n), GivenName: "Ada", Gender: clinical.GenderFemale,
		Birth: clinical.NewDateTime(born, clinical.PrecisionDay), Address: []string{"1 High Street", "London"}, Postcode: "E8 1AA",
		Practice: practice, Holder: holder, Registered: clinical.NewDateTime(born.AddDate(20, 0, 0), clinical.PrecisionDay)}
}

func atEMIS(n int) *seed.Person {
	p, d := somebody(n, practice), &days{next: 0}
	for i := range 7 {
		entry := d.entry(snomed(185349003, "Encounter for check up"), "")
		p.Encounters = append(p.Encounters, seed.Encounter{Entry: entry, Ref: fmt.Sprint("e", i), Class: clinical.ClassConsultation})
	}
	for i := range 5 {
		p.Conditions = append(p.Conditions, seed.Condition{Entry: d.entry(snomed(38341003+i, "Hypertensive disorder"), "e1")})
		p.Vaccines = append(p.Vaccines, seed.Immunisation{Entry: d.entry(snomed(86198006+i, "Influenza vaccination"), "e2"), Batch: "AB123"})
	}
	for i := range 8 {
		p.Medications = append(p.Medications, seed.Medication{Entry: d.entry(seed.Code{System: clinical.DMD,
			Code: strconv.Itoa(39732311000001104 + i), Display: "Amlodipine 5mg tablets"}, "e3"), Dosage: "One daily", Quantity: "28",
			QuantityUnit: "tablet", Repeat: true})
	}
	for i := range 15 {
		p.Observed = append(p.Observed, seed.Observation{Entry: d.entry(snomed(271649006+i, "Systolic blood pressure"), "e4"),
			Value: strconv.Itoa(120 + i), Unit: "mmHg"})
	}
	for i := range 2 {
		p.Allergies = append(p.Allergies, seed.Allergy{Entry: d.entry(snomed(91936005+i, "Allergy to penicillin"), "e5")})
		p.Procedures = append(p.Procedures, seed.Procedure{Entry: d.entry(snomed(80146002+i, "Appendectomy"), "e5")})
		p.Referrals = append(p.Referrals, seed.Referral{Entry: d.entry(snomed(183522000+i, "Referral to cardiology"), "e6"),
			Priority: "Routine", Recipient: "R1H"})
	}
	return p
}

func atSystmOne(n int) *seed.Person {
	p, d := somebody(n, "E84059"), &days{next: 1}
	p.Deducted = clinical.NewDateTime(time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC), clinical.PrecisionDay)
	for i := range 3 {
		entry := d.entry(snomed(185317003, "Telephone encounter"), "")
		p.Encounters = append(p.Encounters, seed.Encounter{Entry: entry, Ref: fmt.Sprint("s", i), Class: clinical.ClassConsultation})
		p.Conditions = append(p.Conditions, seed.Condition{Entry: d.entry(snomed(44054006+i, "Type 2 diabetes mellitus"), "s0")})
		p.Medications = append(p.Medications, seed.Medication{Entry: d.entry(seed.Code{System: clinical.DMD,
			Code: strconv.Itoa(42104811000001109 + i), Display: "Metformin 500mg tablets"}, "s0"), Dosage: "Two daily", Quantity: "56"})
		p.Vaccines = append(p.Vaccines, seed.Immunisation{Entry: d.entry(snomed(333598008+i, "Pneumococcal vaccination"), "s0"), Batch: "XY9"})
	}
	for i := range 6 {
		p.Observed = append(p.Observed, seed.Observation{Entry: d.entry(snomed(43396009+i, "Haemoglobin A1c"), "s0"),
			Value: strconv.Itoa(48 + i), Unit: "mmol/mol"})
	}
	p.Allergies = append(p.Allergies, seed.Allergy{Entry: d.entry(snomed(300916003, "Latex allergy"), "s0")})
	p.Referrals = append(p.Referrals, seed.Referral{Entry: d.entry(snomed(306253008, "Referral to doctor"), "s0"), Priority: "Urgent", Recipient: "RF4"})
	return p
}

func atBarts(n int) *seed.Person {
	p, d := somebody(n, "R1H"), &days{next: 2}
	for i, class := range []clinical.EncounterClass{clinical.ClassEmergency, clinical.ClassInpatient, clinical.ClassOutpatient, clinical.ClassOutpatient} {
		entry := d.entry(seed.Code{}, "")
		entry.Status, entry.End = clinical.StatusCompleted, entry.Date
		p.Encounters = append(p.Encounters, seed.Encounter{Entry: entry, Ref: fmt.Sprint("b", i), Class: class, Reason: "Chest pain"})
	}
	for i := range 4 {
		p.Conditions = append(p.Conditions, seed.Condition{Entry: d.entry(snomed(29857009+i, "Chest pain"), "b1")})
		p.Procedures = append(p.Procedures, seed.Procedure{Entry: d.entry(seed.Code{System: clinical.OPCS4, Code: fmt.Sprint("K4", i),
			Display: "Coronary artery bypass"}, "b1")})
	}
	for i := range 12 {
		p.Observed = append(p.Observed, seed.Observation{Entry: d.entry(snomed(1000+i, fmt.Sprint("Troponin T ", i)), "b0"),
			Value: strconv.Itoa(10 + i), Unit: "ng/L"})
	}
	return p
}

func atBHRUT(n int) *seed.Person {
	p, d := somebody(n, "RF4"), &days{next: 3}
	for i := range 2 {
		entry := d.entry(seed.Code{}, "")
		entry.Status, entry.End = clinical.StatusCompleted, entry.Date
		p.Encounters = append(p.Encounters, seed.Encounter{Entry: entry, Ref: fmt.Sprint("p", i), Class: clinical.ClassInpatient})
		for j := range 3 {
			p.Conditions = append(p.Conditions, seed.Condition{Entry: seed.Entry{Code: seed.Code{System: clinical.ICD10,
				Code: fmt.Sprintf("I1%d.%d", i, j), Display: "Heart disease"}, Date: entry.Date, Encounter: fmt.Sprint("p", i)}})
		}
		p.Procedures = append(p.Procedures, seed.Procedure{Entry: seed.Entry{Code: seed.Code{System: clinical.OPCS4,
			Code: fmt.Sprint("U2", i), Display: "Diagnostic echocardiography"}, Date: entry.Date, Encounter: fmt.Sprint("p", i)}})
	}
	return p
}
