package scaffold

import (
	"slices"
)

// fewest is how many different values a column must have before finding all of them elsewhere says anything.
const fewest = 3

// included finds columns of codes and identifiers all of whose values are keys of one small table, whatever the names.
func (l *linker) included() []Link {
	var links []Link
	for i := range l.c.Tables {
		for j := range l.c.Tables[i].Columns {
			words := l.words[i][j]
			stats := &l.c.Tables[i].Stats[j]
			if stats.Distinct < fewest && !(stats.Distinct > 0 && slices.Contains(words, "code")) || !refers(words) || stats.mostly(stats.dates()) {
				continue
			}
			links = append(links, l.holders(Place{i, j})...)
		}
	}
	return links
}

func refers(words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool {
		return slices.Contains([]string{"id", "code", "method", "location", "scheme", "system", "type", "status"}, word)
	})
}

func (l *linker) holders(from Place) []Link {
	var links []Link
	for i := range l.c.Tables {
		t := &l.c.Tables[i]
		if i == from.Table && !slices.Contains(l.words[i][from.Column], "system") || l.labelled(i) < 0 {
			continue
		}
		for _, key := range l.keys[i] {
			to := Place{i, key}
			if to == from || !t.Stats[key].unique() || t.Stats[key].dense() || slices.Contains(l.keys[from.Table], from.Column) {
				continue
			}
			found, told := l.c.among(Pair{from, to})
			if share, _ := found.share(); told && share == 1 {
				links = append(links, Link{from, to, 0.62, "all its values are keys there", true})
			}
		}
	}
	return links
}

// labelled finds the column of a table that says in words what a row stands for, or -1.
func (l *linker) labelled(table int) int {
	best, score := -1, 0
	for j := range l.c.Tables[table].Columns {
		words := l.words[table][j]
		stats := &l.c.Tables[table].Stats[j]
		if slices.Contains(words, "id") || slices.Contains(words, "code") && !slices.ContainsFunc(words, inWords) || stats.mostly(stats.Number) || stats.mostly(stats.dates()) {
			continue
		}
		points := 0
		for i, word := range []string{"option", "text", "description", "term", "display", "name"} {
			if slices.Contains(words, word) {
				points = max(points, 2*i+2)
			}
		}
		if points > 0 && len(words) <= 2 {
			points++
		}
		if slices.Contains(words, "full") {
			points++
		}
		if slices.Contains(words, "forename") || slices.Contains(words, "surname") || slices.Contains(words, "middle") {
			points -= 4
		}
		if points > score {
			best, score = j, points
		}
	}
	if best >= 0 {
		return best
	}
	return slices.IndexFunc(l.words[table], func(words []string) bool { return slices.Contains(words, "surname") })
}

// inWords reports whether a word of a column's name says that it holds words.
func inWords(word string) bool {
	return slices.Contains([]string{"text", "description", "term", "display", "name"}, word)
}
