package adversary_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"onelondon/examples/london/trial"
	"onelondon/internal/clinical"
)

// lists are all lists of a person.
func lists() []string {
	return []string{"allergies", "conditions", "medications", "observations", "diagnosticReports", "encounters", "procedures",
		"immunisations", "appointments", "referrals", "documents", "alerts", "contacts", "carePlans"}
}

// chartQuery asks for everything about one person.
func chartQuery(first int) string {
	var b strings.Builder
	b.WriteString(`query Chart($n: NHSNumber!) { patient(nhsNumber: $n) { nhsNumber demographics { familyName givenName address postcode telephone }
		registrations { familyName provenance { source } } warnings { kind message } sources { source outcome rejected }
		receipt { requestId withheldKinds reasons relationship } `)
	for _, list := range lists() {
		fmt.Fprintf(&b, `%s(first: %d) { nodes { contributors { id date note author code { code display text } provenance { source localId } } }
			pageInfo { hasNextPage endCursor } conflicts { message } sources { source outcome records rejected } } `, list, first)
	}
	return b.String() + "} }"
}

// answer is a chart as it is read back.
type answer struct {
	Data struct {
		Patient *struct {
			NHSNumber     string
			Demographics  *struct{ FamilyName *string }
			Registrations []struct {
				Provenance struct{ Source clinical.SourceID }
			}
			Warnings []struct{ Kind string }
			Sources  []line
			Receipt  struct {
				WithheldKinds []string
				Relationship  string
			}
			Lists map[string]list
		}
	}
	Errors []struct {
		Message    string
		Extensions map[string]any
	}
}

type list struct {
	Nodes    []struct{ Contributors []record }
	PageInfo struct {
		HasNextPage bool
		EndCursor   *string
	}
	Conflicts []struct{ Message string }
	Sources   []line
}

type line struct {
	Source   clinical.SourceID
	Outcome  string
	Records  int
	Rejected int
}

type record struct {
	ID         string
	Date       *string
	Note       *string
	Code       *struct{ Code, Display, Text *string }
	Provenance struct {
		Source  clinical.SourceID
		LocalID string
	}
}

// read decodes a chart.
func read(t *testing.T, reply trial.Reply) answer {
	t.Helper()
	var a answer
	if err := json.Unmarshal([]byte(reply.Body), &a); err != nil {
		t.Fatalf("status %d: %v: %.300s", reply.Status, err, reply.Body)
	}
	if a.Data.Patient == nil {
		return a
	}
	var raw struct {
		Data struct{ Patient map[string]json.RawMessage }
	}
	if err := json.Unmarshal([]byte(reply.Body), &raw); err != nil {
		t.Fatal(err)
	}
	a.Data.Patient.Lists = map[string]list{}
	for _, name := range lists() {
		var l list
		if there, ok := raw.Data.Patient[name]; ok {
			if err := json.Unmarshal(there, &l); err != nil {
				t.Fatal(err)
			}
			a.Data.Patient.Lists[name] = l
		}
	}
	return a
}

// chart asks for everything about a person who must be shown.
func chart(t *testing.T, h *trial.House, token string, number clinical.NHSNumber) (answer, trial.Reply) {
	t.Helper()
	reply := h.Ask(t, token, chartQuery(100), map[string]any{"n": number.Reveal()})
	a := read(t, reply)
	if reply.Status != http.StatusOK || len(a.Errors) > 0 || a.Data.Patient == nil {
		t.Fatalf("status %d: %.600s", reply.Status, reply.Body)
	}
	return a, reply
}

// held lists every record of an answer as list, source and id.
func (a answer) held() map[clinical.SourceID][]string {
	found := map[clinical.SourceID][]string{}
	for name, l := range a.Data.Patient.Lists {
		for _, node := range l.Nodes {
			for _, r := range node.Contributors {
				found[r.Provenance.Source] = append(found[r.Provenance.Source], name+" "+r.Provenance.LocalID)
			}
		}
	}
	for _, ids := range found {
		slices.Sort(ids)
	}
	return found
}

// outcomes are the different things that one source's lines say.
func (a answer) outcomes(source clinical.SourceID) []string {
	said := map[string]bool{}
	for _, l := range a.Data.Patient.Lists {
		for _, each := range l.Sources {
			if each.Source == source {
				said[each.Outcome] = true
			}
		}
	}
	var all []string
	for outcome := range said {
		all = append(all, outcome)
	}
	slices.Sort(all)
	return all
}
