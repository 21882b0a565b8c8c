package audit

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"onelondon/internal/clinical"
	"onelondon/internal/embedded"
)

// Query says which entries to read; what is given must all hold. The zero value is refused: all entries of everybody are
// read on purpose.
type Query struct {
	Person       clinical.NHSNumber // whose entries
	Caller       string             // whose askings: the subject id of [Caller]
	Organisation string             // of which organisation's callers: an ODS code
	Events       []Event            // about any of these
	Alerts       bool               // only entries that a privacy officer should review
	Unreviewed   bool               // only alerts that no review is about; needs Alerts
	ReviewsOf    []uint64           // reviews of any of these entries, at most 400
	Everybody    bool               // all entries; Person must then be zero

	After       uint64 // only entries after this sequence in the direction of reading; 0 starts at the beginning
	NewestFirst bool
	Limit       int // at most 1,000, which is also what 0 means
}

// Entries reads entries in the order of their sequence. Each is proved to be as it was written and to be what was asked for;
// that none is missing only [Ledger.Verify] can tell.
func (l *Ledger) Entries(ctx context.Context, query Query) ([]Written, error) {
	if err := query.check(); err != nil {
		return nil, err
	}
	rows, err := l.log.Read(ctx, l.rowsOf(&query))
	if err != nil {
		return nil, err
	}
	entries := make([]Written, len(rows))
	for i, row := range rows {
		entry, err := decode(row.Body)
		if err != nil {
			return nil, fmt.Errorf("entry %d: %w", row.Sequence, err)
		}
		entries[i] = Written{Receipt: row.Receipt, Subject: subject(row.Person), Entry: entry}
	}
	return entries, nil
}

func (q *Query) check() error {
	narrowed := q.Caller != "" || q.Organisation != "" || q.Alerts || len(q.Events) > 0 || len(q.ReviewsOf) > 0
	switch {
	case q.Everybody && !q.Person.IsZero():
		return errors.New("read entries: expected one person or everybody, not both")
	case q.Person.IsZero() && !q.Everybody && !narrowed:
		return errors.New("read entries: expected a person, a caller, an organisation, events, alerts, reviews, or everybody")
	case len(q.ReviewsOf) > mostReviewed:
		return fmt.Errorf("read entries: reviews of %d entries at once; the most is %d", len(q.ReviewsOf), mostReviewed)
	case q.Unreviewed && !q.Alerts:
		return errors.New("read entries: only alerts are reviewed; ask for alerts")
	}
	return nil
}

// mostReviewed is of how many entries reviews are read at once: each has a branch of its own in a statement of SQLite, which
// takes 500.
const mostReviewed = 400

// The kinds of terms that entries are found by.
const (
	termCaller       = "caller"
	termOrganisation = "organisation"
	termEvent        = "event"
	termAlert        = "alert"
	termReviewed     = "reviewed"
)

// terms are what an entry is found by, from its stored form. A form that this version does not know has none. Every entry is
// looked through once for them, after it was written, so nothing else of it is decoded.
func terms(body []byte) []embedded.Term {
	var entry struct {
		Form   int    `json:"form"`
		Event  Event  `json:"event"`
		Caller Caller `json:"caller"`
		Alert  bool   `json:"alert"`
		// Reviewed is the sequence of what a review is about.
		Reviewed uint64 `json:"reviewed"`
	}
	if err := json.Unmarshal(body, &entry, jsontext.AllowInvalidUTF8(true)); err != nil || entry.Form != form {
		return nil
	}
	found := append(make([]embedded.Term, 0, 5), embedded.Term{Kind: termEvent, Value: string(entry.Event)})
	if entry.Caller.ID != "" {
		found = append(found, embedded.Term{Kind: termCaller, Value: entry.Caller.ID})
	}
	if entry.Caller.Organisation != "" {
		found = append(found, embedded.Term{Kind: termOrganisation, Value: entry.Caller.Organisation})
	}
	if entry.Alert {
		found = append(found, embedded.Term{Kind: termAlert})
	}
	if entry.Event == EventReview && entry.Reviewed != 0 {
		found = append(found, reviewOf(entry.Reviewed))
	}
	return found
}

// reviewOf is the term of a review of the entry.
func reviewOf(sequence uint64) embedded.Term {
	return embedded.Term{Kind: termReviewed, Value: strconv.FormatUint(sequence, 10)}
}

// rowsOf puts the narrowest first: it decides what is looked through.
func (l *Ledger) rowsOf(q *Query) embedded.Query {
	rows := embedded.Query{Person: l.log.Person(q.Person), After: q.After, NewestFirst: q.NewestFirst, Limit: q.Limit}
	narrow := func(kind, value string) { rows.Terms = append(rows.Terms, []embedded.Term{{Kind: kind, Value: value}}) }
	if len(q.ReviewsOf) > 0 {
		reviews := make([]embedded.Term, len(q.ReviewsOf))
		for i, sequence := range q.ReviewsOf {
			reviews[i] = reviewOf(sequence)
		}
		rows.Terms = append(rows.Terms, reviews)
	}
	if q.Caller != "" {
		narrow(termCaller, q.Caller)
	}
	if q.Alerts {
		narrow(termAlert, "")
	}
	if q.Organisation != "" {
		narrow(termOrganisation, q.Organisation)
	}
	if len(q.Events) > 0 {
		events := make([]embedded.Term, len(q.Events))
		for i, event := range q.Events {
			events[i] = embedded.Term{Kind: termEvent, Value: string(event)}
		}
		rows.Terms = append(rows.Terms, events)
	}
	if q.Unreviewed {
		rows.Lacking = reviewOf
	}
	return rows
}
