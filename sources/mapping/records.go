package mapping

import (
	"maps"
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/internal/yamltree"
)

// records reads the sets of every kind.
func (l *loader) records(n yamltree.Node, into *Mapping) {
	for _, read := range l.Entries(n) {
		kind, ok := clinical.ParseKind(read.Key)
		if !ok {
			l.Fault(read.At(),
				"unknown kind %s; use one of %s", yamltree.Show(read.Key), kindNames())
			continue
		}
		for _, item := range l.List(read.Value) {
			into.Records[kind] = append(into.Records[kind], l.repeat(kind, item)...)
		}
	}
	if len(into.Records[clinical.KindUrgentCarePlan]) == 0 {
		l.planless(n, into)
	}
	if len(into.Records[clinical.KindRegistration]) == 0 && !l.Faulty() {
		l.Fault(n, "Registration is missing; say where demographics are, so that people can be told apart")
	}
}

// planless refuses records that name a plan if no plans are read: whether they may be shown could not be determined.
func (l *loader) planless(n yamltree.Node, into *Mapping) {
	for _, kind := range clinical.Kinds() {
		for i := range into.Records[kind] {
			if set := &into.Records[kind][i]; set.Fields["planId"].Line > 0 {
				l.Fault(n, "%s has planId, and there is no UrgentCarePlan; say where plans are, or leave planId out", kind)
				return
			}
		}
	}
}

func kindNames() string {
	var names []string
	for _, kind := range clinical.Kinds() {
		names = append(names, kind.String())
	}
	return strings.Join(names, ", ")
}

// repeat reads a set once, or once for each step of its repeat.
func (l *loader) repeat(kind clinical.Kind, n yamltree.Node) []RecordSet {
	keys := l.Object(n, "from", "join", "person", "where", "id", "organisation", "labels", "repeat", "fields")
	again, ok := keys["repeat"]
	if !ok {
		return []RecordSet{l.recordSet(kind, n, keys)}
	}
	defer func() { l.repeated = nil }()
	var sets []RecordSet
	steps := l.repeatSteps(again)
	for _, step := range steps {
		l.repeated = step
		for name := range step {
			l.used[name] = false
		}
		sets = append(sets, l.recordSet(kind, n, keys))
		for _, name := range sortedKeys(step) {
			if !l.used[name] {
				l.Fault(again, "placeholder %s is not used in the set; use it as ${%s} or remove it", name, name)
			}
		}
	}
	return sets
}

// repeatSteps reads {n: [...], m: [...]}: lists of equal length, taken in parallel.
func (l *loader) repeatSteps(n yamltree.Node) []map[string]string {
	var steps []map[string]string
	for i, read := range l.Entries(n) {
		if !isWord(read.Key) || slices.Contains(l.declared, read.Key) {
			l.Fault(read.Value, "%s cannot name a placeholder; use a plain word that is not a parameter", yamltree.Show(read.Key))
			continue
		}
		values := l.List(read.Value)
		if i == 0 {
			for range values {
				steps = append(steps, map[string]string{})
			}
		}
		if len(values) != len(steps) || len(values) == 0 {
			l.Fault(read.Value, "the lists of repeat are taken side by side; give each the same number of values, at least one")
			return nil
		}
		for j, value := range values {
			text, ok := l.Text(value)
			if ok && !isParameterValue(text) {
				l.Fault(value, "a value of repeat may hold only letters, digits, blanks and _ . , ' ( ) & -")
				return nil
			}
			steps[j][read.Key] = text
		}
	}
	return steps
}

func (l *loader) recordSet(kind clinical.Kind, n yamltree.Node, keys map[string]yamltree.Node) RecordSet {
	set := RecordSet{Kind: kind, Line: n.Line, Organisation: l.owner}
	aliases := l.setTables(n, keys, &set)
	set.Where = l.optional(keys, "where", aliases)
	if id, ok := keys["id"]; ok {
		set.ID = l.expr(id, aliases)
	} else {
		l.Fault(n, "id is missing; give the column that identifies a row, or concat of several")
	}
	if organisation, ok := keys["organisation"]; ok {
		set.Organisation = l.organisation(organisation, aliases)
	}
	set.Labels = l.labels(n, keys, aliases)
	if fields, ok := keys["fields"]; ok {
		set.Fields = l.fields(kind, fields, aliases)
	} else {
		l.Fault(n, "fields is missing; say which columns fill the fields of %s", kind)
	}
	return set
}

