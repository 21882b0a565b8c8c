package presenter

import (
	"strings"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

// validation gives the words for a document or variables that do not fit the schema. Messages of the rules listed here are
// made of names alone and are kept; all others may quote a value and are said anew.
func (p *Presenter) validation(given *gqlerror.Error) string {
	rule := strings.TrimSuffix(given.Rule, "WithoutSuggestions")
	switch rule {
	case "":
		if len(given.Path) > 0 {
			return variable(given)
		}
		if given.Message == "operation  not found" { // gqlgen's, with the name that was given, or nothing, in the middle
			return "Which operation? The document holds none or several: name one of its operations in operationName."
		}
		return "The document has no operation of that name."
	case "ValuesOfCorrectType":
		return valueMessage(given.Message)
	}
	if !speaksOfNamesOnly(rule) {
		return "The document does not fit the schema."
	}
	message := given.Message
	if suggestion := strings.Index(message, " Did you mean"); suggestion >= 0 && !p.options.Suggest {
		message = message[:suggestion]
	}
	return withoutDigits(message)
}

func speaksOfNamesOnly(rule string) bool {
	switch rule {
	case "FieldsOnCorrectType", "FragmentsOnCompositeTypes", "KnownArgumentNames", "KnownDirectives", "KnownFragmentNames",
		"KnownRootType", "KnownTypeNames", "LoneAnonymousOperation", "MaxIntrospectionDepth", "NoFragmentCycles",
		"NoUndefinedVariables", "NoUnusedFragments", "NoUnusedVariables", "OverlappingFieldsCanBeMerged",
		"PossibleFragmentSpreads", "ProvidedRequiredArguments", "ScalarLeafs", "SingleFieldSubscriptions",
		"UniqueArgumentNames", "UniqueDirectivesPerLocation", "UniqueFragmentNames", "UniqueInputFieldNames",
		"UniqueOperationNames", "UniqueVariableNames", "VariablesAreInputTypes", "VariablesInAllowedPosition":
		return true
	}
	return false
}

// variable says which variable does not fit, where in it, and how. Names on the way there are the document's and the schema's, and are kept;
// a field that the schema does not know is named by the value alone, and is not.
func variable(given *gqlerror.Error) string {
	path := given.Path
	unknown := given.Message == "unknown field"
	if unknown {
		path = path[:len(path)-1]
	}
	if len(path) < 2 { // the first step is the word variable
		return "A variable is not of its type."
	}
	where := "Variable $" + withoutDigits(path[1:].String())
	switch {
	case unknown:
		return where + " holds a field that the schema does not know."
	case given.Message == "must be defined":
		return where + " is missing."
	case given.Message == "cannot be null":
		return where + " must not be null."
	}
	for _, before := range []string{" is not a valid ", "cannot use ", "must be a "} {
		if _, rest, ok := cutLast(given.Message, before); ok {
			if _, after, ok := strings.Cut(rest, " as "); ok {
				rest = after
			}
			if name, _, _ := strings.Cut(rest, ","); isTypeName(name) {
				return where + " is not of type " + name + "."
			}
		}
	}
	return where + " is not of its type."
}

// cutLast cuts text around the last appearance of a separator: what stands before it may be a value that holds it too.
func cutLast(text, separator string) (before, after string, found bool) {
	if i := strings.LastIndex(text, separator); i >= 0 {
		return text[:i], text[i+len(separator):], true
	}
	return text, "", false
}

// parsing says where a document stops being GraphQL as far as that can be said without quoting it; its place is in locations.
func parsing(given *gqlerror.Error) string {
	if strings.HasSuffix(given.Message, "found <EOF>") {
		return "The document is not GraphQL: it ends before everything that it opens is closed."
	}
	return "The document is not GraphQL."
}

// valueMessage says which type was expected, without what was found.
func valueMessage(message string) string {
	for _, before := range []string{`Expected value of type "`, `Enum "`} {
		if rest, ok := strings.CutPrefix(message, before); ok {
			return expected(rest)
		}
	}
	if at := strings.LastIndex(message, `" does not exist in "`); at >= 0 {
		return expected(message[at+len(`" does not exist in "`):])
	}
	if name, _, ok := strings.Cut(message, " cannot represent "); ok && isTypeName(name) {
		return expected(name + `"`)
	}
	return "A value is not of its type."
}

// expected names the type that rest begins with, up to a quotation mark.
func expected(rest string) string {
	name, _, closed := strings.Cut(rest, `"`)
	if !closed || !isTypeName(name) {
		return "A value is not of its type."
	}
	return "Expected a value of type " + name + "."
}

func isTypeName(name string) bool {
	return name != "" && strings.Trim(name, "[]!ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789") == ""
}

// withoutDigits masks long runs of digits: nothing in the schema has one, and an identifier may.
func withoutDigits(message string) string {
	const longest = 5
	var b strings.Builder
	for i := 0; i < len(message); {
		end := i
		for end < len(message) && message[end] >= '0' && message[end] <= '9' {
			end++
		}
		switch {
		case end-i > longest:
			b.WriteString("…")
			i = end
		case end > i:
			b.WriteString(message[i:end])
			i = end
		default:
			b.WriteByte(message[i])
			i++
		}
	}
	return b.String()
}
