package sqlsource_test

import (
	"context"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/sqlite"
	"onelondon/sources/sqlsource"
)

// mixing is a connection that gives one registration, whoever was asked for.
type mixing struct {
	sqlsource.Connection
	number string
}

func (m mixing) Query(_ context.Context, statement *sqlsource.Statement, _ []any, each func([]string) error) (int, error) {
	row := make([]string, statement.Width)
	copy(row, []string{"0", "7", m.number})
	return 1, each(row)
}

// So that whoever checks the answer sees a mix-up.
func TestARegistrationIsWhoseItsRowSaysAndNotWhoseWasAskedFor(t *testing.T) {
	part := everything(t, clinical.KindRegistration)
	part.Fields = 0
	for text, want := range map[string]string{"999 000 0018": "9990000018", "9990000026": "9990000026", "": "", "999 000 0019": ""} {
		source, err := sqlsource.New(sqlsource.Options{ID: "clinic", Mapping: clinicMapping(t)}, sqlite.Dialect(), mixing{number: text})
		if err != nil {
			t.Fatal(err)
		}
		answer, err := source.Fetch(t.Context(), sources.Query{Parts: []sources.Part{part}})
		if err != nil {
			t.Fatal(err)
		}
		got, said := "", answer.Parts[0]
		if len(said.Records) > 0 {
			got = said.Records[0].(*clinical.Registration).NHSNumber.Reveal()
		}
		if got != want || (want == "") != (said.Rejected == 1) {
			t.Errorf("%q: %d registrations, of the number wanted: %v; %d rejected", text, len(said.Records), got == want, said.Rejected)
		}
	}
}
