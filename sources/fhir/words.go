package fhir

import (
	"strings"

	"onelondon/internal/clinical"
)

// odsSystem identifies organisations by their ODS code (DOMAIN.md 3.1).
const odsSystem = "https://fhir.nhs.uk/Id/ods-organization-code"

// words turns a value into words.
func (r reader) words(value any) string {
	of, ok := value.(object)
	if !ok {
		if r == readPlain || r == readWords {
			return text(value)
		}
		return ""
	}
	switch r {
	case readWords:
		return conceptWords(of)
	case readID:
		_, id := reference(of)
		if elsewhere(id) {
			id = clinical.MaskNHSNumbers(id, tenDigits, "/-/") // it is shown, and other servers may name people in it
		}
		return id
	case readODS:
		return odsCode(of)
	case readAddress:
		return address(of)
	case readName:
		return humanName(of)
	case readRange:
		return twoOf(of, "low", "high", "-")
	case readRatio:
		return twoOf(of, "numerator", "denominator", ":")
	case readPeriod:
		return span(text(of["start"]), text(of["end"]), " to ")
	case readWho, readPlace, readAny:
		return r.named(of)
	}
	return ""
}

// twoOf are two Quantities of a value on one line, each with its unit where they differ.
func twoOf(of object, first, second, between string) string {
	one, _ := of[first].(object)
	other, _ := of[second].(object)
	unit, same := text(one["unit"]), text(one["unit"]) == text(other["unit"])
	if same && one != nil && other != nil {
		return strings.TrimSpace(span(quantity(one, false), quantity(other, false), between) + " " + unit)
	}
	return span(quantity(one, true), quantity(other, true), between)
}

func quantity(of object, unit bool) string {
	written := text(of["comparator"]) + text(of["value"])
	if unit && written != "" {
		written = strings.TrimSpace(written + " " + text(of["unit"]))
	}
	return written
}

// span is from one end to another, either of which may be open; "" where both are.
func span(from, to, between string) string {
	if from == "" && to == "" {
		return ""
	}
	return strings.TrimSpace(from + between + to)
}

// named is how a Reference names somebody or a place of the kind that the reader wants.
func (r reader) named(of object) string {
	typ, id := reference(of)
	switch {
	case r == readWho && (typ == "Patient" || typ == "Location" || typ == "Organization" || typ == "HealthcareService" || odsCode(of) != ""):
		return ""
	case r == readPlace && typ != "Location", typ == "Patient":
		return ""
	}
	if nhsNumber(of) != "" {
		return "" // a patient, whose number is no name
	}
	if display := text(of["display"]); display != "" {
		return display
	}
	if identifier, ok := of["identifier"].(object); ok && text(identifier["value"]) != "" {
		return text(identifier["value"])
	}
	return id[strings.LastIndexByte(id, '/')+1:]
}

// reference is the type and the logical id that a Reference names: from Type/id, with a version behind it or not, and from urn:uuid:id. What is
// on another server has its whole address for an id, which is no logical id of anything. A contained resource has none.
func reference(of object) (typ, id string) {
	written := text(of["reference"])
	typ = text(of["type"])
	if before, after, cut := strings.Cut(written, "/_history/"); cut && after != "" {
		written = before
	}
	if search, _, conditional := strings.Cut(written, "?"); conditional && typeName.MatchString(search) {
		return search, "" // Location?identifier=... names nobody until it is looked up
	}
	if uuid, ok := strings.CutPrefix(written, "urn:uuid:"); ok {
		return typ, uuid
	}
	slash := strings.LastIndexByte(written, '/')
	if slash < 0 {
		return typ, ""
	}
	within, id := written[:slash], written[slash+1:]
	if of := within[strings.LastIndexByte(within, '/')+1:]; of != "" {
		typ = of
	}
	if elsewhere(within) && id != "" {
		return typ, written
	}
	return typ, id
}

// elsewhere reports whether an id, or what stands before one in a Reference, is of another server.
func elsewhere(id string) bool { return strings.ContainsAny(id, "/:") }

// odsCode is the ODS code in a Reference's identifier, or in an Identifier.
func odsCode(of object) string {
	identifier, ok := of["identifier"].(object)
	if !ok {
		identifier = of
	}
	if text(identifier["system"]) != odsSystem {
		return ""
	}
	return text(identifier["value"])
}

// nhsNumber is the text in the place of an NHS number that a Reference names a patient by.
func nhsNumber(of object) string {
	identifier, ok := of["identifier"].(object)
	if !ok || text(identifier["system"]) != nhsSystem {
		return ""
	}
	return text(identifier["value"])
}

func conceptWords(of object) string {
	if written := text(of["text"]); written != "" {
		return written
	}
	for _, key := range []string{"display", "code"} {
		if written := text(of[key]); written != "" { // a Coding
			return written
		}
		codings, _ := of["coding"].([]any)
		for _, each := range codings {
			if coding, ok := each.(object); ok && text(coding[key]) != "" {
				return text(coding[key])
			}
		}
	}
	return ""
}

func address(of object) string {
	if written := text(of["text"]); written != "" {
		return written
	}
	return joined(of, ", ", "line", "city", "district")
}

func humanName(of object) string {
	if written := text(of["text"]); written != "" {
		return written
	}
	return joined(of, " ", "prefix", "given", "family")
}

// joined joins texts, and lists of them.
func joined(of object, between string, keys ...string) string {
	var all []string
	for _, key := range keys {
		list, ok := of[key].([]any)
		if !ok {
			list = []any{of[key]}
		}
		for _, each := range list {
			if written := text(each); written != "" {
				all = append(all, written)
			}
		}
	}
	return strings.Join(all, between)
}
