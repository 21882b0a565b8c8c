package enact

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// Try judges a bundle as a server with these options would, without putting it in force, and returns the record that it would
// make. Back allows it to be older than what was in force before. It is for commands: what they are told here holds for a
// server that reads the same configuration.
func Try(ctx context.Context, options Options, content, approvals []byte, back bool) (Record, error) {
	if err := options.Approval.Check(); err != nil {
		return Record{}, fmt.Errorf("judge bundle: %w", err)
	}
	history, err := OpenHistory(options.History)
	if err != nil {
		return Record{}, err
	}
	k := &Keeper{options: options, history: history}
	_, record, err := k.open(ctx, &offer{content: content, approvals: approvals}, back)
	return record, err
}

// TryKept judges a bundle of the history, as for a rollback.
func TryKept(ctx context.Context, options Options, digest string) (Record, error) {
	history, err := OpenHistory(options.History)
	if err != nil {
		return Record{}, err
	}
	kept, err := history.offer(digest)
	if err != nil {
		return Record{}, fmt.Errorf("bundle %.12s: %w", digest, err)
	}
	return Try(ctx, options, kept.content, kept.approvals, true)
}

// Instead finds the newest bundle of the history, but for one, that a server with these options would take now.
func Instead(ctx context.Context, options Options, but string) (Record, bool) {
	history, err := OpenHistory(options.History)
	if err != nil {
		return Record{}, false
	}
	return instead(ctx, options, history, but)
}

func instead(ctx context.Context, options Options, history *History, but string) (Record, bool) {
	records, err := history.Records()
	if err != nil {
		return Record{}, false
	}
	slices.SortStableFunc(records, func(a, b Record) int { return cmp.Compare(b.Number, a.Number) })
	tried := []string{but}
	for _, record := range records {
		if slices.Contains(tried, record.Bundle) {
			continue
		}
		tried = append(tried, record.Bundle)
		kept, err := history.offer(record.Bundle)
		if err != nil {
			continue // no longer kept, or damaged
		}
		if _, err := Try(ctx, options, kept.content, kept.approvals, true); err == nil {
			return record, true
		}
	}
	return Record{}, false
}

// Before finds the bundle to go back to: the newest that was in force with a lower number than the one that is, and that the
// history still holds.
func (h *History) Before() (Record, error) {
	current, found, err := h.current()
	if err != nil {
		return Record{}, err
	}
	if !found {
		return Record{}, fmt.Errorf("nothing was in force here yet: %w", ErrNotKept)
	}
	return h.find(func(r Record) bool { return r.Number < current.Number }, "no bundle older than "+current.Revision)
}

// Named finds a bundle that was in force by its revision.
func (h *History) Named(revision string) (Record, error) {
	return h.find(func(r Record) bool { return r.Revision == revision }, "no bundle "+revision)
}

// find is the bundle of the largest number that was in force, fits and is held.
func (h *History) find(fits func(Record) bool, otherwise string) (Record, error) {
	records, err := h.Records()
	if err != nil {
		return Record{}, err
	}
	var best Record
	for _, record := range records {
		if fits(record) && record.Number >= best.Number && h.Holds(record.Bundle) {
			best = record
		}
	}
	if best.Bundle == "" {
		return Record{}, fmt.Errorf("%s: %w", otherwise, ErrNotKept)
	}
	return best, nil
}

// current is what is pinned, or else what was put in force last.
func (h *History) current() (Record, bool, error) {
	records, err := h.Records()
	if err != nil || len(records) == 0 {
		return Record{}, false, err
	}
	pin, err := h.Pin()
	if err != nil {
		return Record{}, false, err
	}
	for _, record := range records {
		if record.Bundle == pin.Bundle {
			return record, true, nil
		}
	}
	return records[len(records)-1], true, nil
}
