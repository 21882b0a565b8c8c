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

// write writes a line for every entry for which line gives one, in the order of the ledger, and returns the sequence of the last
// entry that was looked at, which is query.After where there was none. An error leaves whole lines behind, and the sequence up to
// which they are.
func write(ctx context.Context, ledger Ledger, out io.Writer, query audit.Query, line func(*audit.Written) any) (last uint64, err error) {
	buffered := bufio.NewWriter(out)
	encoder := json.NewEncoder(buffered)
	encoder.SetEscapeHTML(false)
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
			if each := line(&entries[i]); each != nil {
				if err := encoder.Encode(each); err != nil {
					return last, fmt.Errorf("write entry %d: %w", entries[i].Sequence, err)
				}
			}
		}
		if err := buffered.Flush(); err != nil {
			return last, fmt.Errorf("write the entries after %d: %w", last, err)
		}
	}
}

// ofCitizen reports whether a citizen did it: the ledger knows one by having neither a role nor an organisation.
func ofCitizen(who audit.Caller) bool { return who.Role == "" && who.Organisation == "" }
