package consent

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"onelondon/internal/clinical"
)

// Step is what a directive does to a person's objection to the shared record. The zero value is no step.
type Step string

// The steps. Any may follow any: the last recorded holds.
const (
	Requested Step = "requested"  // the person objects; nobody has decided yet
	Upheld    Step = "upheld"     // the objection stands
	NotUpheld Step = "not_upheld" // decided against, because of clinical need; needs a reason
	Withdrawn Step = "withdrawn"  // the person no longer objects
)

// Authority is on whose word a directive was recorded. The zero value is nobody's.
type Authority string

// The authorities.
const (
	Self      Authority = "self"
	Parent    Authority = "parent"
	Attorney  Authority = "attorney" // lasting power of attorney, or a deputy of the Court of Protection
	Clinician Authority = "clinician"
)

// Directive is one thing said. All fields are required, but for the Reason, which only NotUpheld needs.
type Directive struct {
	Person     clinical.NHSNumber // sealed when recorded
	Step       Step
	Authority  Authority
	RecordedBy string    // the account that recorded it
	At         time.Time // when it was said, not in the future; what holds goes by the order of recording, not by this
	Reason     string    // free text
}

const (
	maxText  = 2000           // bytes of free text
	slowness = 24 * time.Hour // how far ahead a clock may be, or a time zone
)

const unknownAuthority = "the authority is not one of self, parent, attorney, clinician"

func (s Step) known() bool { return s == Requested || s == Upheld || s == NotUpheld || s == Withdrawn }

func (a Authority) known() bool { return a == Self || a == Parent || a == Attorney || a == Clinician }

// fault says what is wrong with the directive, in words that hold nothing of it.
func (d *Directive) fault(now time.Time) string {
	switch {
	case d.Person.IsZero():
		return "no NHS number"
	case !d.Step.known():
		return "the objection is not one of requested, upheld, not_upheld, withdrawn"
	case !d.Authority.known():
		return unknownAuthority
	case strings.TrimSpace(d.RecordedBy) == "":
		return "nobody recorded it"
	case d.At.IsZero():
		return "no date"
	case d.At.After(now.Add(slowness)):
		return "the date is in the future"
	case d.Step == NotUpheld && strings.TrimSpace(d.Reason) == "":
		return "an objection that is not upheld needs a reason"
	case len(d.Reason) > maxText || len(d.RecordedBy) > maxText:
		return fmt.Sprintf("a text is longer than %d bytes", maxText)
	case !utf8.ValidString(d.Reason) || !utf8.ValidString(d.RecordedBy):
		return "a text is not UTF-8"
	}
	return ""
}

// form is the present form of a stored directive, and aboutSharedRecord the only thing a directive can be about so far. A
// register that holds another does not open: what is not understood must not be passed over.
const (
	form              = 1
	aboutSharedRecord = "shared_record"
)

// stored is a directive in its canonical bytes: JSON with the fields in this order, times in UTC.
type stored struct {
	Form       int       `json:"form"`
	About      string    `json:"about"`
	Step       Step      `json:"step"`
	Authority  Authority `json:"authority"`
	RecordedBy string    `json:"recordedBy"`
	At         time.Time `json:"at"`
	Reason     string    `json:"reason,omitempty"`
}

func encode(d Directive) ([]byte, error) {
	body, err := json.Marshal(stored{form, aboutSharedRecord, d.Step, d.Authority, d.RecordedBy, d.At.UTC(), d.Reason})
	if err != nil {
		return nil, errors.New("write a directive: not a date that can be written") // the cause would quote the date
	}
	return body, nil
}

func decode(body []byte) (stored, error) {
	var s stored
	if err := json.Unmarshal(body, &s); err != nil {
		return stored{}, errors.New("read a directive: not in a form this version knows") // the cause would quote it
	}
	if s.Form != form || s.About != aboutSharedRecord {
		return stored{}, errors.New("read a directive: recorded by a newer version")
	}
	return s, nil
}
