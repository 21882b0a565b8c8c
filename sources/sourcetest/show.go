package sourcetest

import (
	"fmt"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// Show prints a record with every field; two records are equal if their lines are.
func Show(record clinical.Record) string {
	meta := record.About()
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s/%q of %q %q", record.Kind(), meta.Source, meta.ID, meta.Organisation.Code, meta.Organisation.Name)
	for _, label := range clinical.Labels() {
		set, known := meta.Labels.Value(label)
		if known {
			fmt.Fprintf(&b, " %s=%v", label, set)
		}
	}
	descriptor := record.Kind().Descriptor()
	for i := range descriptor.Fields {
		field := &descriptor.Fields[i]
		if value := field.In(record); !value.IsZero() {
			fmt.Fprintf(&b, " %s=%q", field.Name, fmt.Sprint(value.Interface()))
		}
	}
	return b.String()
}

// showPart writes a part of an answer, one record a line.
func showPart(part sources.PartAnswer) []string {
	lines := make([]string, 0, len(part.Records)+1)
	for _, record := range part.Records {
		lines = append(lines, Show(record))
	}
	if part.Rejected > 0 {
		lines = append(lines, fmt.Sprintf("%d rejected", part.Rejected))
	}
	if part.Truncated {
		lines = append(lines, "truncated")
	}
	return lines
}
