package condition

import (
	"encoding/json"
	"maps"
	"slices"

	"onelondon/internal/clinical"
)

// Codes is a list of codes by which a record carries a label though its source does not say so, such as the codes of what
// is about mental health. It never changes. SNOMED CT and dm+d share their identifiers, so a code of one is a code of both.
//
// A list is also clear about what it does not know: a record none of whose codes is of a terminology that the list covers
// neither carries the label nor is free of it.
type Codes struct {
	keys     map[string]struct{}
	covers   []clinical.CodeSystem
	text     string // the keys as a JSON array, for databases
	presumes Presumption
	together *gathered
	digest   *digested
}

// NewCodes makes a list. It covers the terminologies of its codes, and those in covers, in which nothing carries the label
// that is not listed.
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

// textOf writes keys as a JSON array, an empty one where there are none.
func textOf(keys map[string]struct{}) string {
	all := slices.AppendSeq(make([]string, 0, len(keys)), maps.Keys(keys))
	slices.Sort(all)
	text, _ := json.Marshal(all) // texts always can be
	return string(text)
}

// Presumption is what a list takes a record for of which neither it nor the source can tell.
type Presumption byte

// The presumptions.
const (
	PresumesNothing Presumption = iota // neither carries the label nor is free of it
	PresumesAll                        // free of the label, whatever it has
	// PresumesSilence takes a record for free of the label that has no code, or codes of other terminologies alone; not one with
	// a code of a classification on the list that is not written as the classification writes it, such as b20: that may well
	// be what the label is about.
	PresumesSilence
)

// Presuming is the same list with another presumption. It is for records that would vanish if they had to prove what they
// are not about.
func (c *Codes) Presuming(presumption Presumption) *Codes {
	presuming := *c
	presuming.presumes, presuming.digest = presumption, &digested{}
	return &presuming
}

// Presumes is what the list takes a record for of which it cannot tell.
func (c *Codes) Presumes() Presumption { return c.presumes }

// twins are the terminologies that share a terminology's identifiers, itself among them.
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

// Covers lists the terminologies that the list knows, in order: of a code in one of them it can say that it is not listed.
func (c *Codes) Covers() []clinical.CodeSystem { return c.covers }

// Len is how many codes the list holds, a code of SNOMED CT and dm+d counted twice.
func (c *Codes) Len() int { return len(c.keys) }

// JSON is the list as a JSON array of texts "system|code", for a database that is given the whole list as one value.
func (c *Codes) JSON() string { return c.text }

// carries reports whether concept is on the list, and whether the list can tell.
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

// presumesFree reports whether a record with this code, of which the list cannot tell, counts as free of the label. A code of a
// terminology that the list covers would have told, were it written as the terminology writes it.
func (c *Codes) presumesFree(concept *clinical.Concept) bool {
	return c.presumes == PresumesAll || c.presumes == PresumesSilence && !c.speaks(&concept.Coding) &&
		!slices.ContainsFunc(concept.Translations, func(coding clinical.Coding) bool { return c.speaks(&coding) })
}

// speaks reports whether there is a code of a terminology that the list covers.
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

// Divided reports whether a terminology is a classification: a letter and two digits name a category, and what may stand behind
// them, see [Behind], a code beneath it.
func Divided(system clinical.CodeSystem) bool {
	return system == clinical.ICD10 || system == clinical.OPCS4
}

// Behind lists what may stand behind the three characters of a category of ICD-10 or OPCS-4: nothing, the X that commissioning
// data sets fill it up with, or a digit, with the point before it or without. Systems also append daggers, asterisks and fifth
// characters (A544D, X6001), and may keep small letters or blanks. A list holds no such form, so of such a code that is not
// listed it cannot tell.
func Behind() []string {
	behind := []string{"", "X"}
	for digit := '0'; digit <= '9'; digit++ {
		behind = append(behind, string(digit), "."+string(digit))
	}
	return behind
}

// asDivided reports whether a code is written as its classification writes it.
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
