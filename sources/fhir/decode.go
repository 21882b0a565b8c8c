package fhir

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"onelondon/internal/clinical"
)

// decoder turns resources into records. It lives for one question and is used by one goroutine.
type decoder struct {
	london *time.Location
	// labelled says that the server labels whatever is restricted, so that what carries no label is not.
	labelled bool
	// whose is the organisation of a record that names none.
	whose clinical.Text
	// called is what the server calls the organisation of an ODS code, "" where that is not known.
	called func(code clinical.Text) clinical.Text
	// medications are what medicationReference names, by type and id.
	medications map[string]object
	// origins tell who wrote what, where that came along.
	origins origins
	// who are the Patients that were read, by id.
	who map[string]*person
}

func (s *Source) decoder(medications map[string]object) *decoder {
	return &decoder{london: s.london, labelled: s.options.Labelled, whose: s.options.Organisation, called: s.directory.called, medications: medications}
}

// records reads one resource, which is several records where it has several components. None of them is given where one cannot be
// read.
func (d *decoder) records(l *layout, resource object) ([]clinical.Record, bool) {
	id := clean(text(resource["id"]))
	if id == "" || text(resource["resourceType"]) != l.resource || modified(resource) {
		return nil, false
	}
	if l.is != nil && !l.is(resource) {
		return nil, true
	}
	var all []clinical.Record
	for _, part := range components(l, resource) {
		record, ok := d.record(l, part.resource)
		if !ok {
			return nil, false
		}
		record.About().ID = clinical.Text(l.prefix) + id + part.suffix
		if l.kind == clinical.KindRegistration && numbers(resource, string(id)) {
			record.About().ID = "Patient" // the only one of theirs: an id is shown, and holds no NHS number
		}
		if !hollow(record) {
			all = append(all, record)
		}
	}
	return all, true
}

// modified reports whether something in a resource changes what the rest means in a way that nobody here knows. FHIR forbids to read on
// (hl7.org/fhir/R4/extensibility.html, section 2.4.0.1).
func modified(value any) bool {
	switch of := value.(type) {
	case []any:
		return slices.ContainsFunc(of, modified)
	case object:
		if of["modifierExtension"] != nil || of["implicitRules"] != nil {
			return true
		}
		for name, each := range of {
			if name != "contained" && modified(each) {
				return true
			}
		}
	}
	return false
}

// hollow reports whether a record is of a Patient that tells nothing but whose number it has: that one is known, and no registration.
func hollow(record clinical.Record) bool {
	if record.Kind() != clinical.KindRegistration {
		return false
	}
	descriptor := record.Kind().Descriptor()
	for i := range descriptor.Fields {
		if field := &descriptor.Fields[i]; field.Name != "recorded" && field.Name != "status" && !field.In(record).IsZero() {
			return false
		}
	}
	return true
}

// piece is one record's share of a resource.
type piece struct {
	resource object
	suffix   clinical.Text // of the record's id
}

// components takes an observation apart: each component with a value of its own becomes one, with everything else of the whole, and
// the whole remains only where it has a value or nothing else does. A component keeps the codes of the whole behind its own, so
// that a label which goes by the code of a panel is on each of its results.
func components(l *layout, resource object) []piece {
	whole := []piece{{resource, ""}}
	list := codings(resource["component"])
	if l.kind != clinical.KindObservation || len(list) == 0 {
		return whole
	}
	var parts []piece
	for i, component := range list {
		if !valued(component) {
			continue
		}
		part := object{}
		for name, value := range resource {
			if !ofOneResult(name) {
				part[name] = value
			}
		}
		for name, value := range component {
			if ofOneResult(name) {
				part[name] = value
			}
		}
		part["code"] = []any{component["code"], resource["code"]}
		parts = append(parts, piece{part, suffixOf(component, parts, i)})
	}
	if valued(resource) || len(parts) == 0 {
		parts = append(whole, parts...)
	}
	return parts
}

// suffixOf tells the components of an observation apart by their code, which stays when their order does not, or by their place.
func suffixOf(component object, before []piece, place int) clinical.Text {
	suffix := "#" + concept([]any{component["code"]}).Code
	if suffix == "#" || slices.ContainsFunc(before, func(p piece) bool { return p.suffix == suffix }) {
		return clinical.Text(fmt.Sprintf("#%d", place))
	}
	return suffix
}

func ofOneResult(name string) bool {
	return strings.HasPrefix(name, "value") || slices.Contains([]string{"code", "component", "interpretation", "referenceRange", "dataAbsentReason"}, name)
}

func valued(of object) bool {
	for name := range of {
		if strings.HasPrefix(name, "value") {
			return true
		}
	}
	return false
}

