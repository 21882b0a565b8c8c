package audit_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"onelondon/internal/audit"
)

// What is written by hand is what encoding/json writes, or a ledger would depend on which version of the program wrote it.
func TestAnEntryIsWrittenAsEncodingJSONWritesIt(t *testing.T) {
	byHand := 0
	rapid.Check(t, func(t *rapid.T) {
		entry := drawEntry(t)
		wrote, want, plain := audit.Forms(entry)
		if wrote != want {
			t.Fatalf("%+v\nwrote %s\nwant  %s", entry, wrote, want)
		}
		if plain {
			byHand++
		}
	})
	if byHand == 0 {
		t.Error("no entry was written by hand")
	}
}

func drawEntry(t *rapid.T) audit.Entry {
	text := func(name string) string {
		return rapid.OneOf(rapid.SampledFrom([]string{"", "R1H", `a "quoted" \ text`, "<b>&", "Áine", "line\nend\u2028", "\xff\x00\x7f"}), rapid.String()).Draw(t, name)
	}
	texts := func(name string) []string {
		return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string { return rapid.String().Draw(t, name) }), 0, 3).Draw(t, name)
	}
	yes := func(name string) bool { return rapid.Bool().Draw(t, name) }
	entry := audit.Entry{Event: audit.Event(text("event")), RequestID: text("request"), Outcome: audit.Outcome(text("outcome")),
		Time:    time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanoseconds")).UTC(),
		Caller:  audit.Caller{ID: text("id"), Name: text("name"), Role: text("role"), Organisation: text("organisation"), Via: text("via")},
		Purpose: text("purpose"), Kinds: texts("kinds"), Withheld: texts("withheld"), Reasons: texts("reasons"),
		Relationship: text("relationship"), ClaimedReason: text("claimed"), PolicyRevision: text("policy"),
		ConsentRevision: rapid.Uint64().Draw(t, "consent"), AnswerDigest: rapid.SliceOfN(rapid.Byte(), 0, 32).Draw(t, "digest"),
		Alert: yes("alert"), Notify: yes("notify"), Automated: yes("automated"), Emergency: yes("emergency"), Action: text("action"),
		Reviewed: uint64(rapid.IntRange(0, 2).Draw(t, "reviewed")), Finding: text("finding")}
	for range rapid.IntRange(0, 3).Draw(t, "sources") {
		entry.Sources = append(entry.Sources, audit.SourceOutcome{Source: text("source"), Outcome: text("how"), Records: rapid.IntRange(-1, 200).Draw(t, "records")})
	}
	if yes("decided") {
		entry.Decided = &audit.Decided{Activities: texts("activities"), Objection: text("objection"), Flagged: yes("flagged"),
			Deceased: yes("deceased"), Age: text("age"), Capacity: text("capacity"), Authority: text("authority")}
		if yes("preferences") {
			entry.Decided.Preferences = []audit.Preference{{Effect: text("effect"), Category: text("category"), Party: text("party"), Own: yes("own")}}
		}
	}
	if rapid.IntRange(0, 9).Draw(t, "rare") == 0 {
		entry.Study, entry.Until = &audit.Study{Project: text("project")}, entry.Time
	}
	return entry
}
