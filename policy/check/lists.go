package check

import (
	"fmt"
	"slices"
	"strings"

	"onelondon/internal/clinical"
)

// Note is something that is not a fault, but that those responsible for the policy should know.
type Note struct {
	About string `json:"about"` // a category, a line of a code list, or a line of a rule
	Says  string `json:"says"`
}

// listed checks the codes in the files of code lists, and returns their number.
func (r *run) listed() int {
	if r.options.Codelists == nil {
		return 0
	}
	codes, err := r.inspection.Listed(r.options.Codelists)
	if err != nil {
		return 0 // reported when the policy was opened with them
	}
	for _, each := range codes {
		if snomed(each.System) && !verhoeff(each.Code) {
			r.find(StepCodes, each.File, each.Line, fmt.Sprintf("%s code %s of %s has a wrong check digit", each.System, each.Code, each.Category),
				"compare it with the terminology; a digit is mistyped, lost or rounded away, as spreadsheets do beyond fifteen digits")
		}
	}
	for _, fault := range r.inspection.Unread() {
		r.note(fmt.Sprintf("%s:%d", fault.File, fault.Line), "left out, on purpose: "+fault.Message+". Records that carry the whole code are not recognised.")
	}
	return len(codes)
}

// terminologies notes by which terminologies each category is recognised, and by which not: a record coded in none of
// those covered cannot be judged.
func (r *run) terminologies() {
	for _, category := range clinical.Categories() {
		known := r.inspection.Recognition(category)
		var covered, open []string
		for _, system := range recognisable() {
			if slices.Contains(known.Covered, system) {
				covered = append(covered, string(system))
			} else {
				open = append(open, string(system))
			}
		}
		doubt := "counts as of the category"
		if known.Free {
			doubt = "counts as free of it"
		}
		r.note(string(category), fmt.Sprintf("%d codes; its list can tell in %s; a record coded only in %s, or not at all, %s",
			known.Codes, strings.Join(covered, ", "), strings.Join(open, ", "), doubt))
	}
}

// recognisable are the terminologies by which the records of London's systems can be recognised.
func recognisable() []clinical.CodeSystem {
	return []clinical.CodeSystem{clinical.SNOMED, clinical.DMD, clinical.ICD10, clinical.OPCS4, clinical.CTV3, clinical.Read2}
}

func (r *run) note(about, says string) { r.report.Notes = append(r.report.Notes, Note{about, says}) }
