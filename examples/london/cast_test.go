package london_test

import (
	"testing"

	"onelondon/examples/london"
	"onelondon/examples/london/seed"
	"onelondon/internal/clinical"
)

// holdings are what each source holds of one NHS number.
func holdings(population *london.Population, number clinical.NHSNumber) map[string][]*seed.Person {
	found := map[string][]*seed.Person{}
	for source, held := range population.Held {
		for _, person := range held {
			if person.NHSNumber == number.Reveal() {
				found[source] = append(found[source], person)
			}
		}
	}
	return found
}

func TestEverybodyHasAValidNHSNumberOfTheirOwn(t *testing.T) {
	population := london.Imagine(london.Options{People: 3000})
	births := map[string]string{}
	for _, held := range population.Held {
		for _, person := range held {
			if _, err := clinical.ParseNHSNumber(person.NHSNumber); err != nil || person.NHSNumber[:3] != "999" {
				t.Fatalf("NHS number %s: %v", person.NHSNumber, err)
			}
			name := person.FamilyName + person.GivenName
			if known, ok := births[person.NHSNumber]; ok && known != name {
				t.Fatalf("two people share an NHS number: %s and %s", known, name)
			}
			births[person.NHSNumber] = name
		}
	}
	// One of them has a former number too.
	if got, want := len(births), 3001; got != want {
		t.Errorf("there are %d NHS numbers, want %d", got, want)
	}
}

func TestTheHeroineIsKnownToFourSystemsWithSomethingOfEveryKind(t *testing.T) {
	population := london.Imagine(london.Options{People: 20})
	found := holdings(population, population.Cast.Heroine.NHSNumber)
	if len(found) != 4 {
		t.Fatalf("she is known to %d systems", len(found))
	}
	held := map[string]int{}
	drugs := map[string]map[string]bool{}
	for source, people := range found {
		for _, p := range people {
			for kind, count := range map[string]int{"encounters": len(p.Encounters), "conditions": len(p.Conditions),
				"medications": len(p.Medications), "observations": len(p.Observed), "procedures": len(p.Procedures),
				"immunisations": len(p.Vaccines), "allergies": len(p.Allergies), "appointments": len(p.Bookings),
				"referrals": len(p.Referrals), "documents": len(p.Documents), "alerts": len(p.Alerts), "contacts": len(p.Contacts),
				"care plans": len(p.CarePlans)} {
				held[kind] += count
			}
			for _, m := range p.Medications {
				if drugs[m.Code.Code] == nil {
					drugs[m.Code.Code] = map[string]bool{}
				}
				drugs[m.Code.Code][source] = true
			}
		}
	}
	for kind, count := range held {
		if count == 0 {
			t.Errorf("she has no %s", kind)
		}
	}
	twice := false
	for _, where := range drugs {
		twice = twice || len(where) > 1
	}
	if !twice {
		t.Error("no drug of hers is known to two systems")
	}
}

// everywhere lists what all sources hold of one NHS number.
func everywhere(population *london.Population, number clinical.NHSNumber) []*seed.Person {
	var people []*seed.Person
	for _, held := range holdings(population, number) {
		people = append(people, held...)
	}
	return people
}

// promise is what the cast's description promises of one of them.
type promise struct {
	who  string
	of   clinical.NHSNumber
	kept func(people []*seed.Person) bool
}

func promises(population *london.Population) []promise {
	cast := population.Cast
	return []promise{
		{"everything of the S-flagged person carries the flag", cast.SFlagged.NHSNumber, func(people []*seed.Person) bool {
			return len(people) == 2 && people[0].Sensitive && people[1].Sensitive
		}},
		{"the objector is known to two systems", cast.Objector.NHSNumber, func(people []*seed.Person) bool { return len(people) == 2 }},
		{"one system holds an allergy, another that there is none", cast.Conflict.NHSNumber, func(people []*seed.Person) bool {
			codes := map[string]bool{}
			for _, p := range people {
				for _, a := range p.Allergies {
					codes[a.Code.Code] = true
				}
			}
			return codes["91936005"] && codes["716186003"]
		}},
		{"two birth dates are known", cast.Disputed.NHSNumber, func(people []*seed.Person) bool {
			return len(people) == 2 && people[0].Birth != people[1].Birth
		}},
		{"the one with two identifiers has them in one trust", cast.Twofold.NHSNumber, func([]*seed.Person) bool {
			return len(holdings(population, cast.Twofold.NHSNumber)["barts-millennium"]) == 2
		}},
		{"the mover has an ended and a current registration", cast.Moved.NHSNumber, func(people []*seed.Person) bool {
			return len(people) == 2 && people[0].Deducted.IsZero() != people[1].Deducted.IsZero()
		}},
		{"sealed records are there", cast.Sealed.NHSNumber, func(people []*seed.Person) bool {
			last := people[0].Conditions[len(people[0].Conditions)-1]
			return last.Sealed && people[0].Encounters[len(people[0].Encounters)-1].Sealed
		}},
		{"the retired number and the current one are two holdings", cast.Former, func(people []*seed.Person) bool {
			return len(people) == 1 && len(everywhere(population, cast.Retired.NHSNumber)) == 1 && cast.Former != cast.Retired.NHSNumber
		}},
		{"a test patient is one everywhere", cast.Test.NHSNumber, func(people []*seed.Person) bool {
			return len(people) == 2 && people[0].Test && people[1].Test
		}},
		{"the mistaken registration is deleted", cast.Deleted.NHSNumber, func(people []*seed.Person) bool {
			return len(people) == 1 && people[0].Deleted
		}},
	}
}

func TestTheCastIsAsPromised(t *testing.T) {
	population := london.Imagine(london.Options{People: 20})
	for _, promise := range promises(population) {
		t.Run(promise.who, func(t *testing.T) {
			if !promise.kept(everywhere(population, promise.of)) {
				t.Error("it is not so")
			}
		})
	}
	if got, want := len(population.Cast.Characters()), 12; got != want {
		t.Errorf("the cast has %d people, want %d", got, want)
	}
}

func TestUndatedProblemsKeepWhatIsKnownOfTheirDates(t *testing.T) {
	population := london.Imagine(london.Options{People: 20})
	var precisions []clinical.Precision
	for _, condition := range holdings(population, population.Cast.Undated.NHSNumber)["emis-nel"][0].Conditions {
		precisions = append(precisions, condition.Date.Precision())
	}
	want := []clinical.Precision{clinical.PrecisionYear, clinical.PrecisionMonth, clinical.PrecisionNone}
	for i := range want {
		if precisions[i] != want[i] {
			t.Errorf("problem %d has precision %d, want %d", i, precisions[i], want[i])
		}
	}
}
