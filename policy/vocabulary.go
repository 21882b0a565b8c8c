package policy

import (
	"maps"
	"slices"
	"strings"
)

// Ages lists every age band, youngest first and unknown last.
func Ages() []Age { return []Age{AgeUnder11, Age11And12, Age13To15, Age16AndUp, AgeUnknown} }

// Capacities lists every finding about a person's capacity.
func Capacities() []Capacity {
	return []Capacity{CapacityPresumed, CapacityCompetent, CapacityLacking}
}

// Authorities lists every authority of a proxy, none last.
func Authorities() []Authority { return []Authority{AuthorityParent, AuthorityAttorney, AuthorityNone} }

// Effects lists what a person may decide about a category.
func Effects() []string { return []string{"allow", "deny"} }

// Parties lists the kinds of party about which a person may decide.
func Parties() []string { return []string{"anyone", "organisation", "role"} }

// Texts lists every text in the tables of a policy, including keys, sorted and without duplicates.
func Texts(tables map[string]any) []string {
	found := map[string]struct{}{}
	collect(tables, found)
	return slices.Sorted(maps.Keys(found))
}

func collect(value any, into map[string]struct{}) {
	switch value := value.(type) {
	case string:
		into[value] = struct{}{}
	case []any:
		for _, each := range value {
			collect(each, into)
		}
	case map[string]any:
		for key, each := range value {
			into[key] = struct{}{}
			collect(each, into)
		}
	}
}

// Activities lists the activity codes in the tables of a policy: B and four digits.
func Activities(tables map[string]any) []string {
	return slices.DeleteFunc(Texts(tables), func(text string) bool {
		return len(text) != 5 || text[0] != 'B' || strings.Trim(text[1:], "0123456789") != ""
	})
}
