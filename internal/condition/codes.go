package condition

import (
	"encoding/json"
	"maps"
	"slices"

	"onelondon/internal/clinical"
)

// Codes is a list of codes by which a record carries a label even if its source does not say so, such as the codes
// about mental health. It never changes. SNOMED CT and dm+d share their identifiers, so a code of one is also a code of
// the other.
//
// A list is explicit about what it does not know: if none of a record's codes is in a terminology that the list covers,
// the record neither carries the label nor is free of it.
type Codes struct {
	keys     map[string]struct{}
	covers   []clinical.CodeSystem
	text     string // the keys as a JSON array, for databases
	presumes Presumption
	together *gathered
	digest   *digested
}

// NewCodes makes a list. It covers the terminologies of its codes, and those in covers, in which no other codes carry
// the label.
func NewCodes(codes []clinical.Coding, covers ...clinical.CodeSystem) *Codes {
	c := &Codes{keys: make(map[string]struct{}, len(codes)), covers: slices.Clone(covers), together: &gathered{}, digest: &digested{}}
	for i := range codes {
		for _, system := range twins(codes[i].System) {
			c.keys[codeKey(system, codes[i].Code)] = struct{}{}
			c.covers = append(c.covers, system)
		}
	}
	slices.Sort(c.covers)
	c.covers = slices.Compact(c.covers)
	c.text = textOf(c.keys)
	return c
}

// textOf writes keys as a JSON array.
func textOf(keys map[string]struct{}) string {
	all := slices.AppendSeq(make([]string, 0, len(keys)), maps.Keys(keys))
	slices.Sort(all)
	text, _ := json.Marshal(all) // marshalling texts never fails
	return string(text)
}

// Presumption says how a list treats a record about which neither it nor the source can tell.
type Presumption byte

// The presumptions.
const (
	PresumesNothing Presumption = iota // the record neither carries the label nor is free of it
	PresumesAll                        // the record is free of the label
	// PresumesSilence means that a record is free of the label if it has no code, or only codes of other terminologies.
	// It is not if it has a code of a classification on the list in a form that the classification does not use, such
	// as b20, which may well be a code on the list.
	PresumesSilence
)

// Presuming is the same list with another presumption. It is for records that would otherwise vanish because they
// cannot prove what they are not about.
func (c *Codes) Presuming(presumption Presumption) *Codes {
	presuming := *c
	presuming.presumes, presuming.digest = presumption, &digested{}
	return &presuming
}

// Presumes is the list's presumption.
func (c *Codes) Presumes() Presumption { return c.presumes }

// twins are the terminologies that share a terminology's identifiers, including itself.
func twins(system clinical.CodeSystem) []clinical.CodeSystem {
	if system == clinical.SNOMED || system == clinical.DMD {
		return []clinical.CodeSystem{clinical.DMD, clinical.SNOMED}
	}
	return []clinical.CodeSystem{system}
}

func codeKey(system clinical.CodeSystem, code clinical.Text) string {
	return string(system) + "|" + string(code)
}

// Has reports whether the list holds the code.
func (c *Codes) Has(system clinical.CodeSystem, code clinical.Text) bool {
	_, ok := c.keys[codeKey(system, code)]
	return ok
}

// Covers lists the terminologies that the list covers, in order: of a code in one of them it can say that it is not
// listed.
func (c *Codes) Covers() []clinical.CodeSystem { return c.covers }

// Len is the number of codes on the list; a code of both SNOMED CT and dm+d counts twice.
func (c *Codes) Len() int { return len(c.keys) }

// JSON is the list as a JSON array of texts "system|code", for databases that receive the whole list as one value.
func (c *Codes) JSON() string { return c.text }

// carries reports whether concept is on the list, and whether that is known.
func (c *Codes) carries(concept *clinical.Concept) (yes, known bool) {
	yes, known = c.one(&concept.Coding)
	for i := range concept.Translations {
		if yes {
			return true, true
		}
		listed, covered := c.one(&concept.Translations[i])
		yes, known = listed, known || covered
	}
	return yes, known
}

// presumesFree reports whether a record with this code, about which the list cannot tell, counts as free of the label.
// A code of a covered terminology would be conclusive if it were written in that terminology's form.
func (c *Codes) presumesFree(concept *clinical.Concept) bool {
	return c.presumes == PresumesAll || c.presumes == PresumesSilence && !c.speaks(&concept.Coding) &&
		!slices.ContainsFunc(concept.Translations, func(coding clinical.Coding) bool { return c.speaks(&coding) })
}

// speaks reports whether the coding has a code in a covered terminology, so that the list is conclusive about it.
func (c *Codes) speaks(coding *clinical.Coding) bool {
	return coding.Code != "" && slices.Contains(c.covers, coding.System)
}

func (c *Codes) one(coding *clinical.Coding) (listed, covered bool) {
	if coding.Code == "" || !slices.Contains(c.covers, coding.System) {
		return false, false
	}
	listed = c.Has(coding.System, coding.Code)
	return listed, listed || !Divided(coding.System) || asDivided(coding.Code)
}

// Divided reports whether a terminology is a classification: a letter and two digits name a category, and what may
// follow them, see [Behind], a code within it.
func Divided(system clinical.CodeSystem) bool {
	return system == clinical.ICD10 || system == clinical.OPCS4
}

// Behind lists what may follow the three characters of a category of ICD-10 or OPCS-4: nothing, the filler X of the
// commissioning data sets, or a digit, with or without the point. Systems also append daggers, asterisks and fifth
// characters (A544D, X6001), and may use lower case or blanks. No list contains such forms, so about an unlisted code
// of that kind it cannot tell.
func Behind() []string {
	behind := []string{"", "X"}
	for digit := '0'; digit <= '9'; digit++ {
		behind = append(behind, string(digit), "."+string(digit))
	}
	return behind
}

// asDivided reports whether a code has the form that its classification prescribes.
func asDivided(code clinical.Text) bool {
	if len(code) < 3 || code[0] < 'A' || code[0] > 'Z' || !digit(code[1]) || !digit(code[2]) {
		return false
	}
	switch behind := code[3:]; len(behind) {
	case 0:
		return true
	case 1:
		return behind[0] == 'X' || digit(behind[0])
	case 2:
		return behind[0] == '.' && digit(behind[1])
	}
	return false
}

func digit(character byte) bool { return '0' <= character && character <= '9' }
