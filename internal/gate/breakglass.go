package gate

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"
	"unicode/utf8"

	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/policy"
)

// Grant lets a clinician see for a while what a person closed. It is kept nowhere: the text itself is what the gate knows.
type Grant struct {
	Text     string // sealed: what to send as [Question.EmergencyGrant]
	Until    time.Time
	Words    string // for the screen
	Sequence uint64 // of the entry in the ledger
}

// Emergencies is a [Policy] with numbers of its own for breaking the glass.
type Emergencies interface {
	Emergency() policy.Emergency
}

// emergency is what the policy in force says; where it says nothing, a grant holds for an hour.
func emergency(rules Policy) policy.Emergency {
	if own, ok := rules.(Emergencies); ok {
		return own.Emergency()
	}
	return policy.Emergency{Minutes: 60, MostMinutes: 60, ReasonCharacters: 10}
}

// mostReason bounds a reason, in bytes.
const mostReason = 2000

// BreakGlass gives a caller whom the policy permits it a grant for a person, for some minutes; 0 for as many as the policy
// gives. A negative number or a reason that says next to nothing is refused with [ErrReason]. The entry in the ledger is
// durable before the grant leaves. Nothing of it depends on whether there is such a person: nobody is looked up.
func (g *Gate) BreakGlass(
	ctx context.Context, caller auth.Caller, person clinical.NHSNumber, reason string, minutes int,
) (Grant, error) {
	a, err := g.begin(caller, policy.BreakGlass, person)
	if err != nil {
		return Grant{}, err
	}
	a.purpose = policy.EmergencyTreatment
	rules := emergency(a.policy)
	reason = Typed(reason)
	if utf8.RuneCountInString(reason) < rules.ReasonCharacters || len(reason) > mostReason || minutes < 0 {
		return Grant{}, a.fail(ctx, ErrReason)
	}
	if err := a.permit(ctx); err != nil {
		return Grant{}, err
	}
	if minutes == 0 {
		minutes = rules.Minutes
	}
	until := a.started.Add(time.Duration(min(minutes, rules.MostMinutes)) * time.Minute).Truncate(time.Second)
	entry := a.entry()
	entry.ClaimedReason, entry.Until, entry.Alert, entry.Notify, entry.Emergency = reason, until, true, true, true
	receipt, err := a.write(ctx, entry)
	if err != nil {
		return Grant{}, err
	}
	return Grant{Text: g.sealer.grant(caller, a.person, until), Until: until, Words: glassWords, Sequence: receipt.Sequence}, nil
}

const glassWords = "For a while you see what this person closed to you. What an organisation has sealed stays sealed. Your reason and every " +
	"record you open are kept, the person can see them, and a privacy officer will review them."

// granted reports whether text is a grant that still holds, for this caller in this role and this person.
func (g *Gate) granted(caller auth.Caller, person clinical.NHSNumber, text string) bool {
	if text == "" {
		return false
	}
	until, ok := g.sealer.granted(caller, g.current(person), text)
	return ok && g.parts.Now().Before(until)
}

// grant seals a time for a caller and a person.
func (s *sealer) grant(caller auth.Caller, person clinical.NHSNumber, until time.Time) string {
	plain := binary.BigEndian.AppendUint64(nil, uint64(until.Unix()))
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nil, nil, plain, grantBinding(caller, person)))
}

// granted opens what grant sealed.
func (s *sealer) granted(caller auth.Caller, person clinical.NHSNumber, text string) (until time.Time, ok bool) {
	plain, err := s.plain(text, grantBinding(caller, person))
	if err != nil {
		return time.Time{}, false
	}
	return time.Unix(int64(binary.BigEndian.Uint64(plain)), 0), true
}

// mostSealed bounds the text of a grant, or of a place in the ledger, that is tried to be opened.
const mostSealed = 256

// grantBinding is what a grant belongs to. It begins with words that no cursor's binding begins with.
func grantBinding(caller auth.Caller, person clinical.NHSNumber) []byte {
	return bound("emergency grant", caller.ID, caller.Role, caller.Organisation, person.Reveal())
}

// bound digests texts so that no two lists of texts have the same digest.
func bound(texts ...string) []byte {
	h := sha256.New()
	for _, text := range texts {
		var length [8]byte
		binary.LittleEndian.PutUint64(length[:], uint64(len(text)))
		h.Write(length[:])
		h.Write([]byte(text))
	}
	return h.Sum(nil)
}
