package decisionlog

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"onelondon/internal/audit"
)

// Ledger is what a log is made of.
type Ledger interface {
	Entries(ctx context.Context, query audit.Query) ([]audit.Written, error)
}

// Options say which decisions, and how much of them.
type Options struct {
	Since, Until time.Time         // from the first, before the second; zero for no bound
	Names        bool              // names of staff are left in; those of citizens never are
	Version      string            // of the program, for the label
	Revisions    map[string]string // what bundles are called, by the digest under which the ledger has them
}

// Export writes the decisions in the order of the ledger and returns how many there were. An error leaves whole lines behind.
func Export(ctx context.Context, ledger Ledger, out io.Writer, options Options) (int, error) {
	buffered := bufio.NewWriter(out)
	encoder := json.NewEncoder(buffered)
	count, after := 0, uint64(0)
	for {
		entries, err := ledger.Entries(ctx, audit.Query{Everybody: true, After: after})
		if err != nil {
			return count, fmt.Errorf("export decisions: %w", err)
		}
		if len(entries) == 0 {
			return count, buffered.Flush()
		}
		for i := range entries {
			after = entries[i].Sequence
			if !options.covers(entries[i].Entry.Time) {
				continue
			}
			if err := encoder.Encode(options.eventOf(&entries[i])); err != nil {
				return count, fmt.Errorf("export decisions: %w", err)
			}
			count++
		}
		if err := buffered.Flush(); err != nil {
			return count, fmt.Errorf("export decisions: %w", err)
		}
	}
}

func (o *Options) covers(at time.Time) bool {
	return !at.Before(o.Since) && (o.Until.IsZero() || at.Before(o.Until))
}
