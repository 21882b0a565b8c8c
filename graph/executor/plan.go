package executor

import (
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"onelondon/internal/clinical"
)

// groups puts the groups of an urgent care plan's fields into its table. Each is the plan itself, seen through some of its fields,
// and null where none of these has a value.
func (t *tables) groups(table fields[item], descriptor *clinical.Descriptor) {
	for _, name := range clinical.PlanGroups() {
		grouped, members := fields[item]{}, []*clinical.Field{}
		for i := range descriptor.Fields {
			field := &descriptor.Fields[i]
			if rest, inGroup := strings.CutPrefix(field.Name, name); inGroup {
				grouped[strings.ToLower(rest[:1])+rest[1:]] = t.own(field)
				members = append(members, field)
			}
		}
		table[name] = group(grouped, members)
	}
}

func group(table fields[item], members []*clinical.Field) build[item] {
	return func(c *compiler, field graphql.CollectedField) write[item] {
		key, compiled := field.Alias, compile(c, table, field.Selections, field.Definition.Type.Name())
		return func(w *writer, i item) outcome {
			if !some(members, i.record) {
				return w.null()
			}
			w.enter(key)
			result := compiled.write(w, i)
			w.leave()
			return result
		}
	}
}

// some reports whether any of the fields has a value.
func some(members []*clinical.Field, record clinical.Record) bool {
	for _, field := range members {
		if concept, isConcept := field.In(record).Addr().Interface().(*clinical.Concept); isConcept && !concept.IsZero() ||
			!isConcept && !field.In(record).IsZero() {
			return true
		}
	}
	return false
}
