package consent

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"onelondon/internal/clinical"
)

// form is the present form of a stored directive. Form 1 spoke of the shared record only, and not of whom it was about.
const form = 2

// What a stored directive can be about. A register that holds another does not open: what is not understood must not be
// passed over.
const (
	aboutSharedRecord = "shared_record"
	aboutCategory     = "category"
	aboutOptOut       = "opt_out"
	aboutNotify       = "notify"
	aboutCapacity     = "capacity"
	aboutProxy        = "proxy"
	aboutList         = "list_refreshed"
	aboutAdoption     = "adoption"
)

// proposed is what the name of something begins with that is proposed and does not hold.
const proposed = "proposed_"

// withdrawn is the effect, standing or authority of what is taken back.
const withdrawn = "withdrawn"

// stored is a directive in its canonical bytes: JSON with the fields in this order, times in UTC. The bytes are sealed before
// they are stored, which is why numbers may stand in them.
type stored struct {
	Form   int    `json:"form"`
	About  string `json:"about"`
	Person string `json:"person,omitempty"`

	Step     Step           `json:"step,omitempty"`     // shared_record
	Effect   string         `json:"effect,omitempty"`   // category
	Category clinical.Label `json:"category,omitempty"` // category
	Party    PartyKind      `json:"party,omitempty"`    // category
	Code     clinical.Text  `json:"code,omitempty"`     // category
	List     List           `json:"list,omitempty"`     // opt_out, list_refreshed
	Standing string         `json:"standing,omitempty"` // opt_out
	On       bool           `json:"on,omitempty"`       // notify
	Finding  Capacity       `json:"finding,omitempty"`  // capacity
	Proxy    string         `json:"proxy,omitempty"`    // proxy
	Called   string         `json:"called,omitempty"`   // proxy: the name
	As       string         `json:"as,omitempty"`       // proxy
	AsAt     time.Time      `json:"asAt,omitzero"`      // list_refreshed
	Consumer string         `json:"consumer,omitempty"` // adoption
	Revision Revision       `json:"revision,omitempty"` // adoption

	Authority    Authority `json:"authority,omitempty"`
	RecordedBy   string    `json:"recordedBy"`
	Name         string    `json:"name,omitempty"`         // of the member of staff who recorded it
	Role         string    `json:"role,omitempty"`         // of theirs
	Organisation string    `json:"organisation,omitempty"` // and of that role
	At           time.Time `json:"at"`
	From         time.Time `json:"from,omitzero"`
	Until        time.Time `json:"until,omitzero"`
	Reason       string    `json:"reason,omitempty"`
	Evidence     string    `json:"evidence,omitempty"`
	Taken        time.Time `json:"taken,omitzero"` // when this register took it
}

func (s SharedRecord) store(into *stored) { into.About, into.Step = aboutSharedRecord, s.Step }

func (c Choice) store(into *stored) {
	into.About, into.Category, into.Party, into.Code = aboutCategory, c.Category, c.Party, c.Code
	into.Effect = string(c.Effect)
	if c.Withdrawn {
		into.Effect = withdrawn
	}
}

func (o OptOutChoice) store(into *stored) {
	into.About, into.List, into.Standing = aboutOptOut, o.List, o.Standing.String()
	if o.Withdrawn {
		into.Standing = withdrawn
	}
}

func (n Notify) store(into *stored) { into.About, into.On = aboutNotify, n.On }

func (c CapacityFinding) store(into *stored) { into.About, into.Finding = aboutCapacity, c.Finding }

func (p ProxyChoice) store(into *stored) {
	into.About, into.Proxy, into.Called, into.As = aboutProxy, p.Proxy.Reveal(), p.Name, string(p.As)
	if p.Withdrawn {
		into.As = withdrawn
	}
}

func (p Proposed) store(into *stored) {
	p.About.store(into)
	into.About = proposed + into.About
}

func (l ListRefreshed) store(into *stored) {
	into.About, into.List, into.AsAt = aboutList, l.List, l.AsAt.UTC().Truncate(time.Second)
}

func (a Adoption) store(into *stored) {
	into.About, into.Consumer, into.Revision = aboutAdoption, a.Consumer, a.Revision
}

