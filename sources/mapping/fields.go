package mapping

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"onelondon/internal/clinical"
	"onelondon/internal/yamltree"
)

// field reads how one field is filled, according to its type.
func (l *loader) field(typ clinical.FieldType, n yamltree.Node, aliases map[string]bool) FieldExpr {
	field := FieldExpr{Line: n.Line}
	switch typ {
	case clinical.TypeConcept:
		field.Concept = l.concept(n, aliases)
	case clinical.TypeDateTime:
		field.Date = l.date(n, aliases)
	case clinical.TypeStatus:
		field.Value = l.word(n, aliases, words(clinical.Statuses()))
	case clinical.TypeClass:
		field.Value = l.word(n, aliases, words(clinical.EncounterClasses()))
	case clinical.TypeGender:
		field.Value = l.word(n, aliases, words(clinical.Genders()))
	default:
		field.Value = l.value(n, aliases)
	}
	return field
}

func words[T ~string](values []T) []string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = string(value)
	}
	return texts
}

// value reads a free value: an expression, {from, values, else}, or {from, after}.
func (l *loader) value(n yamltree.Node, aliases map[string]bool) Expr {
	if _, ok := n.Scalar(); ok {
		return l.expr(n, aliases)
	}
	for _, read := range l.Entries(n) {
		if read.Key == "after" {
			return l.rest(n, aliases)
		}
	}
	return l.translation(n, aliases, nil)
}

// longestRest exceeds the length of any code after a prefix.
const longestRest = 200

// rest reads {from: expression, after: prefix}: the text after the prefix, or null if the text does not begin with it.
func (l *loader) rest(n yamltree.Node, aliases map[string]bool) Expr {
	keys := l.Object(n, "from", "after")
	from, ok := keys["from"]
	prefix, _ := l.Text(keys["after"])
	if !ok || prefix == "" {
		l.Fault(n, "the rest of a text needs from and after; write {from: column, after: prefix}")
		return nil
	}
	of := l.expr(from, aliases)
	part := func(from, length int) Expr {
		return &Call{Function: "substring", Args: []Expr{of, &Literal{Value: int64(from)}, &Literal{Value: int64(length)}}}
	}
	length := utf8.RuneCountInString(prefix)
	begins := &Compare{Op: "=", Left: part(1, length), Right: &Literal{Value: prefix}}
	return &Case{Of: begins, When: []When{{Key: Literal{Value: false}}}, Else: part(length+1, longestRest)}
}

// word reads a value that must be in a vocabulary: the word itself, or {from, values, else} that yields such words.
func (l *loader) word(n yamltree.Node, aliases map[string]bool, vocabulary []string) Expr {
	if text, ok := n.Scalar(); ok {
		return l.vocabularyWord(n, text, vocabulary)
	}
	return l.translation(n, aliases, vocabulary)
}

func (l *loader) vocabularyWord(n yamltree.Node, text string, vocabulary []string) Expr {
	if !slices.Contains(vocabulary, text) {
		l.Fault(n, "%s is not one of our words; use %s, or {from: column, values: {theirs: OURS}}", yamltree.Show(text), strings.Join(vocabulary, ", "))
	}
	return &Literal{Value: text}
}

// translation reads {from: expression, values: {theirs: ours}, else: ours}. Without a vocabulary our side is free text.
// else may be another translation, which is tried if no value matches.
func (l *loader) translation(n yamltree.Node, aliases map[string]bool, vocabulary []string) Expr {
	keys := l.Object(n, "from", "values", "else")
	from, hasFrom := keys["from"]
	values, hasValues := keys["values"]
	if !hasFrom || !hasValues {
		l.Fault(n, "a translation needs from and values; write {from: column, values: {theirs: ours}}")
		return nil
	}
	translated := &Case{Of: l.expr(from, aliases)}
	for _, read := range l.Entries(values) {
		ours, ok := l.Text(read.Value)
		if !ok {
			continue
		}
		if vocabulary != nil {
			l.vocabularyWord(read.Value, ours, vocabulary)
		}
		translated.When = append(translated.When, When{Key: keyLiteral(read), Value: Literal{Value: ours}})
	}
	if len(translated.When) == 0 {
		l.Fault(values, "values is empty; list their words with ours")
	}
	if rest, ok := keys["else"]; ok {
		translated.Else = l.otherwise(rest, aliases, vocabulary)
	}
	return translated
}

func (l *loader) otherwise(n yamltree.Node, aliases map[string]bool, vocabulary []string) Expr {
	text, ok := n.Scalar()
	switch {
	case !ok:
		return l.translation(n, aliases, vocabulary)
	case vocabulary != nil:
		return l.vocabularyWord(n, text, vocabulary)
	}
	return &Literal{Value: text}
}

