package sqlsource

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"onelondon/sources"
)

// Describe lists the tables from which the mapping reads, with all of their columns.
func (s *Source) Describe(ctx context.Context) (sources.Layout, error) {
	known, err := s.catalogue(ctx)
	if err != nil {
		return nil, err
	}
	layout := sources.Layout{}
	for _, table := range s.tables() {
		if columns, there := known[table]; there {
			layout[table] = columns
		}
	}
	return layout, nil
}

// gained lists what is new, restricted to one type if typ is given.
func gained(before, now map[string]string, typ string) []string {
	var names []string
	for name, is := range now {
		if _, was := before[name]; !was && (typ == "" || is == typ) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// drift reports what has changed in the tables from which the mapping reads, except missing things, which are reported
// by name elsewhere.
func drift(before, now sources.Layout) []sources.Finding {
	var findings []sources.Finding
	for _, table := range sortedNames(before) {
		columns, there := now[table]
		if !there {
			continue
		}
		shown := strings.TrimPrefix(table, ".")
		for _, column := range sortedNames(before[table]) {
			if typ, still := columns[column]; still && typ != before[table][column] {
				findings = append(findings, warning(sources.MatterDrift, 0,
					fmt.Sprintf("column %s of table %s was %s at the last check and is %s now", column, shown, before[table][column], typ),
					"read the notes of the upgrade: what is in the column may have changed as well"))
			}
		}
		if more := gained(before[table], columns, ""); len(more) > 0 {
			findings = append(findings, note(sources.MatterDrift, 0, fmt.Sprintf("table %s has gained %s since the last check", shown, strings.Join(more, ", "))))
		}
	}
	return findings
}

func sortedNames[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// renamed guesses the new name of a missing column: the one column that the table has gained since the last check, or
// the one with the most similar name; "" if there is no good guess.
func renamed(column string, before, now map[string]string) string {
	if typ, was := before[column]; was {
		if new := gained(before, now, typ); len(new) == 1 {
			return fmt.Sprintf("; since the last check the table has gained %s, which may be its new name", new[0])
		} else if len(new) > 1 {
			return fmt.Sprintf("; since the last check the table has gained %s; most like it is %s", strings.Join(new, ", "), nearest(column, new))
		}
	}
	if name := nearest(column, sortedNames(now)); name != "" {
		return "; the table has " + name + ", which is much like it"
	}
	return ""
}

// moved guesses the new name of a missing table: one with nearly the same columns or nearly the same name.
func moved(table string, before map[string]string, now catalogue) string {
	best, most := "", 0
	for _, other := range sortedNames(now) {
		same := 0
		for column := range before {
			if _, there := now[other][column]; there {
				same++
			}
		}
		if same > most {
			best, most = other, same
		}
	}
	if len(before) > 0 && most*10 >= len(before)*8 {
		return fmt.Sprintf("; %s has %d of its %d columns, which may be its new name", strings.TrimPrefix(best, "."), most, len(before))
	}
	if name := nearest(table, sortedNames(now)); name != "" {
		return "; there is " + strings.TrimPrefix(name, ".") + ", whose name is much like it"
	}
	return ""
}

// nearest finds the most similar name, if any is similar at all.
func nearest(name string, among []string) string {
	best, least := "", 0.4
	plain := flattened(name)
	for _, other := range among {
		candidate := flattened(other)
		if length := max(len(plain), len(candidate)); length > 0 && other != name {
			if apart := float64(edits(plain, candidate)) / float64(length); apart < least {
				best, least = other, apart
			}
		}
	}
	return best
}

func flattened(name string) string {
	return strings.NewReplacer("_", "", " ", "", ".", "").Replace(strings.ToLower(name))
}

// edits is the Levenshtein distance between two names.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := before
			if a[i] != b[j] {
				change++
			}
			before = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
