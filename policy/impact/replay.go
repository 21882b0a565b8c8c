package impact

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"onelondon/policy/prose"
	"onelondon/policy/specimen"
)

// replayed is the result of replaying accesses with equal ledger entries.
type replayed struct {
	possible   bool // some state of a person explains the ledger entry
	assumed    string
	difference *specimen.Difference
}

// replay replays every access.
func (a *assessment) replay(ctx context.Context, report *Report) error {
	exact, unexplained := 0, 0
	roles, kinds, sources, assumed := tally{}, tally{}, tally{}, map[string]int{}
	for access, err := range a.Accesses {
		if err != nil {
			return err
		}
		again, err := a.again(ctx, &access)
		if err != nil {
			return err
		}
		switch {
		case !again.possible:
			unexplained++
			continue
		case access.Known:
			exact++
		default:
			assumed[again.assumed]++
		}
		gained, lost := asked(again.difference.Gained, access.Kinds), asked(again.difference.Lost, access.Kinds)
		gains := len(gained) > 0 || len(again.difference.Unmasked) > 0
		loses := len(lost) > 0 || len(again.difference.Masked) > 0
		roles.add(rowKey{a.group(access.Input), string(access.Input.Purpose)}, &access, gains, loses)
		for _, kind := range access.Kinds {
			kinds.add(rowKey{kind, ""}, &access, slices.Contains(gained, kind), slices.Contains(lost, kind))
		}
		for _, source := range access.Sources {
			sources.add(rowKey{source, ""}, &access, gains, loses)
		}
	}
	report.Roles, report.Kinds, report.Sources = roles.rows(a), kinds.rows(a), sources.rows(a)
	a.counted(report, exact, unexplained, assumed)
	return nil
}

// again asks both policies about an access. If the ledger does not contain the input, it finds the simplest state of
// the person under which the policy in force decides as the ledger says.
func (a *assessment) again(ctx context.Context, access *Access) (*replayed, error) {
	key := fmt.Sprintf("%+v %v %v", access.Input, access.Known, access.Reasons)
	if known, ok := a.replays[key]; ok {
		return known, nil
	}
	found := &replayed{}
	a.replays[key] = found
	if access.Known {
		var err error
		found.possible = true
		found.difference, err = a.between(ctx, access.Input)
		return found, err
	}
	for _, person := range States() {
		input := access.Input
		input.Person = person
		decision, err := a.From.Decide(ctx, input)
		if err != nil {
			return nil, err
		}
		if !slices.Equal(decision.Reasons, slices.Sorted(slices.Values(access.Reasons))) {
			continue
		}
		found.possible = true
		found.assumed = cmp.Or(specimen.Listed(a.teller.Person(person)), "nothing particular is known of the person")
		found.difference, err = a.between(ctx, input)
		return found, err
	}
	return found, nil
}

// counted reports how many accesses were replayed, and on what basis. The numbers form one column of the report, so
// that none can be computed from the others.
func (a *assessment) counted(report *Report, exact, unexplained int, assumed map[string]int) {
	counts := []int{exact, unexplained}
	sentences := slices.SortedFunc(maps.Keys(assumed), func(one, other string) int {
		return cmp.Or(cmp.Compare(assumed[other], assumed[one]), strings.Compare(one, other))
	})
	for _, sentence := range sentences {
		counts = append(counts, assumed[sentence])
	}
	shown := a.hidden.column(counts)
	report.Exact, report.NotReplayed, report.Assumed = shown[0].String(), shown[1].String(), []Assumption{}
	for i, sentence := range sentences {
		report.Assumed = append(report.Assumed, Assumption{shown[i+2].String(), sentence})
	}
	report.Guessed, report.Accesses = sum(shown[2:]).String(), sum(shown).String()
}

// asked are the shares of kinds that were asked for; all shares if that is not known.
func asked(shares []specimen.Share, kinds []string) []string {
	var names []string
	for _, share := range shares {
		for _, kind := range share.Kinds {
			if (len(kinds) == 0 || slices.Contains(kinds, kind)) && !slices.Contains(names, kind) {
				names = append(names, kind)
			}
		}
	}
	return names
}

type rowKey struct{ name, purpose string }

// tally counts people once in each row, however often they were asked about.
type tally map[rowKey]*tallied

type tallied struct {
	people, gain, lose map[string]struct{}
	changed            []example
}

// example is an access whose decision would change, with the caller's organisation.
type example struct{ request, organisation string }

func (t tally) add(key rowKey, access *Access, gains, loses bool) {
	row, known := t[key]
	if !known {
		row = &tallied{map[string]struct{}{}, map[string]struct{}{}, map[string]struct{}{}, nil}
		t[key] = row
	}
	row.people[access.Person] = struct{}{}
	if gains {
		row.gain[access.Person] = struct{}{}
	}
	if loses {
		row.lose[access.Person] = struct{}{}
	}
	if gains || loses {
		row.changed = append(row.changed, example{access.RequestID, access.Input.Organisation})
	}
}

func (t tally) rows(a *assessment) []Row {
	keys := slices.SortedFunc(maps.Keys(t), func(one, other rowKey) int {
		return cmp.Or(strings.Compare(one.name, other.name), strings.Compare(one.purpose, other.purpose))
	})
	counts := make([]peopleCounts, len(keys))
	for i, key := range keys {
		counts[i] = peopleCounts{len(t[key].people), len(t[key].gain), len(t[key].lose)}
	}
	rows := make([]Row, len(keys))
	for i, shown := range a.hidden.table(counts) {
		rows[i] = Row{Name: keys[i].name, Purpose: keys[i].purpose, People: shown[0].String(), Gain: shown[1].String(),
			Lose: shown[2].String(), Examples: a.shown(t[keys[i]].changed)}
	}
	return rows
}

// shown are the request ids of examples that may be shown.
func (a *assessment) shown(changed []example) []string {
	var ids []string
	for _, each := range changed {
		if len(ids) < a.Examples && (a.ExamplesOf == "" || each.organisation == a.ExamplesOf) {
			ids = append(ids, each.request)
		}
	}
	return ids
}

// made compares the policies on the questions made from their words.
func (a *assessment) made(ctx context.Context, report *Report) error {
	populations := map[rowKey]*Population{}
	changes := map[string]*Change{}
	for _, input := range Questions(a.teller) {
		difference, err := a.between(ctx, input)
		if err != nil {
			return err
		}
		key := rowKey{a.group(input), string(input.Purpose)}
		population, known := populations[key]
		if !known {
			population = &Population{Name: key.name, Purpose: key.purpose}
			populations[key] = population
		}
		population.Questions++
		if difference.More() {
			population.More++
		}
		if difference.Less() {
			population.Less++
		}
		if difference.Empty() {
			continue
		}
		words := fmt.Sprint(*difference)
		if _, known := changes[words]; !known {
			changes[words] = &Change{Example: a.teller.Question(input), Then: *difference}
		}
		changes[words].Questions++
	}
	report.Made, report.Changes = []Population{}, []Change{}
	for _, population := range populations {
		report.Made = append(report.Made, *population)
	}
	slices.SortFunc(report.Made, func(one, other Population) int {
		return cmp.Or(strings.Compare(one.Name, other.Name), strings.Compare(one.Purpose, other.Purpose))
	})
	for _, change := range changes {
		report.Changes = append(report.Changes, *change)
	}
	slices.SortFunc(report.Changes, func(one, other Change) int {
		return cmp.Or(cmp.Compare(other.Questions, one.Questions), strings.Compare(prose.Joined(one.Example), prose.Joined(other.Example)))
	})
	return nil
}
