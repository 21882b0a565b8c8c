package openehr_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/openehr"
	"onelondon/sources/openehr/adl"
	"onelondon/sources/sourcetest"
)

// server is a running openEHR server, as whoever fills it sees it.
type server struct{ base string }

var asking = &http.Client{Timeout: time.Minute}

// send sends a request and returns the id that the reply names.
func (s *server) send(method, path, contentType string, body []byte, header ...string) (id string, err error) {
	sent, err := http.NewRequest(method, s.base+"/v1/"+path, bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	sent.Header.Set("Content-Type", contentType)
	for i := 0; i < len(header); i += 2 {
		sent.Header.Set(header[i], header[i+1])
	}
	reply, err := asking.Do(sent)
	if err != nil {
		return "", err
	}
	defer reply.Body.Close()
	if reply.StatusCode/100 != 2 {
		said, _ := io.ReadAll(io.LimitReader(reply.Body, 2000))
		return "", fmt.Errorf("%s %s: status %d: %s", method, path, reply.StatusCode, said)
	}
	return strings.Trim(reply.Header.Get("ETag"), `"`), nil
}

func (s *server) sendJSON(method, path string, body object, header ...string) (string, error) {
	written, err := json.Marshal(body)
	if err != nil {
		return "", err
	}
	return s.send(method, path, "application/json", written, header...)
}

// CreateEHR makes an EHR.
func (s *server) CreateEHR(status object) (string, error) {
	return s.sendJSON(http.MethodPost, "ehr", status)
}

// Commit stores a composition.
func (s *server) Commit(ehr string, composition object) (string, error) {
	return s.sendJSON(http.MethodPost, "ehr/"+ehr+"/composition", composition)
}

// suiteOPT is the template of the suite's compositions, which lets anything through.
func suiteOPT() []byte {
	category := adl.Object{Type: "DV_CODED_TEXT", Occurs: adl.Interval{Low: 1, High: 1}}
	report := &adl.Archetype{ID: reportArchetype, Terms: map[string]adl.Term{"at0000": {Text: "Report", Description: "Report"}},
		Definition: adl.Object{Type: "COMPOSITION", Node: "at0000", Occurs: adl.Interval{Low: 1, High: 1},
			Attributes: []adl.Attribute{{Name: "category", Children: []adl.Object{category}}}}}
	var entries []adl.Object
	for _, kind := range clinical.Kinds() {
		entries = append(entries, adl.Open(entryArchetype(kind)))
	}
	return adl.OperationalTemplate(suiteTemplate, report, entries...)
}

// seconds is the sample with times to the second: EHRbase writes 10:30 as 10:30:00.
func seconds() sourcetest.Dataset {
	data := sourcetest.Sample()
	for _, person := range data.People {
		for _, record := range person.Records {
			descriptor := record.Kind().Descriptor()
			for i := range descriptor.Fields {
				date, ok := descriptor.Fields[i].In(record).Addr().Interface().(*clinical.DateTime)
				if ok && date.Precision() == clinical.PrecisionMinute {
					*date = clinical.NewDateTime(date.At(), clinical.PrecisionSecond)
				}
			}
		}
	}
	return data
}

func TestEHRbasePassesTheConformanceSuite(t *testing.T) {
	run := sourcetest.RunBriefly
	if testkit.Proving() {
		run = sourcetest.RunOverAs
	}
	run(t, seconds(), sourcetest.Manner{ManyRoundTrips: true}, func(t *testing.T, data sourcetest.Dataset) sources.Source {
		into := &server{testkit.EHRbase(t)}
		if _, err := into.send(http.MethodPost, "definition/template/adl1.4", "application/xml", suiteOPT()); err != nil {
			t.Fatal(err)
		}
		if err := load(into, data); err != nil {
			t.Fatal(err)
		}
		return open(t, into.base, mappingYAML(), openehr.Options{})
	})
}
