package openehr_test

import (
	"net/http"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/openehr"
)

// FuzzReply demands that whatever a server answers is either rows of the form asked for, or a fault.
func FuzzReply(f *testing.F) {
	for _, body := range []string{`{"rows": []}`, `{"rows": [["id", "9990000018", true, "c1", null, "2026", null, {"_type": "DV_TEXT", "value": "x"}]]}`,
		`{"rows": [[{}, {}, {}, {}, {}, {}, {}, {}]]}`, `{"rows": [["id", "9990000018", "no", "c", 1e99, [], false, {"_type": "DV_QUANTITY", "magnitude": {}}]]}`, `[`, ``} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		c := newClinic(t, openehr.Options{})
		c.spoil = func(w http.ResponseWriter, _ string) bool { _, _ = w.Write(body); return true }
		part := everything(clinical.KindAlert, patient, "date", "note", "recorded")
		answer, err := c.source.Fetch(t.Context(), sources.Query{Parts: []sources.Part{part}})
		if err != nil {
			return
		}
		for _, record := range answer.Parts[0].Records {
			if record.About().ID == "" {
				t.Error("a record without an id")
			}
		}
	})
}
