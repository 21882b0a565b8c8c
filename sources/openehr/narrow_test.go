package openehr_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/openehr"
	"onelondon/sources/openehr/ehrstore"
)

func withCode(code string) object {
	return ehrstore.Element("at0003", "code", ehrstore.Coded("local", code, "T"))
}

func sealed(yes bool) object { return ehrstore.Element("at0009", "sealed", ehrstore.Boolean(yes)) }

// crowded has forty alerts of forty codes, and one composition in which x is not sealed beside a y that is.
func crowded(t *testing.T, options openehr.Options) *clinic {
	t.Helper()
	c := newClinic(t, options)
	for i := range 40 {
		c.commit(t, report(alert([]string{fmt.Sprint("n", i)}, withCode(fmt.Sprint("c", i)))))
	}
	c.commit(t, report(alert([]string{"one"}, withCode("x"), sealed(false)), alert([]string{"two"}, withCode("y"), sealed(true))))
	return c
}

func forCodes(codes ...clinical.Text) sources.Part {
	part := everything(clinical.KindAlert, patient, "note", "code")
	for _, code := range codes {
		part.Filter.Codes = append(part.Filter.Codes, sources.Code{System: clinical.LocalCode, Code: code})
	}
	return part
}

func TestOfManyRowsTheServerSaysFirstWhichRecordsHaveTheCodes(t *testing.T) {
	c := crowded(t, openehr.Options{Whole: 5})
	records := c.fetch(t, forCodes("c7", "x")).Records
	if len(records) != 2 || len(c.asked) != 3 {
		t.Fatalf("%d records, asked %q", len(records), c.asked)
	}
	const from = ` FROM EHR e CONTAINS VERSION v[LATEST_VERSION] CONTAINS COMPOSITION c[openEHR-EHR-COMPOSITION.report.v1] CONTAINS EVALUATION a[openEHR-EHR-EVALUATION.alert.v1] WHERE `
	const person, code = "e/ehr_status/subject/external_ref/id/value = $p0", "a/data[at0001]/items[at0003]/value/defining_code/code_string matches {$p1, $p2}"
	for i, want := range []string{from + "(" + person + ") LIMIT 6", "SELECT c/uid/value" + from + "(" + person + " AND " + code + ") LIMIT 20001",
		from + "(" + person + " AND c/uid/value matches {$p1, $p2}) LIMIT 20001"} {
		if !strings.HasSuffix(c.asked[i], want) {
			t.Errorf("asked\n%s\nwant\n%s", c.asked[i], want)
		}
	}
	for _, record := range records {
		meta := record.About()
		if withheld, known := meta.Labels.Value(clinical.LabelSealed); meta.Code.Code == "x" && (!known || !withheld) {
			t.Error("a row that was not asked for seals its record no more")
		}
	}
}

func TestFewRowsAreReadAsTheyAre(t *testing.T) {
	c := crowded(t, openehr.Options{})
	if records := c.fetch(t, forCodes("x")).Records; len(records) != 1 || len(c.asked) != 1 || strings.Contains(c.asked[0], "$p1") {
		t.Errorf("%d records, asked %q", len(records), c.asked)
	}
}

func TestWhatAServerCannotBeToldIsReadAndDecidedHere(t *testing.T) {
	for name, part := range map[string]sources.Part{"a code with a sign": forCodes("c%")} {
		t.Run(name, func(t *testing.T) {
			c := crowded(t, openehr.Options{Whole: 5})
			if c.fetch(t, part); len(c.asked) != 1 || strings.Contains(c.asked[0], "$p1") {
				t.Errorf("asked %q", c.asked)
			}
		})
	}
}

func TestAServerThatRefusesToNarrowIsAskedForEverything(t *testing.T) {
	c := crowded(t, openehr.Options{Whole: 5})
	c.spoil = func(w http.ResponseWriter, query string) bool {
		if strings.Contains(query, "SELECT c/uid/value FROM") {
			w.WriteHeader(http.StatusBadRequest)
			return true
		}
		return false
	}
	for range 2 {
		if records := c.fetch(t, forCodes("x")).Records; len(records) != 1 {
			t.Errorf("%d records", len(records))
		}
	}
	if len(c.asked) != 4 { // few, which, all; and then all at once
		t.Errorf("asked %d times: %q", len(c.asked), c.asked)
	}
}

// TestBoundsAreToldAndLoseNothing holds bounds against dates of every precision and zone, of a composition and of an element: what is sent
// with bounds and read again here is what is read of everything.
func TestBoundsAreToldAndLoseNothing(t *testing.T) {
	c := newClinic(t, openehr.Options{Whole: 1})
	wide := open(t, c.base, alertsYAML, openehr.Options{Wide: true})
	for _, start := range []string{"2026", "2026-03", "2026-03-01", "2026-03-01T00:00:00Z", "2026-03-01T00:30:00+14:00", "2026-02-28T12:30:00-12:00", "2026-02-28T23:59:59.5Z",
		"2025-12-31T23:30:00-01:00", "2027-01-01T00:00:00+13:00", "2026-06-30T23:30:00Z", "2026-07-01", "2025"} {
		composition := ehrstore.Composition{Archetype: reportArchetype, Template: "t", Name: "Report", Composer: "x", Start: start, Content: []object{
			entry("openEHR-EHR-EVALUATION.value.v1", ehrstore.Element("at0002", "value", object{"_type": "DV_COUNT", "magnitude": 1}))}}
		c.commit(t, composition.Object())
		c.commit(t, report(alert([]string{start}, ehrstore.Element("at0002", "date", ehrstore.DateTime(start)))))
		c.commit(t, report(alert([]string{start}, ehrstore.Element("at0002", "date", ehrstore.Text(" "+start)))))
	}
	bounds := []string{"", "2025-12-31", "2026-01-01", "2026-02-28", "2026-03-01", "2026-03-01T00:30:00", "2026-03-02", "2026-06-30", "2026-07-01", "2026-12-31T11:00:00"}
	for kind, compared := range map[clinical.Kind]string{clinical.KindObservation: "c/context/start_time/value", clinical.KindAlert: "a/data[at0001]/items[at0002]/value/value"} {
		told := 0
		for _, from := range bounds {
			for _, until := range bounds {
				part := everything(kind, patient)
				part.Filter.From, _ = clinical.ParseDateTime(from)
				part.Filter.Until, _ = clinical.ParseDateTime(until)
				want, err := wide.Fetch(t.Context(), sources.Query{Parts: []sources.Part{part}})
				if err != nil {
					t.Fatal(err)
				}
				c.forget()
				got := c.fetch(t, part)
				if diff := cmp.Diff(idsOf(want.Parts[0].Records), idsOf(got.Records)); diff != "" {
					t.Errorf("%s from %s until %s (-all +told): %s", kind, from, until, diff)
				}
				if asked := strings.Join(c.asked, "\n"); strings.Contains(asked, compared+" >= ") || strings.Contains(asked, compared+" < ") {
					told++
				}
			}
		}
		if told != len(bounds)*len(bounds)-1 {
			t.Errorf("%s: the server was told %d times", kind, told)
		}
	}
}

func idsOf(records []clinical.Record) []string {
	ids := make([]string, len(records))
	for i, record := range records {
		ids[i] = string(record.About().ID) + " " + record.About().Date.String()
	}
	return ids
}
