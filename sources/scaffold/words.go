package scaffold

import (
	"slices"
	"strings"
	"unicode"
)

// synonyms gives one word for the many that record systems write in names of tables and columns: those of the NHS Data
// Dictionary, of hospital systems and their commissioning extracts, of GP systems and of research stores. What is not listed
// stands for itself. A value of several words is read as such; an empty one is left out.
var synonyms = index(map[string]string{
	"":               "of the for at fk dim fact tbl tb vw lkp ext src col latest",
	"number":         "nbr num no nr nos numb",
	"code":           "cd cde codes coded",
	"id":             "ref ident identifier guid uuid key sk pk ids ids uid dbid externalid rowid rowidentifier seq pid",
	"text":           "txt str string free",
	"description":    "desc descr descriptor meaning",
	"display":        "disp displayname",
	"name":           "names nm fullname",
	"date":           "dttm datetime dt dat timestamp ts dates",
	"time":           "tm",
	"organisation":   "org organization organisations organizations orgs",
	"patient":        "pt pat patients ptnt pmi ppati client mpi subject",
	"person":         "persons people prsn individual",
	"birth":          "born birthdate dateofbirth",
	"birth date":     "dob",
	"death":          "deceased died",
	"death date":     "dod",
	"surname":        "lastname familyname family last",
	"forename":       "firstname givenname given first forenames",
	"gender":         "sex",
	"postcode":       "zip zipcode postalcode",
	"telephone":      "phone tel mobile telecom phones mob hphone mphone",
	"email":          "mail",
	"practice":       "gpp surgery",
	"appointment":    "appt appts appointments apptmt slot slots",
	"encounter":      "enc encntr encnt encounters",
	"consultation":   "consultations cons journalentry",
	"attendance":     "attendances attend attended attends att",
	"admission":      "adm admissions admit admitted",
	"discharge":      "disch discharged dis dsch",
	"spell":          "spells spl hps",
	"episode":        "episodes epi fce",
	"diagnosis":      "diag diagn dx diagnoses primdiag",
	"primary":        "prim principal main",
	"secondary":      "sec second secdiag",
	"procedure":      "proc proce procedures px operation operations opertn intervention interventions surgery surgical treatment",
	"condition":      "conditions cond",
	"problem":        "problems prob",
	"immunisation":   "imms imm immunization immunizations immunisations vaccination vaccinations vaccine vaccines vacc jab",
	"medication":     "med meds medications medicine medicines medicinal rx prescription prescriptions prescribing prescribed drug drugs therapy",
	"observation":    "obs observations",
	"measurement":    "meas measurements measure vital vitals",
	"result":         "results rslt reslt",
	"allergy":        "allergies allergic alg allergen",
	"intolerance":    "intolerances",
	"sensitivity":    "sensitivities",
	"reaction":       "reactions adverse",
	"referral":       "referrals refrl referred refto",
	"document":       "documents doc docs attachment media letter letters",
	"note":           "notes comment comments remark remarks narrative",
	"alert":          "alerts warning warnings flag flags",
	"risk":           "risks hazard",
	"relationship":   "reltn relation relations relationships rel pprel nokrel",
	"kin":            "nok nextofkin",
	"carer":          "carers",
	"plan":           "plans",
	"staff":          "prsnl personnel clinician clinicians practitioner practitioners doctor hcp professional gp user users nurse staffmember",
	"consultant":     "consultants cons consultantcode",
	"emergency":      "ae aande ed ecds accident aeatt",
	"inpatient":      "ip ipepi apc inpatients",
	"outpatient":     "op outpatients opatt opa",
	"location":       "loc locations ward place",
	"specialty":      "spec speciality specialities specialties treatmentfunction",
	"status":         "state stat",
	"deleted":        "removed deletion removeddata isdeleted del",
	"active":         "activ",
	"dummy":          "test fictitious",
	"sensitive":      "spinesensitive",
	"confidential":   "confidentiality sealed",
	"recorded":       "entered created create creation entry added registered registration record registered",
	"updated":        "modified modify update upd updt changed change amended lastmodified",
	"performed":      "done performer performing",
	"system":         "scheme vocabulary vocab terminology codesystem",
	"type":           "typ types",
	"unit":           "units uom",
	"value":          "val values",
	"quantity":       "qty",
	"duration":       "dur length",
	"dosage":         "dose sig directions posology",
	"start":          "begin commenced started",
	"end":            "finish ended stop stopped ceased expiry expired expiration abatement",
	"cancelled":      "cancel canceled cancellation discontinued discontinue",
	"booked":         "booking made",
	"range":          "reference",
	"low":            "lower minimum min",
	"high":           "upper maximum max",
	"effective":      "event clinically occurrence occurred",
	"batch":          "lot",
	"reason":         "complaint comp",
	"severity":       "sev",
	"arrival":        "arrive arrived",
	"departure":      "left depart departed",
	"urgency":        "priority urgent",
	"issue":          "issues",
	"term":           "rubric preferredterm",
	"snomed":         "snomedct sct conceptid snomedconceptid snomedcode",
	"icd10":          "icd",
	"opcs4":          "opcs",
	"dmd":            "vmp amp multilexdmd dmdproduct",
	"read":           "read2 readv2 readcode readterm",
	"ctv3":           "readv3",
	"house":          "building flat addr1",
	"address":        "addr addresses",
	"category":       "cat classification categories",
	"precision":      "precis",
	"outcome":        "outcomes",
	"method":         "methods",
	"destination":    "dest desination",
	"nhs":            "nhsno",
	"nhs number":     "nhsnumber nhsnbr nhsnum",
	"validity":       "valid verified verification traced",
	"administration": "admin administered",
	"previous":       "prev former prior old superseded",
	"history":        "hist historical histories",
	"content":        "contents",
	"staff name":     "staffname",
})