// encode writes a directive that has no fault.
func encode(d *Directive, taken time.Time) ([]byte, error) {
	s := stored{Form: form, Authority: d.Authority, RecordedBy: d.RecordedBy, Name: d.Staff.Name, Role: d.Staff.Role,
		Organisation: d.Staff.Organisation, At: d.At.UTC(), From: toSecond(d.From), Until: toSecond(d.Until),
		Reason: d.Reason, Evidence: d.Evidence, Taken: taken.UTC()}
	if !d.Person.IsZero() {
		s.Person = d.Person.Reveal()
	}
	d.About.store(&s)
	body, err := json.Marshal(&s)
	if err != nil {
		return nil, errors.New("write a directive: not a date that can be written") // the cause would quote the date
	}
	return body, nil
}

func toSecond(at time.Time) time.Time {
	if at.IsZero() {
		return at
	}
	return at.UTC().Truncate(time.Second)
}

var (
	errUnreadable = errors.New("read a directive: not in a form this version knows") // a cause would quote it
	errNewer      = errors.New("read a directive: recorded by a newer version")
)

// decode reads a directive, and when the register took it: zero in form 1, which did not say, nor whom it was about.
func decode(body []byte) (d Directive, taken time.Time, err error) {
	var s stored
	if err := json.Unmarshal(body, &s); err != nil {
		return Directive{}, time.Time{}, errUnreadable
	}
	if s.Form < 1 || s.Form > form || s.Form == 1 && s.About != aboutSharedRecord {
		return Directive{}, time.Time{}, errNewer
	}
	d = Directive{Authority: s.Authority, RecordedBy: s.RecordedBy, Staff: Staff{s.Name, s.Role, s.Organisation}, At: s.At,
		From: s.From, Until: s.Until, Reason: s.Reason, Evidence: s.Evidence}
	if s.Person != "" {
		if d.Person, err = clinical.ParseNHSNumber(s.Person); err != nil {
			return Directive{}, time.Time{}, errUnreadable
		}
	}
	if d.About, err = s.about(); err != nil {
		return Directive{}, time.Time{}, err
	}
	if d.About.fault(&d, s.Taken) != "" && s.Form == form {
		return Directive{}, time.Time{}, errNewer // a newer version may know words that this one does not
	}
	return d, s.Taken, nil
}

func (s *stored) about() (About, error) {
	if of, is := strings.CutPrefix(s.About, proposed); is {
		inner := *s
		inner.About = of
		about, err := inner.about()
		return Proposed{about}, err
	}
	switch s.About {
	case aboutSharedRecord:
		if !s.Step.known() {
			return nil, errNewer
		}
		return SharedRecord{s.Step}, nil
	case aboutCategory:
		preference := Preference{Category: s.Category, Party: s.Party, Code: s.Code}
		if s.Effect != withdrawn {
			preference.Effect = Effect(s.Effect)
		}
		return Choice{preference, s.Effect == withdrawn}, nil
	case aboutOptOut:
		return OptOutChoice{s.List, standing(s.Standing), s.Standing == withdrawn}, nil
	case aboutNotify:
		return Notify{s.On}, nil
	case aboutCapacity:
		return CapacityFinding{s.Finding}, nil
	case aboutProxy:
		return s.proxy()
	case aboutList:
		return ListRefreshed{s.List, s.AsAt}, nil
	case aboutAdoption:
		return Adoption{s.Consumer, s.Revision}, nil
	}
	return nil, errNewer
}

func (s *stored) proxy() (About, error) {
	number, err := clinical.ParseNHSNumber(s.Proxy)
	if err != nil {
		return nil, errUnreadable
	}
	if s.As == withdrawn {
		return ProxyChoice{Proxy: number, Name: s.Called, Withdrawn: true}, nil
	}
	return ProxyChoice{Proxy: number, Name: s.Called, As: Authority(s.As)}, nil
}

// standing reads what String writes of an OptOut.
func standing(word string) OptOut {
	for _, each := range []OptOut{OptedOut, NotOptedOut} {
		if each.String() == word {
			return each
		}
	}
	return OptOutUnknown
}
