package mapping

import (
	"maps"
	"slices"
	"strings"

	"onelondon/internal/clinical"
)

// records reads the sets of every kind.
func (l *loader) records(n node, into *Mapping) {
	for _, read := range l.entries(n) {
		kind, ok := clinical.ParseKind(read.key)
		if !ok {
			l.fault(node{path: read.node.path, line: read.line, column: read.column},
				"unknown kind %s; use one of %s", show(read.key), kindNames())
			continue
		}
		for _, item := range l.list(read.node) {
			into.Records[kind] = append(into.Records[kind], l.repeat(kind, item)...)
		}
	}
	if len(into.Records[clinical.KindRegistration]) == 0 && len(l.faults) == 0 {
		l.fault(n, "Registration is missing; say where demographics are, so that people can be told apart")
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
func (l *loader) repeat(kind clinical.Kind, n node) []RecordSet {
	keys := l.object(n, "from", "join", "person", "where", "id", "organisation", "labels", "repeat", "fields")
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
				l.fault(again, "placeholder %s is not used in the set; use it as ${%s} or remove it", name, name)
			}
		}
	}
	return sets
}

// repeatSteps reads {n: [...], m: [...]}: lists of equal length, taken side by side.
func (l *loader) repeatSteps(n node) []map[string]string {
	var steps []map[string]string
	for i, read := range l.entries(n) {
		if !isWord(read.key) || slices.Contains(l.declared, read.key) {
			l.fault(read.node, "%s cannot name a placeholder; use a plain word that is not a parameter", show(read.key))
			continue
		}
		values := l.list(read.node)
		if i == 0 {
			for range values {
				steps = append(steps, map[string]string{})
			}
		}
		if len(values) != len(steps) || len(values) == 0 {
			l.fault(read.node, "the lists of repeat are taken side by side; give each the same number of values, at least one")
			return nil
		}
		for j, value := range values {
			text, ok := l.text(value)
			if ok && !isParameterValue(text) {
				l.fault(value, "a value of repeat may hold only letters, digits, blanks and _ . , ' ( ) & -")
				return nil
			}
			steps[j][read.key] = text
		}
	}
	return steps
}

func (l *loader) recordSet(kind clinical.Kind, n node, keys map[string]node) RecordSet {
	set := RecordSet{Kind: kind, Line: n.line, Organisation: l.owner}
	aliases := l.setTables(n, keys, &set)
	set.Where = l.optional(keys, "where", aliases)
	if id, ok := keys["id"]; ok {
		set.ID = l.expr(id, aliases)
	} else {
		l.fault(n, "id is missing; give the column that identifies a row, or concat of several")
	}
	if organisation, ok := keys["organisation"]; ok {
		set.Organisation = l.organisation(organisation, aliases)
	}
	set.Labels = l.labels(n, keys, aliases)
	if fields, ok := keys["fields"]; ok {
		set.Fields = l.fields(kind, fields, aliases)
	} else {
		l.fault(n, "fields is missing; say which columns fill the fields of %s", kind)
	}
	return set
}

// setTables reads the tables of a set and how they are tied to the person, and returns the aliases in scope.
func (l *loader) setTables(n node, keys map[string]node, set *RecordSet) map[string]bool {
	tie, tied := keys["person"]
	from, own := keys["from"]
	if !own {
		if tied {
			l.fault(tie, "a set without from reads the person's own table; remove person, or add from")
		}
		set.From = l.personTable
		aliases := maps.Clone(l.personScope)
		if joins, ok := keys["join"]; ok {
			set.Joins = l.joins(joins, aliases)
		}
		return aliases
	}
	// Joins see the set's own tables only: a planner may then place the person's tables before or after them.
	tables := map[string]bool{}
	set.From = l.from(from, tables)
	if joins, ok := keys["join"]; ok {
		set.Joins = l.joins(joins, tables)
	}
	for _, alias := range sortedKeys(tables) {
		if l.personScope[alias] {
			l.fault(n, "alias %s is already the person's; give the table another", alias)
		}
	}
	aliases := widened(l.personScope, tables)
	if tied {
		set.Person = l.condition(tie, aliases)
	} else {
		l.fault(n, "person is missing; say which columns tie a row to the person's tables")
	}
	return aliases
}

// labels reads when a record carries each label. Whether it is sealed must always be said.
func (l *loader) labels(n node, keys map[string]node, aliases map[string]bool) map[clinical.Label]Expr {
	labels := map[clinical.Label]Expr{}
	read, ok := keys["labels"]
	if ok {
		for _, one := range l.entries(read) {
			label := clinical.Label(one.key)
			if !slices.Contains(clinical.Labels(), label) {
				l.fault(node{path: one.node.path, line: one.line, column: one.column},
					"unknown label %s; use sealed, sensitive or third_party", show(one.key))
				continue
			}
			labels[label] = l.condition(one.node, aliases)
		}
	} else {
		read = n
	}
	if _, ok := labels[clinical.LabelSealed]; !ok {
		l.fault(read, "label sealed is missing; name the flag, or say sealed: false where the system has none")
	}
	return labels
}

// fields reads the fields of a set.
func (l *loader) fields(kind clinical.Kind, n node, aliases map[string]bool) map[string]FieldExpr {
	fields := map[string]FieldExpr{}
	descriptor := kind.Descriptor()
	for _, read := range l.entries(n) {
		field, ok := descriptor.Field(read.key)
		if !ok {
			l.fault(node{path: read.node.path, line: read.line, column: read.column},
				"unknown field %s; %s has %s", show(read.key), kind, fieldNames(descriptor))
			continue
		}
		fields[read.key] = l.field(field.Type, read.node, aliases)
	}
	if _, ok := fields["date"]; !ok && isDated(kind) {
		l.fault(n, "date is missing; every list is in order of date, so name the column that says when it happened")
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