// setTables reads the tables of a set and their connection with the person, and returns the aliases in scope.
func (l *loader) setTables(n yamltree.Node, keys map[string]yamltree.Node, set *RecordSet) map[string]bool {
	tie, tied := keys["person"]
	from, own := keys["from"]
	if !own {
		if tied {
			l.Fault(tie, "a set without from reads the person's own table; remove person, or add from")
		}
		set.From = l.personTable
		aliases := maps.Clone(l.personScope)
		if joins, ok := keys["join"]; ok {
			set.Joins = l.joins(joins, aliases)
		}
		return aliases
	}
	// Joins see only the set's own tables, so that a planner may place the person's tables before or after them.
	tables := map[string]bool{}
	set.From = l.from(from, tables)
	if joins, ok := keys["join"]; ok {
		set.Joins = l.joins(joins, tables)
	}
	for _, alias := range sortedKeys(tables) {
		if l.personScope[alias] {
			l.Fault(n, "alias %s is already the person's; give the table another", alias)
		}
	}
	aliases := widened(l.personScope, tables)
	if tied {
		set.Person = l.condition(tie, aliases)
	} else {
		l.Fault(n, "person is missing; say which columns tie a row to the person's tables")
	}
	return aliases
}

// labels reads when a record carries each label. Whether it is sealed must always be given.
func (l *loader) labels(n yamltree.Node, keys map[string]yamltree.Node, aliases map[string]bool) map[clinical.Label]Expr {
	labels := map[clinical.Label]Expr{}
	read, ok := keys["labels"]
	if ok {
		for _, one := range l.Entries(read) {
			label := clinical.Label(one.Key)
			if !slices.Contains(clinical.Labels(), label) {
				l.Fault(one.At(), "unknown label %s; use sealed, third_party, safeguarding, plan_shared, prognosis_told or a category such as mental_health",
					yamltree.Show(one.Key))
				continue
			}
			labels[label] = l.label(one.Value, aliases)
		}
	} else {
		read = n
	}
	if _, ok := labels[clinical.LabelSealed]; !ok {
		l.Fault(read, "label sealed is missing; name the flag, or say sealed: false where the system has none, or sealed: unknown, which seals until somebody finds out")
	}
	return labels
}

// label reads when a record carries a label. The word unknown is a condition that is never true or false: whatever must
// know whether the record carries the label then does not release the record.
func (l *loader) label(n yamltree.Node, aliases map[string]bool) Expr {
	if text, ok := n.Scalar(); ok && text == "unknown" {
		return unknown()
	}
	return l.condition(n, aliases)
}

func unknown() Expr { return &Compare{Op: "=", Left: &Literal{}, Right: &Literal{}} }

// Unknown reports whether a condition is the word unknown, or obviously equivalent to it.
func Unknown(e Expr) bool {
	compare, ok := e.(*Compare)
	if !ok {
		return false
	}
	left, isLeft := compare.Left.(*Literal)
	right, isRight := compare.Right.(*Literal)
	return isLeft && isRight && (left.Value == nil || right.Value == nil)
}

// fields reads the fields of a set.
func (l *loader) fields(kind clinical.Kind, n yamltree.Node, aliases map[string]bool) map[string]FieldExpr {
	fields := map[string]FieldExpr{}
	descriptor := kind.Descriptor()
	for _, read := range l.Entries(n) {
		field, ok := descriptor.Field(read.Key)
		if !ok {
			l.Fault(read.At(),
				"unknown field %s; %s has %s", yamltree.Show(read.Key), kind, fieldNames(descriptor))
			continue
		}
		fields[read.Key] = l.field(field.Type, read.Value, aliases)
	}
	if _, ok := fields["date"]; !ok && isDated(kind) {
		l.Fault(n, "date is missing; every list is in order of date, so name the column that says when it happened")
	}
	return fields
}

// isDated reports whether records of the kind must have a date.
func isDated(kind clinical.Kind) bool {
	return kind != clinical.KindRegistration && kind != clinical.KindContact
}

func fieldNames(descriptor *clinical.Descriptor) string {
	var names []string
	for _, field := range descriptor.Fields {
		names = append(names, field.Name)
	}
	return strings.Join(names, ", ")
}
