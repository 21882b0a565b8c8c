package killed_test

import (
	"context"
	"log/slog"
	"slices"
	"testing"

	"onelondon/internal/audit"
	"onelondon/internal/clinical"
	"onelondon/internal/consent"
)

// keepWriting changes one person's mind again and again. An answer that did not come leaves open whether it was written.
func (k *kept) keepWriting(s *server, stop <-chan struct{}, token string, number clinical.NHSNumber) {
	for {
		select {
		case <-stop:
			return
		default:
		}
		k.Lock()
		effect := consent.Deny
		if len(k.written[number])%2 == 1 {
			effect = consent.Allow
		}
		at := len(k.written[number])
		k.written[number] = append(k.written[number], written{effect: effect})
		k.Unlock()
		var answer struct {
			SetPreference struct{ ConsentRevision consent.Revision }
		}
		ok := s.ask(token, `mutation($effect: PreferenceEffect!) { setPreference(input: {preference: {effect: $effect, category: HIV, party: {kind: ANYONE}}}) {
			consentRevision } }`, map[string]any{"effect": map[consent.Effect]string{consent.Deny: "DENY", consent.Allow: "ALLOW"}[effect]}, &answer)
		if !ok {
			return
		}
		k.Lock()
		k.written[number][at].revision = answer.SetPreference.ConsentRevision
		k.writes++
		k.Unlock()
	}
}

// keepReading reads one record again and again.
func (k *kept) keepReading(s *server, stop <-chan struct{}, token string, number clinical.NHSNumber) {
	for {
		select {
		case <-stop:
			return
		default:
		}
		var answer struct {
			Patient struct {
				Receipt struct{ LedgerSequence uint64 }
			}
		}
		if !s.ask(token, `query($n: NHSNumber!) { patient(nhsNumber: $n) { allergies { nodes { id } } receipt { ledgerSequence } } }`,
			map[string]any{"n": number.Reveal()}, &answer) {
			return
		}
		k.Lock()
		k.reads = append(k.reads, answer.Patient.Receipt.LedgerSequence)
		k.Unlock()
	}
}

// check opens what the killed server left, and finds in it all that was acknowledged.
func (s *site) check(t *testing.T, k *kept) {
	t.Helper()
	ctx, quiet := context.Background(), slog.New(slog.DiscardHandler)
	register, err := consent.Open(ctx, s.file("consent.db"), consent.Key(s.key), quiet)
	if err != nil {
		t.Fatalf("the register does not open: %v", err)
	}
	defer func() { _ = register.Close() }()
	if report, err := register.Verify(ctx); err != nil || !report.Intact() {
		t.Fatalf("the register's chain is broken: %+v, %v", report, err)
	}
	for number, all := range k.written {
		k.checkPerson(t, register, number, all)
	}
	ledger, err := audit.OpenReader(ctx, s.file("ledger.db"), s.key, quiet)
	if err != nil {
		t.Fatalf("the ledger does not open: %v", err)
	}
	defer func() { _ = ledger.Close() }()
	report, err := ledger.Verify(ctx)
	if err != nil || !report.Intact() {
		t.Fatalf("the ledger's chain is broken: %+v, %v", report, err)
	}
	slices.Sort(k.reads)
	if twice := len(k.reads) - len(slices.Compact(slices.Clone(k.reads))); twice > 0 {
		t.Fatalf("%d reads were acknowledged with the entry of another", twice)
	}
	if last := k.reads[len(k.reads)-1]; last > uint64(report.Entries) {
		t.Fatalf("entry %d was acknowledged, and there are %d", last, report.Entries)
	}
}

// checkPerson finds each acknowledged preference of a person at its revision, and the last of them in force.
func (k *kept) checkPerson(t *testing.T, register *consent.Register, number clinical.NHSNumber, all []written) {
	t.Helper()
	history, err := register.History(context.Background(), number)
	if err != nil {
		t.Fatal(err)
	}
	at := map[consent.Revision]consent.Effect{}
	for _, recorded := range history {
		if choice, ok := recorded.About.(consent.Choice); ok {
			at[recorded.Revision()] = choice.Effect
		}
	}
	var possible []consent.Effect // the last acknowledged, and what was asked after it
	for _, w := range all {
		if w.revision > 0 {
			if at[w.revision] != w.effect {
				t.Fatalf("revision %d was acknowledged as %s, and is %q", w.revision, w.effect, at[w.revision])
			}
			possible = nil
		}
		possible = append(possible, w.effect)
	}
	state, _, err := register.State(number)
	if err != nil {
		t.Fatal(err)
	}
	if acknowledged := slices.ContainsFunc(all, func(w written) bool { return w.revision > 0 }); acknowledged &&
		(len(state.Preferences) != 1 || !slices.Contains(possible, state.Preferences[0].Effect)) {
		t.Fatalf("%v holds, and %v was acknowledged last", state.Preferences, possible)
	}
}