// record reads one record, without its id and source.
func (d *decoder) record(l *layout, resource object) (clinical.Record, bool) {
	descriptor := l.kind.Descriptor()
	record := descriptor.New()
	meta := record.About()
	for i := range descriptor.Fields {
		if !d.field(&descriptor.Fields[i], l.fields[i], resource, record) {
			return nil, false
		}
	}
	if l.include != "" && meta.Code.IsZero() {
		meta.Code = d.medicine(resource)
	}
	says := labelsOf(resource)
	meta.Labels = says.labels
	if l.include != "" {
		meta.Labels.Join(labelsOf(d.medication(resource)).labels) // what is restricted may be the medicine alone
	}
	if text(resource["docStatus"]) == "entered-in-error" {
		meta.Status = clinical.StatusInError // the document, which its reference may still call current
	}
	if text(resource["doNotPerform"]) == "true" && meta.Status != clinical.StatusInError {
		meta.Status = clinical.StatusNotDone // it asks that something not be done
	}
	meta.Organisation = d.holder(l, resource)
	if !d.trace(resource, record) {
		return nil, false
	}
	if l.kind == clinical.KindObservation && ofOthers(resource) {
		meta.Labels.Put(clinical.LabelThirdParty, true)
	}
	if (l.kind == clinical.KindObservation || l.kind == clinical.KindAlert) && hasAny(meta.Code, prognosis) {
		// In a plan it is shown to the person only where they know it; beside the plan it must not be read either.
		meta.Labels.Put(clinical.LabelSafeguarding, true)
	}
	if l.kind == clinical.KindRegistration && says.restricted {
		meta.Labels.Put(clinical.LabelSensitive, true)
	}
	if _, known := meta.Labels.Value(clinical.LabelSealed); !known && d.labelled {
		meta.Labels.Put(clinical.LabelSealed, false)
	}
	return record, true
}

// ofOthers reports whether what was observed is somebody else, in the person's own record: a baby, or whoever gives an organ.
func ofOthers(resource object) bool {
	subject, _ := resource["subject"].(object)
	for _, focus := range codings(resource["focus"]) {
		if typ, _ := reference(focus); typ == "RelatedPerson" || typ == "Patient" && text(focus["reference"]) != text(subject["reference"]) {
			return true
		}
	}
	return false
}

// holder is whose a resource is. One that names somebody without an ODS code is nobody's that is known here, and a code is no name.
func (d *decoder) holder(l *layout, resource object) clinical.Organisation {
	of := clinical.Organisation{Code: d.whose}
	if named, ok := first(l.organisation, resource).(object); ok {
		of = clinical.Organisation{Code: clean(odsCode(named)), Name: clean(text(named["display"]))}
	}
	if of.Code != "" && (of.Name == "" || of.Name == of.Code) {
		of.Name = d.called(of.Code)
	}
	return of
}

// field fills one field; it reports false where what is there cannot be read.
func (d *decoder) field(field *clinical.Field, paths []path, resource object, record clinical.Record) bool {
	switch into := field.In(record).Addr().Interface().(type) {
	case *clinical.Concept:
		for i := range paths {
			if *into = concept(paths[i].values(resource)); !into.IsZero() {
				break
			}
		}
	case *clinical.DateTime:
		if written := text(first(paths, resource)); written != "" {
			read, ok := moment(written, d.london)
			*into = read
			return ok
		}
	case *clinical.Decimal:
		if written := text(first(paths, resource)); written != "" {
			read, ok := decimal(written)
			*into = read
			return ok
		}
	case *clinical.Status:
		*into = statusOf(text(first(paths, resource)))
		if word := clinical.Status(text(first(paths, resource))); word.Known() {
			*into = word // an extension of ours
		}
	case *clinical.EncounterClass:
		*into = classOf(text(first(paths, resource)))
	case *clinical.Gender:
		*into = genderOf(text(first(paths, resource)))
	case *clinical.Text:
		*into = clean(words(paths, resource, between(field.Name)))
	}
	return true
}

// between is what stands between several values of one field. Of those that hold one thing only the first counts.
func between(field string) string {
	switch field {
	case "note":
		return "\n"
	case "givenName", "title":
		return " "
	}
	return ", "
}

// medicine is what a medicationReference leads to: the code of the medication, or its words.
func (d *decoder) medicine(resource object) clinical.Concept {
	named, ok := resource["medicationReference"].(object)
	if !ok {
		return clinical.Concept{}
	}
	if medication := d.medication(resource); !modified(medication) {
		if read := concept([]any{medication["code"]}); !read.IsZero() {
			return read
		}
	}
	return clinical.Concept{Coding: clinical.Coding{Display: clean(text(named["display"]))}}
}

// medication is the resource that a medicationReference leads to: a contained one, or one that was sent along; nil where there is none.
func (d *decoder) medication(resource object) object {
	named, _ := resource["medicationReference"].(object)
	if local, inside := strings.CutPrefix(text(named["reference"]), "#"); inside {
		for _, contained := range codings(resource["contained"]) {
			if text(contained["id"]) == local {
				return contained
			}
		}
	}
	_, id := reference(named)
	return d.medications[id]
}

// byNumber begins the key of a patient whom a resource names by an NHS number instead of a logical id.
const byNumber = "number "

// subjects are the keys of the patients that a resource is about: logical ids, or NHS numbers behind byNumber. A patient of another server has
// none but by number. False is of a resource that names a Patient and a number which that Patient never had.
func (d *decoder) subjects(l *layout, resource object) (keys []string, agree bool) {
	if l.kind == clinical.KindRegistration {
		return []string{text(resource["id"])}, true
	}
	for _, value := range append([]any{resource["subject"], resource["patient"]}, actors(resource)...) {
		named, ok := value.(object)
		if !ok {
			continue
		}
		number, err := clinical.ParseNHSNumber(nhsNumber(named))
		switch typ, id := reference(named); {
		case id != "" && !elsewhere(id) && (typ == "Patient" || typ == ""):
			if one := d.who[id]; one != nil && err == nil && !one.had(number) {
				return nil, false
			}
			keys = append(keys, id)
		case err == nil:
			keys = append(keys, byNumber+number.Reveal())
		}
	}
	return keys, true
}

func actors(resource object) []any {
	var all []any
	for _, participant := range codings(resource["participant"]) {
		all = append(all, participant["actor"])
	}
	return all
}
