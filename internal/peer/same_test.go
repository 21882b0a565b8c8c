package peer_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"onelondon/examples/london/trial"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/internal/consent"
	"onelondon/internal/gate"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/sourcetest"
)

// The suite's people under the shipped policy: whoever asks through another OneLondon is given what they are given here, record by
// record and field by field, and nothing else.
func TestWhatIsHandedOnIsWhatTheCallerIsShownHere(t *testing.T) {
	data := sourcetest.Sample()
	for i := range data.People {
		for n, record := range data.People[i].Records { // where nobody says that it is not sealed, next to nothing is shown
			if meta := record.About(); n%5 > 0 {
				meta.Labels.Put(clinical.LabelSealed, false)
				meta.Labels.Put(clinical.LabelThirdParty, n%7 == 0)
			}
		}
	}
	house := trial.Open(t, trial.Options{Pace: time.Millisecond, Entries: []sources.Entry{{Source: data.Memory(), Spec: sources.Spec{ID: data.Source, Name: "Sample"}}}})
	for i, category := range []clinical.Label{clinical.LabelMentalHealth, clinical.LabelHIV} {
		if _, err := house.Register.Record(t.Context(), consent.Directive{Person: data.Numbers()[i], Authority: consent.Self, RecordedBy: "they", At: time.Now(),
			About: consent.Choice{Preference: consent.Preference{Effect: consent.Deny, Category: category, Party: consent.Anyone}}}); err != nil {
			t.Fatal(err)
		}
	}
	authority := testkit.NewAuthority(t)
	entry := under(t, house, authority, "nel", "london", authority.Issue("london"), nil)
	shown, withheld := 0, 0
	for name, caller := range map[string]auth.Caller{
		"a GP of the organisation":   {ID: "1", Role: "R0260", Organisation: "R1H", Purpose: "TREAT", RequestID: "r1"},
		"a GP of another":            {ID: "2", Role: "R0260", Organisation: "Y99999", Purpose: "TREAT", RequestID: "r2"},
		"a receptionist":             {ID: "3", Role: "R1730", Organisation: "R1H", Purpose: "TREAT", RequestID: "r3"},
		"a receptionist elsewhere":   {ID: "4", Role: "R1730", Organisation: "Y99999", Purpose: "TREAT", RequestID: "r4"},
		"somebody in no role known":  {ID: "5", Role: "R9999", Organisation: "R1H", Purpose: "TREAT", RequestID: "r5"},
		"the person of the sample":   {ID: "6", Citizen: true, Person: data.Numbers()[0], Purpose: "PATRQT", RequestID: "r6"},
		"a GP for another's purpose": {ID: "7", Role: "R0260", Organisation: "R1H", Purpose: "PATRQT", RequestID: "r7"},
	} {
		for _, person := range data.Numbers() {
			here, there := shownHere(t, house, caller, person), handedOn(t, entry.Source, caller, person)
			if !slices.Equal(here, there) {
				t.Fatalf("%s, %s:\nhere  %s\nthere %s", name, person.Reveal(), strings.Join(here, "\n"), strings.Join(there, "\n"))
			}
			shown += len(here)
			withheld += map[bool]int{true: 1}[len(here) == 0]
		}
	}
	if shown < 100 || withheld < 5 {
		t.Errorf("%d records are shown, and nothing %d times: that proves little", shown, withheld)
	}
}

// claim is what every caller says, so that a relationship is no question of the sample.
const claim = "Brought in by ambulance"

// shownHere is what a caller is shown of every kind, records that were merged by themselves, in any order.
func shownHere(t *testing.T, house *trial.House, caller auth.Caller, person clinical.NHSNumber) []string {
	t.Helper()
	answer := ask(t, house, caller, gate.Question{Person: person, ClaimedRelationship: claim, Lists: lists(clinical.Kinds()...)})
	if answer == nil {
		return nil
	}
	var all []string
	for _, page := range answer.Pages {
		for _, record := range page.Records {
			for _, each := range append([]clinical.Record{record}, record.About().Others()...) {
				all = append(all, written(each, ""))
			}
		}
	}
	slices.Sort(all)
	return all
}

func handedOn(t *testing.T, source sources.Source, caller auth.Caller, person clinical.NHSNumber) []string {
	t.Helper()
	query := sources.Query{Caller: sources.Caller{ID: caller.ID, Role: caller.Role, Organisation: caller.Organisation, Citizen: caller.Citizen,
		Person: caller.Person, Purpose: caller.Purpose, RequestID: caller.RequestID},
		People: []sources.Standing{{Numbers: []clinical.NHSNumber{person}, Claimed: claim}}}
	for _, kind := range clinical.Kinds() {
		query.Parts = append(query.Parts, sources.Part{Kind: kind, Person: person, Fields: kind.Descriptor().All(), Condition: condition.Always(), Limit: 100})
	}
	answer, err := source.Fetch(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, part := range answer.Parts {
		for _, record := range part.Records {
			all = append(all, written(record, string(sourcetest.SampleSource)+"!"))
		}
	}
	slices.Sort(all)
	return all
}

// written is a record in every field, with a prefix taken off identifiers.
func written(record clinical.Record, prefix string) string {
	var b strings.Builder
	meta, descriptor := record.About(), record.Kind().Descriptor()
	fmt.Fprintf(&b, "%s %q %q", record.Kind(), strings.TrimPrefix(string(meta.ID), prefix), meta.Organisation)
	for i := range descriptor.Fields {
		if field := &descriptor.Fields[i]; !field.In(record).IsZero() {
			value := string(field.AppendTo(nil, record))
			if field.Refers() {
				value = strings.TrimPrefix(value, prefix)
			}
			fmt.Fprintf(&b, " %s=%q", field.Name, value)
		}
	}
	return b.String()
}