// index turns one word's list of others into other -> word.
func index(lists map[string]string) map[string]string {
	known := map[string]string{}
	for word, others := range lists {
		for _, other := range strings.Fields(others) {
			known[other] = word
		}
	}
	return known
}

// wordsOf takes a name apart: "NHS_NBR_IDENT", "NhsNumber" and "nhs number" all are nhs, number (and id).
func wordsOf(name string) []string {
	var words []string
	for _, part := range parts(name) {
		word, known := synonyms[part]
		switch {
		case !known:
			words = append(words, unglued(part)...)
		case word != "":
			words = append(words, strings.Fields(word)...)
		}
	}
	return joined(words)
}

// joined puts words together that mean one thing when they follow each other.
func joined(words []string) []string {
	var all []string
	for i := 0; i < len(words); i++ {
		if i+1 < len(words) {
			if one, known := pairs[words[i]+" "+words[i+1]]; known {
				all = append(all, strings.Fields(one)...)
				i++
				continue
			}
		}
		all = append(all, words[i])
	}
	return all
}

var pairs = map[string]string{
	"date time": "date", "post code": "postcode", "postal code": "postcode", "zip code": "postcode", "surname name": "surname", "forename name": "forename",
	"snomed ct": "snomed", "e mail": "email", "family name": "surname", "care plan": "plan", "dm d": "dmd", "treatment function": "specialty",
	"procedure function": "specialty", "snomed concept": "snomed", "clinically effective": "effective", "clinical effective": "effective",
	"read term": "read", "a e": "emergency", "aand e": "emergency", "clin significance": "effective", "record status": "record status",
}

// parts splits a name at blanks, signs and changes of case, and takes numbers off the end of a word.
func parts(name string) []string {
	var all []string
	for _, field := range strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		start := 0
		letters := []rune(field)
		for i := 1; i <= len(letters); i++ {
			if i < len(letters) && !bends(letters, i) {
				continue
			}
			all = append(all, numberOff(strings.ToLower(string(letters[start:i])))...)
			start = i
		}
	}
	return all
}

// bends reports whether a new word begins at i: aB, and the B of AAAb.
func bends(letters []rune, i int) bool {
	if !unicode.IsUpper(letters[i]) {
		return false
	}
	if unicode.IsLower(letters[i-1]) {
		return true
	}
	return i+1 < len(letters) && unicode.IsLower(letters[i+1])
}

// numberOff takes the number off the end of a word, unless the word is known with it.
func numberOff(word string) []string {
	if _, known := synonyms[word]; known || slices.Contains([]string{"ctv3", "icd10", "opcs4", "read2"}, word) {
		return []string{word}
	}
	if first := strings.IndexAny(word, "0123456789"); first > 0 {
		rest := strings.TrimLeft(word[first:], "0123456789")
		number := word[first : len(word)-len(rest)]
		if rest != "" && len(number) > 1 {
			// Tables numbered by a data set: CYP001MPI.
			return append(numberOff(word[:first]+number), rest)
		}
	}
	stem := strings.TrimRight(word, "0123456789")
	if stem == "" || stem == word {
		return []string{word}
	}
	return []string{stem, word[len(stem):]}
}

// unglued takes apart what is written without any sign between words, where every part is a word of ours: "dateofbirth".
func unglued(word string) []string {
	if len(word) < 6 || plainWords[word] {
		return []string{word}
	}
	if split, ok := unglue(word, 4); ok && len(split) > 1 {
		var words []string
		for _, part := range split {
			if one, known := synonyms[part]; known {
				part = one
			}
			words = append(words, strings.Fields(part)...)
		}
		return words
	}
	return []string{word}
}

func unglue(text string, most int) ([]string, bool) {
	if text == "" {
		return nil, true
	}
	if most == 0 {
		return nil, false
	}
	for end := len(text); end >= 2; end-- {
		part := text[:end]
		if _, known := synonyms[part]; !plainWords[part] && (!known || end < 3 && part != "of" && part != "id") {
			continue
		}
		if rest, ok := unglue(text[end:], most-1); ok {
			return append([]string{part}, rest...), true
		}
	}
	return nil, false
}

// plainWords are the words that synonyms lead to, and others that need no synonym.
var plainWords = plain()

func plain() map[string]bool {
	known := map[string]bool{}
	for _, word := range synonyms {
		for _, one := range strings.Fields(word) {
			known[one] = true
		}
	}
	for _, one := range strings.Fields("title nhs ethnic ethnicity registered practice care contact planned actual minutes ods parent usual numeric abnormal") {
		known[one] = true
	}
	return known
}

// bag is a set of words.
type bag map[string]bool

func (b bag) has(words ...string) bool {
	for _, word := range words {
		if !b[word] {
			return false
		}
	}
	return true
}

func (b bag) any(words ...string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return b[word] })
}
