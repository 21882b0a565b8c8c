package leaks_test

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"onelondon/internal/clinical"
)

// A mark is a text, a number or a moment that stands in one field of one record in the world.

func mark(record int, field string) string { return fmt.Sprintf("zq%d_%s_", record, field) }

func decimal(record, field int) string { return fmt.Sprintf("3.13579%05d%02d", record, field) }

func moment(record, field int) clinical.DateTime {
	at := time.Date(1971, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(record*64+field) * 307 * time.Second)
	return clinical.NewDateTime(at, clinical.PrecisionSecond)
}

// scanner finds marks in texts.
type scanner struct{ marks, hidden *regexp.Regexp }

// newScanner knows the names of all fields, so that what is random is not taken for a mark.
func newScanner() scanner {
	fields := []string{"id"}
	for _, kind := range clinical.Kinds() {
		for i := range kind.Descriptor().Fields {
			fields = append(fields, regexp.QuoteMeta(kind.Descriptor().Fields[i].Name))
		}
	}
	return scanner{regexp.MustCompile(`zq\d+_(?:` + strings.Join(fields, "|") + `)_|3\.13579\d{7}|(?:19[789]\d|20[012]\d)-\d\d-\d\dT\d\d:\d\d:\d\d`),
		regexp.MustCompile(`[A-Za-z0-9+/_-]{16,}`)}
}

// find lists the marks in a text, those that are only written in base64 among them.
func (s scanner) find(text string) map[string]bool {
	found := map[string]bool{}
	add := func(text string) {
		for _, m := range s.marks.FindAllString(text, -1) {
			found[m] = true
		}
	}
	add(text)
	for _, word := range s.hidden.FindAllString(text, -1) {
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			if plain, err := encoding.DecodeString(strings.TrimRight(word, "=")); err == nil {
				add(string(plain))
			}
		}
	}
	return found
}

// ties are the fields in which a record names others.
func ties() []string { return []string{"encounterId", "problemId", "appointmentId", "planId"} }

// of lists the marks of a record's fields, but for those that are masked, and for the names of other records. The identity of
// a record is never masked.
func (s scanner) of(record clinical.Record, masked clinical.FieldSet) map[string]bool {
	all := s.find(string(record.About().ID))
	for i := range record.Kind().Descriptor().Fields {
		field := &record.Kind().Descriptor().Fields[i]
		if masked.Has(field.Bit) || slices.Contains(ties(), field.Name) {
			continue
		}
		for m := range s.find(string(field.AppendTo(nil, record))) {
			all[m] = true
		}
		if field.Type == clinical.TypeDateTime {
			for m := range s.find(fmt.Sprint(field.In(record).Interface())) {
				all[m] = true
			}
		}
	}
	return all
}
