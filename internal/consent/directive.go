package consent

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"onelondon/internal/clinical"
)

// Authority is on whose word a directive was recorded. The zero value is nobody's.
type Authority string

// The authorities.
const (
	Self      Authority = "self"
	Parent    Authority = "parent"
	Attorney  Authority = "attorney" // lasting power of attorney, or a deputy of the Court of Protection
	Clinician Authority = "clinician"
	// Controller is nobody's word: an organisation that answers for the record decided it or checked it, such as its Caldicott
	// guardian about an objection.
	Controller Authority = "controller"
)

func (a Authority) known() bool {
	return a == Self || a == Parent || a == Attorney || a == Clinician || a == Controller
}

// Directive is one thing said. Person, About, Authority, RecordedBy and At are required, but for what is about nobody:
// [ListRefreshed] and [Adoption] have neither a person nor an authority.
type Directive struct {
	Person     clinical.NHSNumber // sealed when recorded
	About      About
	Authority  Authority
	RecordedBy string    // the account that recorded it
	Staff      Staff     // who that was, where staff recorded what somebody else decided
	At         time.Time // when it was said, not in the future; what holds goes by the order of recording, not by this
	// From and Until bound when it holds, to the second: from the first, until just before the second. Zero is without bound.
	// Outside of its time what was recorded before holds, as if this had not been said.
	From, Until time.Time
	Reason      string // free text
	Evidence    string // a reference to what proves it, such as the id of a document
}

// Staff is a member of staff who recorded what somebody else decided, as they signed in, for the person to read. The zero value
// is nobody: whoever decided recorded it, or it was imported.
type Staff struct {
	Name         string
	Role         string // R-code of the selected role
	Organisation string // its ODS code
}

const (
	maxText  = 2000           // bytes of a text
	slowness = 24 * time.Hour // how far ahead a clock may be, or a time zone
)

const unknownAuthority = "the authority is not one of self, parent, attorney, clinician, controller"

// fault says what is wrong with the directive, in words that hold nothing of it.
func (d *Directive) fault(now time.Time) string {
	if d.About == nil {
		return "it is about nothing"
	}
	for _, check := range []func(*Directive, time.Time) string{whoFault, whenFault, textFault} {
		if fault := check(d, now); fault != "" {
			return fault
		}
	}
	return d.About.fault(d, now)
}

// whoFault is what is wrong with whom it is about and on whose word.
func whoFault(d *Directive, _ time.Time) string {
	switch nobody := d.About.ofNobody(); {
	case nobody && (!d.Person.IsZero() || d.Authority != ""):
		return "it is about a list or a consumer, and so on nobody's behalf"
	case nobody:
		return ""
	case d.Person.IsZero():
		return "no NHS number"
	case !d.Authority.known():
		return unknownAuthority
	}
	return ""
}

func whenFault(d *Directive, now time.Time) string {
	switch {
	case d.At.IsZero():
		return "no date"
	case d.At.After(now.Add(slowness)):
		return "the date is in the future"
	case !writable(d.At) || !writable(d.From) || !writable(d.Until):
		return "a date is not one that can be written"
	case d.About.ofNobody() && !(d.From.IsZero() && d.Until.IsZero()):
		return "what is about nobody has no validity"
	case !d.Until.IsZero() && !d.Until.Truncate(time.Second).After(d.From.Truncate(time.Second)):
		return "it ends before it begins"
	}
	return ""
}

// writable reports whether RFC 3339 has a form for the moment.
func writable(at time.Time) bool { return at.UTC().Year() >= 0 && at.UTC().Year() <= 9999 }

func textFault(d *Directive, _ time.Time) string {
	if blank(d.RecordedBy) {
		return "nobody recorded it"
	}
	return badText(d.RecordedBy, d.Staff.Name, d.Staff.Role, d.Staff.Organisation, d.Reason, d.Evidence)
}

func blank(text string) bool { return strings.TrimSpace(text) == "" }

func badText(texts ...string) string {
	for _, text := range texts {
		if len(text) > maxText {
			return fmt.Sprintf("a text is longer than %d bytes", maxText)
		}
		if !utf8.ValidString(text) {
			return "a text is not UTF-8"
		}
	}
	return ""
}
