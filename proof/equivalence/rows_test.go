package equivalence_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"onelondon/internal/clinical"
)

// row is one record as it lies in a database: nil is NULL.
type row struct {
	texts  map[string]*string
	labels map[clinical.Label]*bool
}

// odd are texts that databases take for one another, or that break out of careless SQL.
var odd = []string{"F84010", "f84010", "F84010 ", " F84010", "RYJ", "ryj", "RY", "R1H", "O'X", `a\`, `"`, "é", "e\u0301", "E", "ß", "ss", "%",
	"_", "$1", "?", "720", "0720", "😀", "a' OR 1=1) -- "}

// dice draws rows and parts of rules.
type dice struct{ *rand.Rand }

func throw(seed, stream uint64) dice { return dice{rand.New(rand.NewPCG(seed, stream))} }

func (d dice) of(all ...string) string { return all[d.IntN(len(all))] }

// some is one of all, or nothing: NULL or, just as good, an empty text.
func (d dice) some(all ...string) *string {
	empty := ""
	switch d.IntN(5) {
	case 0:
		return nil
	case 1:
		return &empty
	}
	text := d.of(all...)
	return &text
}

func (d dice) date() string {
	date := fmt.Sprintf("%d-%02d-%02d", 2018+d.IntN(3), 1+d.IntN(2), 1+d.IntN(2))
	return d.of(date[:4], date[:7], date, date+d.of("T", " ")+d.of("00:00", "00:00:00", "00:00:01", "23:59"))
}

// rows draws as many records of every kind as asked for. Codes are what the lists of codes hold, and near misses.
func (d dice) rows(count int, codes []clinical.Coding) []row {
	var known []string
	for _, coding := range codes {
		known = append(known, string(coding.Code), strings.ToLower(string(coding.Code)), string(coding.Code)+" ", string(coding.Code)+"0")
	}
	known = append(known, odd...)
	systems := append(namesOf(clinical.CodeSystems()), "SNOMED_CT", "SNOMED_CT", "snomed_ct", "ICD_10 ")
	all := make([]row, count)
	for i := range all {
		kind := clinical.Kinds()[d.IntN(len(clinical.Kinds()))].String()
		id, happened := fmt.Sprintf("%s%d", d.of("a", "A", "é", "_", "Z"), i), d.date()
		all[i] = row{map[string]*string{"id": &id, "kind": &kind, "happened": &happened, "org": d.some(odd...), "publisher": d.some(odd...),
			"status": d.some(append(namesOf(clinical.Statuses()), "active", "ACTIVE ")...)}, map[clinical.Label]*bool{}}
		if d.IntN(6) == 0 {
			all[i].texts["happened"] = nil
		}
		for _, n := range []string{"0", "1"} {
			all[i].texts["system"+n], all[i].texts["code"+n] = d.some(systems...), d.some(known...)
			if len(codes) > 0 && d.IntN(3) == 0 {
				coding := codes[d.IntN(len(codes))]
				system, code := string(coding.System), d.spoiled(string(coding.Code))
				all[i].texts["system"+n], all[i].texts["code"+n] = &system, &code
			}
		}
		likely := 1 + d.IntN(6) // some records are free of nearly everything, so that strict rules release something
		for _, label := range clinical.Labels() {
			switch set := d.IntN(likely+1) > 1; d.IntN(likely + 2) {
			case 0:
			default:
				all[i].labels[label] = &set
			}
		}
	}
	return all
}

// spoiled is a code as it should be, more often than not, or as somebody may have typed it.
func (d dice) spoiled(code string) string {
	return d.of(code, code, code, code, strings.ToLower(code), " "+code, code+".", code+"X", code+".X", code+"9", code+"D", code[:len(code)-1],
		strings.ReplaceAll(code, "0", "O"), strings.ReplaceAll(code, "2", "\u0662"))
}

func namesOf[W ~string](all []W) []string {
	names := make([]string, len(all))
	for i := range all {
		names[i] = string(all[i])
	}
	return names
}

// values are the row's in the order of the table's columns.
func (r row) values() []any {
	values := []any{"p"}
	for _, name := range texts() {
		if text := r.texts[name]; text != nil {
			values = append(values, *text)
		} else {
			values = append(values, nil)
		}
	}
	for _, label := range clinical.Labels() {
		if set := r.labels[label]; set != nil {
			values = append(values, *set)
		} else {
			values = append(values, nil)
		}
	}
	return values
}

// record is what the row says, read without any driver.
func (r row) record() clinical.Record {
	text := func(name string) clinical.Text {
		if r.texts[name] == nil {
			return ""
		}
		return clinical.Text(*r.texts[name])
	}
	kind, _ := clinical.ParseKind(string(text("kind")))
	record := kind.Descriptor().New()
	meta := record.About()
	meta.Source, meta.ID, meta.Organisation.Code, meta.Publisher = source, text("id"), text("org"), text("publisher")
	meta.Date, _ = clinical.ParseDateTime(string(text("happened")))
	if status := clinical.Status(text("status")); slices.Contains(clinical.Statuses(), status) {
		meta.Status = status
	}
	var codings []clinical.Coding
	for _, n := range []string{"0", "1"} {
		coding := clinical.Coding{Code: text("code" + n)}
		if system := clinical.CodeSystem(text("system" + n)); slices.Contains(clinical.CodeSystems(), system) {
			coding.System = system
		}
		if coding.Code != "" {
			codings = append(codings, coding)
		}
	}
	if len(codings) > 0 {
		meta.Code.Coding, meta.Code.Translations = codings[0], codings[1:]
	}
	for label, set := range r.labels {
		meta.Labels.Put(label, *set)
	}
	return record
}
