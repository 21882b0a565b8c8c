package codelist

import (
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
)

// Expand gives every code that the listed ones mean, sorted and each once: those of a classification with what lies beneath
// them, all others alone. See the package's documentation.
func Expand(listed []cohort.CodelistEntry) []cohort.CodelistEntry {
	var all []cohort.CodelistEntry
	for _, entry := range listed {
		if entry.System != clinical.ICD10 && entry.System != clinical.OPCS4 {
			all = append(all, entry)
			continue
		}
		for _, code := range beneath(entry.System, strings.ReplaceAll(string(entry.Code), ".", "")) {
			all = append(all, cohort.CodelistEntry{System: entry.System, Code: clinical.Text(code)})
			if len(code) > 3 && !strings.HasSuffix(code, "X") {
				all = append(all, cohort.CodelistEntry{System: entry.System, Code: clinical.Text(code[:3] + "." + code[3:])})
			}
		}
		all = append(all, entry)
	}
	return unique(all)
}

// beneath lists a code of a classification and those beneath it, all without their dot.
func beneath(system clinical.CodeSystem, code string) []string {
	codes := []string{code}
	if strings.HasSuffix(code, "X") {
		return codes
	}
	switch len(code) {
	case 3:
		if system == clinical.ICD10 {
			codes = append(codes, code+"X")
		}
		for digit := range 10 {
			codes = append(codes, beneath(system, code+string(rune('0'+digit)))...)
		}
	case 4:
		if system == clinical.ICD10 && strings.ContainsRune("MSTVWXY", rune(code[0])) {
			for digit := range 10 {
				codes = append(codes, code+string(rune('0'+digit)))
			}
		}
	}
	return codes
}

// unique sorts codes and drops repetitions.
func unique(codes []cohort.CodelistEntry) []cohort.CodelistEntry {
	slices.SortFunc(codes, func(a, b cohort.CodelistEntry) int {
		if a.System != b.System {
			return strings.Compare(string(a.System), string(b.System))
		}
		return strings.Compare(string(a.Code), string(b.Code))
	})
	return slices.Compact(codes)
}
