package check

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"onelondon/internal/clinical"
)

// codes checks the code lists of the categories, because a mistyped code has no effect and would go unnoticed.
func (r *run) codes() {
	if r.inspection == nil {
		r.notRun(StepCodes, "codes")
		return
	}
	const file = "data/categories.yaml"
	source, _ := fs.ReadFile(r.files, file) // an unreadable file does not compile
	table, _ := r.inspection.Tables()["categories"].(map[string]any)
	seen := 0
	for _, category := range slices.Sorted(maps.Keys(table)) {
		entry, _ := table[category].(map[string]any)
		systems, _ := entry["codes"].(map[string]any)
		for _, system := range slices.Sorted(maps.Keys(systems)) {
			codes, _ := systems[system].(map[string]any)
			for _, code := range slices.Sorted(maps.Keys(codes)) {
				seen++
				if snomed(clinical.CodeSystem(system)) && !verhoeff(code) {
					r.find(StepCodes, file, lineWith(source, code), fmt.Sprintf("%s code %s of %s has a wrong check digit", system, code, category),
						"compare it with the terminology; a digit is mistyped, or two are exchanged")
				}
			}
		}
	}
	r.terminologies()
	seen += r.listed()
	r.count(StepCodes, seen, fmt.Sprintf("codes of %d categories", len(table)))
}

func snomed(system clinical.CodeSystem) bool {
	return system == clinical.SNOMED || system == clinical.DMD
}

// lineWith is the first line of source that contains text; 0 if none does.
func lineWith(source []byte, text string) int {
	for i, line := range strings.Split(string(source), "\n") {
		if strings.Contains(line, text) {
			return i + 1
		}
	}
	return 0
}

// The tables of Verhoeff's check digit, with which every SNOMED CT identifier ends (SNOMED CT Release File
// Specifications, "Check-digit computation"): multiplication in the dihedral group D5, and the permutation for each
// place.
var (
	dihedral = [10][10]uint8{
		{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 3, 4, 0, 6, 7, 8, 9, 5}, {2, 3, 4, 0, 1, 7, 8, 9, 5, 6}, {3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
		{4, 0, 1, 2, 3, 9, 5, 6, 7, 8}, {5, 9, 8, 7, 6, 0, 4, 3, 2, 1}, {6, 5, 9, 8, 7, 1, 0, 4, 3, 2}, {7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
		{8, 7, 6, 5, 9, 3, 2, 1, 0, 4}, {9, 8, 7, 6, 5, 4, 3, 2, 1, 0},
	}
	permuted = [8][10]uint8{
		{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 5, 7, 6, 2, 8, 3, 0, 9, 4}, {5, 8, 0, 3, 7, 9, 6, 1, 4, 2}, {8, 9, 1, 6, 0, 4, 3, 5, 2, 7},
		{9, 4, 5, 3, 1, 2, 6, 8, 7, 0}, {4, 2, 8, 6, 5, 7, 3, 9, 0, 1}, {2, 7, 9, 3, 8, 0, 6, 4, 1, 5}, {7, 0, 4, 6, 9, 1, 3, 2, 5, 8},
	}
)

// verhoeff reports whether the last digit of code is the check digit of those before it.
func verhoeff(code string) bool {
	check := uint8(0)
	for i := range len(code) {
		digit := code[len(code)-1-i] - '0'
		if digit > 9 {
			return false
		}
		check = dihedral[check][permuted[i%8][digit]]
	}
	return check == 0 && code != ""
}