// keyLiteral is a key as the system's column holds it: quoted keys are text, bare numbers and true and false are not.
func keyLiteral(read yamltree.Entry) Literal {
	switch {
	case read.Number:
		if number, err := strconv.ParseInt(read.Key, 10, 64); err == nil {
			return Literal{Value: number}
		}
	case read.Truth:
		return Literal{Value: strings.EqualFold(read.Key, "true")}
	}
	return Literal{Value: read.Key}
}

// date reads a column, or {from, type, precision, precisions, missing}.
func (l *loader) date(n yamltree.Node, aliases map[string]bool) *DateExpr {
	date := &DateExpr{Type: DateColumn, Missing: l.missing}
	if _, ok := n.Scalar(); ok {
		date.From = l.expr(n, aliases)
		return date
	}
	keys := l.Object(n, "from", "type", "precision", "precisions", "missing")
	if from, ok := keys["from"]; ok {
		date.From = l.expr(from, aliases)
	} else {
		l.Fault(n, "from is missing; name the column that holds the date")
	}
	if written, ok := keys["type"]; ok {
		date.Type = l.dateType(written)
	}
	if days, ok := keys["missing"]; ok {
		date.Missing = l.days(days)
	}
	l.precision(n, keys, date, aliases)
	return date
}

func (l *loader) precision(n yamltree.Node, keys map[string]yamltree.Node, date *DateExpr, aliases map[string]bool) {
	column, hasColumn := keys["precision"]
	own, hasOwn := keys["precisions"]
	if hasOwn {
		date.Precisions = l.precisionWords(own)
	}
	if !hasColumn {
		if hasOwn {
			l.Fault(own, "precisions without precision; name the column that holds the words")
		}
		return
	}
	date.Precision = l.expr(column, aliases)
	if !hasOwn {
		date.Precisions = l.precisions
	}
	if len(date.Precisions) == 0 {
		l.Fault(n, "precision without precisions; say what each of the column's words means, here or at the top")
	}
}

func (l *loader) dateType(n yamltree.Node) DateType {
	text, _ := l.Text(n)
	typ := DateType(text)
	if !slices.Contains([]DateType{DateColumn, DateTimeColumn, DateISO, DateUK, DateCompact}, typ) {
		l.Fault(n, "unknown type %s; use date, datetime, iso, uk or compact", yamltree.Show(text))
	}
	return typ
}

// precisionWords reads {theirs: none|year|month|day|minute|second}.
func (l *loader) precisionWords(n yamltree.Node) map[string]clinical.Precision {
	found := map[string]clinical.Precision{}
	for _, read := range l.Entries(n) {
		text, ok := l.Text(read.Value)
		if !ok {
			continue
		}
		precision := slices.Index([]string{"none", "year", "month", "day", "minute", "second"}, text)
		if precision < 0 {
			l.Fault(read.Value, "unknown precision %s; use none, year, month, day, minute or second", yamltree.Show(text))
			continue
		}
		found[read.Key] = clinical.Precision(precision)
	}
	return found
}

// days reads the days that mean "missing".
func (l *loader) days(n yamltree.Node) []string {
	var days []string
	for _, item := range l.List(n) {
		text, ok := l.Text(item)
		if !ok {
			continue
		}
		if day, err := clinical.ParseDateTime(text); err != nil || day.Precision() != clinical.PrecisionDay {
			l.Fault(item, "%s is not a day; write YYYY-MM-DD", yamltree.Show(text))
			continue
		}
		days = append(days, text)
	}
	return days
}

// concept reads {codings: [{system, code, display}], text}.
func (l *loader) concept(n yamltree.Node, aliases map[string]bool) *ConceptExpr {
	concept := &ConceptExpr{}
	keys := l.Object(n, "codings", "text")
	if codings, ok := keys["codings"]; ok {
		for _, item := range l.List(codings) {
			concept.Codings = append(concept.Codings, l.coding(item, aliases))
		}
	}
	if text, ok := keys["text"]; ok {
		concept.Text = l.value(text, aliases)
	}
	if len(concept.Codings) == 0 && concept.Text == nil {
		l.Fault(n, "a concept needs codings or text; write {codings: [{system: SNOMED_CT, code: column}], text: column}")
	}
	return concept
}

func (l *loader) coding(n yamltree.Node, aliases map[string]bool) CodingExpr {
	var coding CodingExpr
	keys := l.Object(n, "system", "code", "display")
	if system, ok := keys["system"]; ok {
		coding.System = l.word(system, aliases, words(clinical.CodeSystems()))
	} else {
		l.Fault(n, "system is missing; name the terminology: %s", strings.Join(words(clinical.CodeSystems()), ", "))
	}
	if code, ok := keys["code"]; ok {
		coding.Code = l.value(code, aliases)
	} else {
		l.Fault(n, "code is missing; name the column that holds the code")
	}
	if display, ok := keys["display"]; ok {
		coding.Display = l.value(display, aliases)
	}
	return coding
}
