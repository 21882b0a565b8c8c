package gate

import (
	"context"
	"maps"
	"slices"

	"onelondon/internal/audit"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/policy"
)

// Alerts returns accesses that need a review (reviewed false) or have had one (reviewed true). The reading itself is
// durably in the ledger before Alerts returns.
func (g *Gate) Alerts(ctx context.Context, caller auth.Caller, reviewed bool, paging Paging) (*AccessPage, error) {
	a, err := g.begin(caller, policy.ReadAlerts, clinical.NHSNumber{})
	if err != nil {
		return nil, err
	}
	if err := a.permitOwn(ctx); err != nil {
		return nil, err
	}
	binding := bound("alerts", caller.ID, caller.Role, caller.Organisation, a.within(), map[bool]string{true: "reviewed"}[reviewed])
	after, err := g.sealer.place(paging.After, binding)
	if err != nil {
		return nil, a.fail(ctx, err)
	}
	reading, cancel := context.WithTimeout(ctx, g.parts.Deadline)
	defer cancel()
	found, reviews, err := g.alerts(reading, a.within(), reviewed, after, paging.First+1)
	if err != nil {
		return nil, err
	}
	page := &AccessPage{HasNext: len(found) > paging.First, Accesses: make([]Access, min(len(found), paging.First))}
	page.cursor = func(sequence uint64) string { return g.sealer.sealPlace(sequence, binding) }
	clerk := clerk{gate: g, policy: a.policy}
	for i := range page.Accesses {
		page.Accesses[i] = clerk.access(&found[i])
		page.Accesses[i].Reviews = append(page.Accesses[i].Reviews, reviews[found[i].Sequence]...)
	}
	return page, a.done(ctx)
}

// alerts returns up to limit alerts, newest first, either reviewed or not, together with their reviews.
func (g *Gate) alerts(ctx context.Context, within string, reviewed bool, after uint64, limit int) (
	[]audit.Written, map[uint64][]Review, error,
) {
	query := audit.Query{Alerts: true, Unreviewed: !reviewed, Organisation: within, After: after, NewestFirst: true, Limit: limit}
	reviews := map[uint64][]Review{}
	var found []audit.Written
	for len(found) < limit {
		some, err := g.read(ctx, query)
		if err != nil || len(some) == 0 {
			return found, reviews, err
		}
		query.After = some[len(some)-1].Sequence
		if reviewed {
			if some, err = g.reviewed(ctx, some, reviews); err != nil {
				return nil, nil, err
			}
		}
		found = append(found, some...)
	}
	return found[:limit], reviews, nil
}

// reviewed keeps the entries that have reviews and attaches those reviews.
func (g *Gate) reviewed(ctx context.Context, entries []audit.Written, reviews map[uint64][]Review) ([]audit.Written, error) {
	sequences := make([]uint64, len(entries))
	for i := range entries {
		sequences[i] = entries[i].Sequence
	}
	some, err := g.reviews(ctx, sequences)
	maps.Copy(reviews, some)
	return slices.DeleteFunc(entries, func(each audit.Written) bool { return len(some[each.Sequence]) == 0 }), err
}

// reviews returns the reviews of the given entries, by sequence. It holds in memory only reviews of those entries.
func (g *Gate) reviews(ctx context.Context, of []uint64) (map[uint64][]Review, error) {
	reviews := map[uint64][]Review{}
	err := g.scan(ctx, audit.Query{ReviewsOf: of}, func(written *audit.Written) bool {
		note(reviews, written)
		return true
	})
	return reviews, err
}

// note files a review under the entry it is about. Reviews are read newest first and kept oldest first.
func note(reviews map[uint64][]Review, written *audit.Written) {
	if entry := &written.Entry; entry.Event == audit.EventReview && entry.Outcome == audit.OutcomeReleased {
		reviews[entry.Reviewed] = slices.Insert(reviews[entry.Reviewed], 0, reviewOf(written))
	}
}

func reviewOf(written *audit.Written) Review {
	return Review{Sequence: written.Sequence, At: written.Entry.Time, Reviewer: clinical.Text(written.Entry.Caller.Name),
		Finding: written.Entry.Finding}
}

// addReviews attaches reviews to accesses. It reads nothing if none of them is an alert.
func (g *Gate) addReviews(ctx context.Context, accesses []Access) error {
	var alerts []uint64
	for i := range accesses {
		if accesses[i].Alert {
			alerts = append(alerts, accesses[i].Sequence)
		}
	}
	if len(alerts) == 0 {
		return nil
	}
	reviews, err := g.reviews(ctx, alerts)
	for i := range accesses {
		accesses[i].Reviews = append(accesses[i].Reviews, reviews[accesses[i].Sequence]...)
	}
	return err
}

const (
	leastFinding = 3
	mostFinding  = 4000 // bytes
)

// ReviewAlert records the result of reviewing an alert, in the ledger, beside the alert and any other reviews of it. An
// entry that does not exist, is not an alert, or is not visible to the caller is refused in the same way, with
// [ErrAlert]. Nobody may review their own access.
func (g *Gate) ReviewAlert(ctx context.Context, caller auth.Caller, sequence uint64, finding string) (Review, Access, error) {
	a, err := g.begin(caller, policy.ReviewAlert, clinical.NHSNumber{})
	if err != nil {
		return Review{}, Access{}, err
	}
	finding = Typed(finding)
	if len(finding) < leastFinding || len(finding) > mostFinding {
		return Review{}, Access{}, a.fail(ctx, ErrReason)
	}
	if err := a.permitOwn(ctx); err != nil {
		return Review{}, Access{}, err
	}
	reading, cancel := context.WithTimeout(ctx, g.parts.Deadline)
	defer cancel()
	alert, err := g.alert(reading, sequence, a.within())
	if err != nil {
		return Review{}, Access{}, a.fail(ctx, err)
	}
	if alert.Entry.Caller.ID == caller.ID {
		return Review{}, Access{}, a.refuse(ctx)
	}
	entry := a.entry()
	entry.Reviewed, entry.Finding = sequence, finding
	receipt, err := a.write(ctx, entry)
	if err != nil {
		return Review{}, Access{}, err
	}
	accesses := []Access{clerk{gate: g, policy: a.policy}.access(alert)}
	if err := g.addReviews(reading, accesses); err != nil {
		return Review{}, Access{}, err
	}
	return Review{Sequence: receipt.Sequence, At: a.started, Reviewer: clinical.Text(caller.Name), Finding: finding}, accesses[0], nil
}

// alert reads one alert.
func (g *Gate) alert(ctx context.Context, sequence uint64, within string) (*audit.Written, error) {
	var found *audit.Written
	err := g.scan(ctx, audit.Query{Everybody: true, After: sequence + 1, Limit: 1}, func(written *audit.Written) bool {
		if written.Sequence == sequence && written.Entry.Alert && (within == "" || written.Entry.Caller.Organisation == within) {
			found = written
		}
		return false
	})
	if err == nil && found == nil {
		err = ErrAlert
	}
	return found, err
}
