package feed

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"onelondon/internal/audit"
)

// Ledger is what is read.
type Ledger interface {
	Entries(ctx context.Context, query audit.Query) ([]audit.Written, error)
}

// write writes, by each, a line for every entry that is to have one, in the order of the ledger, and returns the sequence of the last
// entry that was looked at, which is query.After where there was none. An error leaves whole lines behind, and the sequence up to
// which they are.
func write(ctx context.Context, ledger Ledger, out io.Writer, query audit.Query, each func(io.Writer, *audit.Written) error) (last uint64, err error) {
	buffered := bufio.NewWriter(out)
	for last = query.After; ; last = query.After {
		entries, err := ledger.Entries(ctx, query)
		if err != nil {
			return last, fmt.Errorf("read the ledger after entry %d: %w", last, err)
		}
		if len(entries) == 0 {
			return last, nil
		}
		for i := range entries {
			query.After = entries[i].Sequence
			if err := each(buffered, &entries[i]); err != nil {
				return last, fmt.Errorf("write entry %d: %w", entries[i].Sequence, err)
			}
		}
		if err := buffered.Flush(); err != nil {
			return last, fmt.Errorf("write the entries after %d: %w", last, err)
		}
	}
}

// encode writes a JSON object in a line.
func encode(out io.Writer, value any) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}

// ofCitizen reports whether a citizen did it: the ledger knows one by having neither a role nor an organisation.
func ofCitizen(who audit.Caller) bool { return who.Role == "" && who.Organisation == "" }
