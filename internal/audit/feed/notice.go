package feed

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"time"

	"onelondon/internal/audit"
)

// Notice is one thing of which somebody is to be told.
type Notice struct {
	Sequence     uint64    `json:"sequence"`
	Time         time.Time `json:"time"`
	Event        string    `json:"event"`                  // access, break_glass, or preference where staff recorded what the person decided
	Organisation string    `json:"organisation,omitempty"` // ODS code; empty for a citizen
	RoleCode     string    `json:"roleCode,omitempty"`
	Role         string    `json:"role,omitempty"` // in words, where the policy's tables have it
	Purpose      string    `json:"purpose,omitempty"`
	Emergency    bool      `json:"emergency"` // the glass was broken
	Automated    bool      `json:"automated"` // a program asked, nobody looked
	RequestID    string    `json:"requestId"`
	Subject      string    `json:"subject"`        // what stands for the person under the site's key
	Line         int       `json:"line,omitempty"` // of the numbers that were asked for, where the person's stood, from 1
}

// NoticeOptions say which notices. The zero value is all of them.
type NoticeOptions struct {
	After uint64                   // only what came after this entry
	Lines map[string]int           // where it is not nil, only of these subjects, each with its line
	Roles func(code string) string // what a role is called; nil where nobody knows
	Text  bool                     // lines of words for a shell to read, and no JSON
}

// Notices writes what people are to be told, and returns the sequence of the last entry that was looked at.
func Notices(ctx context.Context, ledger Ledger, out io.Writer, options NoticeOptions) (last uint64, err error) {
	return write(ctx, ledger, out, audit.Query{Everybody: true, After: options.After}, func(out io.Writer, written *audit.Written) error {
		line, asked := options.Lines[written.Subject]
		if !written.Entry.Notify || written.Subject == "" || options.Lines != nil && !asked {
			return nil
		}
		notice := options.notice(written, line)
		if options.Text {
			return notice.text(out)
		}
		return encode(out, notice)
	})
}

func (o *NoticeOptions) notice(written *audit.Written, line int) Notice {
	entry := &written.Entry
	notice := Notice{Sequence: written.Sequence, Time: entry.Time.UTC(), Event: eventName(entry.Event), Organisation: entry.Caller.Organisation,
		RoleCode: entry.Caller.Role, Purpose: entry.Purpose, Emergency: entry.Emergency, Automated: entry.Automated,
		RequestID: entry.RequestID, Subject: written.Subject, Line: line}
	if o.Roles != nil && entry.Caller.Role != "" {
		notice.Role = o.Roles(entry.Caller.Role)
	}
	return notice
}

// text writes the notice as words with blanks between: line, time, event, organisation and, last since it may hold blanks, the role.
// What there is not is a hyphen, so that each word keeps its place.
func (n *Notice) text(out io.Writer) error {
	_, err := fmt.Fprintf(out, "%d %s %s %s %s\n", n.Line, n.Time.Format(time.RFC3339), n.Event, cmp.Or(n.Organisation, "-"), cmp.Or(n.Role, n.RoleCode, "-"))
	return err
}

// eventName is an event in a word; the ledger's own for an access is empty.
func eventName(event audit.Event) string {
	if event == audit.EventAccess {
		return "access"
	}
	return string(event)
}
