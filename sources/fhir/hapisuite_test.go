package fhir_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/fhir"
	"onelondon/sources/sourcetest"
)

// legal is the sample with nothing that FHIR forbids: ids of letters and digits, codes without blanks at an end, times to the second. Every
// record says when it was recorded, since a real server would say when it took it.
func legal() sourcetest.Dataset {
	data := sourcetest.Sample()
	for _, person := range data.People {
		for _, record := range person.Records {
			meta := record.About()
			meta.ID = legalID(meta.ID)
			descriptor := record.Kind().Descriptor()
			for i := range descriptor.Fields {
				switch into := descriptor.Fields[i].In(record).Addr().Interface().(type) {
				case *clinical.DateTime:
					*into = legalDate(*into, record)
				case *clinical.Concept:
					into.Code = clinical.Text(strings.TrimRight(string(into.Code), " "))
					for j := range into.Translations {
						into.Translations[j].Code = clinical.Text(strings.TrimRight(string(into.Translations[j].Code), " "))
					}
				case *clinical.Text:
					if name := descriptor.Fields[i].Name; strings.HasSuffix(name, "Id") {
						*into = legalID(*into)
					}
				}
			}
			if meta.Recorded.IsZero() {
				meta.Recorded, _ = clinical.ParseDateTime("2001-02-03T04:05:06")
			}
		}
	}
	return data
}

// legalID keeps empty what is, and tells apart what differs.
func legalID(id clinical.Text) clinical.Text {
	if id == "" {
		return ""
	}
	return clinical.Text(fmt.Sprintf("i%x", string(id)))
}

// legalDate is a time to the second where it has a time, and where FHIR wants an instant.
func legalDate(date clinical.DateTime, record clinical.Record) clinical.DateTime {
	instant := record.Kind() == clinical.KindAppointment || record.Kind() == clinical.KindDocument
	if date.Precision() == clinical.PrecisionMinute || instant && !date.IsZero() {
		return clinical.NewDateTime(date.At(), clinical.PrecisionSecond)
	}
	return date
}

// bound are the fields that FHIR binds to value sets or shapes which the sample's values are not in.
func bound() []string {
	return []string{"status", "class", "minutes", "expiry", "birthDate", "gender", "intent", "priority", "category", "severity", "comparator", "booked", "recorded", "valueText"}
}

// aged is the driver over a server whose clock says when it took the records.
type aged struct {
	*fhir.Source
	data sourcetest.Dataset
}

// Watermark is the data's, once the server's has been seen to be of the last hour.
func (a aged) Watermark(ctx context.Context) (clinical.DateTime, error) {
	at, err := a.Source.Watermark(ctx)
	if err != nil || time.Since(at.At()).Abs() > 2*time.Hour { // London's summer time is an hour away
		return at, err
	}
	return a.data.Memory().Watermark(ctx)
}

func TestHAPIPassesTheConformanceSuite(t *testing.T) {
	data := legal()
	base := testkit.HAPI(t)
	all := resourcesOf(data, bound()...)
	for chunk := range slices.Chunk(all, 300) {
		load(t, base, chunk...)
	}
	source := openAt(t, base, fhir.Options{})
	if !testkit.Proving() {
		sameAs(t, source, data, 100)
		return
	}
	sourcetest.RunOver(t, data, func(*testing.T, sourcetest.Dataset) sources.Source { return aged{source, data} })
}
