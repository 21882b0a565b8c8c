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

// Grant lets a clinician see, for a limited time, what a person has closed. It is stored nowhere: its sealed text
// carries all that the gate needs.
type Grant struct {
	Text     string // sealed; sent back as [Question.EmergencyGrant]
	Until    time.Time
	Words    string // to show on the screen
	Sequence uint64 // of the ledger entry
}

// Emergencies is a [Policy] that sets its own limits for breaking the glass.
type Emergencies interface {
	Emergency() policy.Emergency
}

// emergency returns the limits of the policy in force; by default a grant holds for an hour.
func emergency(rules Policy) policy.Emergency {
	if own, ok := rules.(Emergencies); ok {
		return own.Emergency()
	}
	return policy.Emergency{Minutes: 60, MostMinutes: 60, ReasonCharacters: 10}
}

// mostReason is the maximum length of a reason, in bytes.
const mostReason = 2000

// BreakGlass gives a permitted caller a grant for a person, for the given number of minutes, or for the policy's
// default if minutes is 0. A negative number or an uninformative reason is refused with [ErrReason]. The ledger entry
// is durable before the grant leaves. No lookup is made, so nothing reveals whether the person exists.
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

// granted reports whether text is an unexpired grant for this caller in this role and for this person.
func (g *Gate) granted(caller auth.Caller, person clinical.NHSNumber, text string) bool {
	if text == "" {
		return false
	}
	until, ok := g.sealer.granted(caller, g.current(person), text)
	return ok && g.parts.Now().Before(until)
}

// grant seals an expiry time for a caller and a person.
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

// mostSealed is the longest sealed text (a grant or a ledger position) that is worth decrypting.
const mostSealed = 256

// grantBinding ties a grant to a caller and a person. Its prefix keeps it distinct from every cursor binding.
func grantBinding(caller auth.Caller, person clinical.NHSNumber) []byte {
	return bound("emergency grant", caller.ID, caller.Role, caller.Organisation, person.Reveal())
}

// bound hashes texts unambiguously: different lists of texts never have the same input to the hash.
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
