package feed

import (
	"context"
	"io"

	"onelondon/internal/audit"
)

// Exported is one entry of the ledger without what is or may be a patient's.
type Exported struct {
	Sequence uint64 `json:"sequence"`
	Receipt  string `json:"receipt"`           // proves to onelondon audit verify that the ledger still has the entry
	Subject  string `json:"subject,omitempty"` // what stands for the person under the site's key; empty for nobody
	Citizen  bool   `json:"citizen"`           // a citizen did it, who is not named
	audit.Entry
	Event   string   `json:"event"`             // in a word, in the place of the ledger's own
	LeftOut []string `json:"leftOut,omitempty"` // members that the ledger has and this line has not
}

// ExportOptions say which entries, and how much of them. The zero value is all of them, without what was typed.
type ExportOptions struct {
	After        uint64 // only what came after this entry
	Organisation string // only what users of this organisation did, an ODS code; empty for everybody's
	Typed        bool   // what somebody typed is left in: reasons and findings, in which patients may be named
}

// Export writes entries, and returns the sequence of the last that was looked at.
func Export(ctx context.Context, ledger Ledger, out io.Writer, options ExportOptions) (last uint64, err error) {
	query := audit.Query{Everybody: options.Organisation == "", Organisation: options.Organisation, After: options.After}
	return write(ctx, ledger, out, query, func(out io.Writer, written *audit.Written) error { return encode(out, options.line(written)) })
}

func (o *ExportOptions) line(written *audit.Written) Exported {
	e := Exported{Sequence: written.Sequence, Receipt: written.Receipt.String(), Subject: written.Subject,
		Citizen: ofCitizen(written.Entry.Caller), Entry: written.Entry, Event: eventName(written.Entry.Event)}
	if e.Decided != nil {
		e.Decided, e.LeftOut = nil, append(e.LeftOut, "decided")
	}
	if e.Citizen && e.Caller != (audit.Caller{}) {
		e.Caller, e.LeftOut = audit.Caller{}, append(e.LeftOut, "caller")
	}
	if !o.Typed && e.ClaimedReason != "" {
		e.ClaimedReason, e.LeftOut = "", append(e.LeftOut, "claimedReason")
	}
	if !o.Typed && e.Evidence != "" {
		e.Evidence, e.LeftOut = "", append(e.LeftOut, "evidence")
	}
	if !o.Typed && e.Finding != "" {
		e.Finding, e.LeftOut = "", append(e.LeftOut, "finding")
	}
	return e
}
