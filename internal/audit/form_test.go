package audit_test

import (
	"reflect"
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

// A member that is new to an entry and is not written would be lost from the ledger without a word.
func TestEachMemberOfAnEntryIsWritten(t *testing.T) {
	of := reflect.TypeFor[audit.Entry]()
	for i := range of.NumField() {
		if of.Field(i).Tag.Get("json") == "-" {
			continue
		}
		entry := audit.Entry{Time: time.Unix(0, 0).UTC()}
		switch member := reflect.ValueOf(&entry).Elem().Field(i); member.Kind() {
		case reflect.String:
			member.SetString("x")
		case reflect.Bool:
			member.SetBool(true)
		case reflect.Uint64:
			member.SetUint(7)
		case reflect.Slice:
			member.Set(reflect.MakeSlice(member.Type(), 1, 1))
		case reflect.Pointer:
			member.Set(reflect.New(member.Type().Elem()))
		case reflect.Struct:
			if member.Type() == reflect.TypeFor[time.Time]() {
				member.Set(reflect.ValueOf(time.Unix(60, 0).UTC()))
			}
		}
		if wrote, want, _ := audit.Forms(entry); wrote != want {
			t.Errorf("%s\nwrote %s\nwant  %s", of.Field(i).Name, wrote, want)
		}
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
