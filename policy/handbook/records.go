package handbook

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/policy/casebook"
	"onelondon/policy/prose"
	"onelondon/policy/specimen"
)

// recordsInWords tells what becomes of single records: those that are released, then those that are withheld. Kinds of which
// the same is said stand together, and so does what is said of the same kinds.
func (b *book) recordsInWords(records []casebook.Outcome) (said []string) {
	for _, released := range []bool{true, false} {
		byMarks := gathered{}
		for i := range records {
			if records[i].Released == released {
				byMarks.add(records[i].Of+"\x00"+b.recordMarks(&records[i]), records[i].Kind)
			}
		}
		byKinds := gathered{}
		for _, key := range byMarks.keys {
			of, marks, _ := strings.Cut(key, "\x00")
			if of != "" {
				of = " of " + of
			}
			byKinds.add(specimen.Listed(byMarks.of[key])+of, marks)
		}
		for i, kinds := range byKinds.keys {
			byKinds.keys[i] = kinds + " " + strings.Join(byKinds.of[kinds], ", ")
		}
		if len(byKinds.keys) > 0 {
			said = append(said, map[bool]string{true: "Single records that are released: ", false: "Single records that are withheld: "}[released]+
				strings.Join(byKinds.keys, "; ")+".")
		}
	}
	return said
}

// gathered is values by key, the keys in the order in which they came.
type gathered struct {
	keys []string
	of   map[string][]string
}

func (g *gathered) add(key, value string) {
	if g.of == nil {
		g.of = map[string][]string{}
	}
	if g.of[key] == nil {
		g.keys = append(g.keys, key)
	}
	g.of[key] = append(g.of[key], value)
}

// recordMarks is what there is to say of a record besides its kind: "with ICD-10 I10 (on no list)", "that its source calls sealed".
func (b *book) recordMarks(record *casebook.Outcome) string {
	var marks []string
	switch code := b.codeInWords(record.Code); {
	case len(record.Beside) > 0 && strings.HasSuffix(code, onNoList):
	case record.Code != "":
		marks = append(marks, "with "+code)
	case len(record.Labels) == 0 && len(record.Beside) == 0:
		marks = append(marks, "without a code")
	}
	for _, name := range slices.Sorted(maps.Keys(record.Labels)) {
		not := "not "
		if record.Labels[name] {
			not = ""
		}
		marks = append(marks, "that its source says is "+not+b.labelInWords(name))
	}
	for _, name := range record.Beside {
		marks = append(marks, "beside one that is "+b.labelInWords(name))
	}
	return strings.Join(marks, " and ")
}

func (b *book) labelInWords(name string) string {
	switch clinical.Label(name) {
	case clinical.LabelSealed, clinical.LabelSensitive:
		return prose.Spaced(name)
	case clinical.LabelThirdParty:
		return "about somebody else"
	case clinical.LabelSafeguarding:
		return "a warning of somebody at risk"
	case clinical.LabelPlanShared:
		return "a plan that there is consent to share"
	case clinical.LabelPrognosisTold:
		return "a plan whose prognosis the person knows"
	}
	return "about " + specimen.Category(b.Tables(), name)
}

// onNoList is said of a code of which the table of categories says nothing.
const onNoList = " (on no list)"

// codeInWords is a code and what it means as far as the table of categories says: a term, or the title of its block.
func (b *book) codeInWords(text string) string {
	system, code, _ := strings.Cut(text, " ")
	names := map[string]string{"SNOMED_CT": "SNOMED CT", "DMD": "dm+d", "ICD_10": "ICD-10", "OPCS_4": "OPCS-4", "READ_2": "Read 2", "LOCAL": "a local code"}
	name := names[system]
	if name == "" {
		name = system
	}
	means := b.meaningOf(system, code)
	if means == "" {
		return name + " " + code + onNoList
	}
	return fmt.Sprintf("%s %s (%s)", name, code, means)
}

func (b *book) meaningOf(system, code string) string {
	table, _ := b.Tables()["categories"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(table)) {
		category, _ := table[name].(map[string]any)
		if term, listed := under(category, "codes", system)[code].(string); listed {
			return term
		}
		blocks := under(category, "blocks", system)
		for _, block := range slices.Sorted(maps.Keys(blocks)) {
			if title, ok := blocks[block].(string); ok && within(block, code) {
				return title
			}
		}
	}
	return ""
}

func under(category map[string]any, part, system string) map[string]any {
	systems, _ := category[part].(map[string]any)
	listed, _ := systems[system].(map[string]any)
	return listed
}

// within reports whether a code is of a block such as X60-X84 or F10.
func within(block, code string) bool {
	first, last, isRun := strings.Cut(block, "-")
	if !isRun {
		last = first
	}
	return len(code) >= 3 && first <= code[:3] && code[:3] <= last
}
