package ehrstore_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onelondon/sources/files"
	"onelondon/sources/openehr/ehrstore"
)

func TestWhatIsWrittenToFilesIsReadAgainAndNotChanged(t *testing.T) {
	store, ehr := filled(t)
	dir := t.TempDir()
	if err := store.Write(dir); err != nil {
		t.Fatal(err)
	}
	read, err := ehrstore.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{"SELECT e/ehr_id/value, e/ehr_status/subject/external_ref/id/value, e/ehr_status/is_queryable FROM EHR e ORDER BY e/ehr_id/value",
		"SELECT v/commit_audit/time_committed/value, c/uid/value, c/name/value, d/data[at0001]/items[at0002]/value/value FROM EHR e CONTAINS VERSION v[LATEST_VERSION] CONTAINS COMPOSITION c CONTAINS EVALUATION d[" +
			decision + "] ORDER BY c/name/value"} {
		want, wrong := store.Query(t.Context(), query, nil)
		got, err := read.Query(t.Context(), query, nil)
		if err != nil || wrong != nil || fmt.Sprint(got) != fmt.Sprint(want) || len(got) < 2 {
			t.Errorf("got %v, %v\nwant %v, %v", got, err, want, wrong)
		}
	}
	if _, err := read.CreateEHR(ehrstore.Status("nhs", "9990000034", true)); !errors.Is(err, ehrstore.ErrReadOnly) {
		t.Errorf("an EHR was made: %v", err)
	}
	if _, err := read.Commit(ehr, plan("three")); !errors.Is(err, ehrstore.ErrReadOnly) {
		t.Errorf("a composition was stored: %v", err)
	}
	if err := read.Delete(ehr, "x::test::1"); !errors.Is(err, ehrstore.ErrReadOnly) {
		t.Errorf("a composition was deleted: %v", err)
	}
}

// exported writes one EHR, and beside it the files given.
func exported(t *testing.T, beside map[string]ehrstore.Object) string {
	t.Helper()
	dir := t.TempDir()
	whose := ehrstore.Object{"ehr_id": ehrstore.Object{"value": "e1"}, "ehr_status": ehrstore.Status("nhs", "9990000018", true)}
	if err := files.Write(filepath.Join(dir, "one"), "ehr.json", whose); err != nil {
		t.Fatal(err)
	}
	for name, object := range beside {
		if err := files.Write(filepath.Join(dir, filepath.Dir(name)), filepath.Base(name), object); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// versioned is a composition with a uid, or, with a state, the version that holds it.
func versioned(name, uid, state string) ehrstore.Object {
	composition := plan(name)
	composition["uid"] = ehrstore.Object{"value": uid}
	if state == "" {
		return composition
	}
	version := ehrstore.Object{"_type": "ORIGINAL_VERSION", "uid": composition["uid"], "lifecycle_state": ehrstore.Coded("openehr", state, "x"),
		"commit_audit": ehrstore.Object{"time_committed": ehrstore.DateTime("2026-05-01T10:00:00Z")}}
	if state != "523" {
		version["data"] = composition
	}
	return version
}

func TestOfSeveralVersionsTheNewestCountsAndADeletedOneIsGone(t *testing.T) {
	dir := exported(t, map[string]ehrstore.Object{
		"one/a2.json": versioned("second", "a::s::2", "532"), "one/a1.json": versioned("first", "a::s::1", "532"), "one/a10.json": versioned("tenth", "a::s::10", ""),
		"one/b1.json": versioned("gone", "b::s::1", "532"), "one/b2.json": versioned("", "b::s::2", "523"),
	})
	store, err := ehrstore.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := store.Query(t.Context(), "SELECT c/name/value, c/uid/value FROM EHR e CONTAINS COMPOSITION c", nil)
	if err != nil || fmt.Sprint(rows) != "[[tenth a::s::10]]" {
		t.Errorf("got %v, %v", rows, err)
	}
}

func TestAFileThatIsNoPartOfAnEHRIsAFaultWithItsPlace(t *testing.T) {
	noUID := plan("x")
	for want, beside := range map[string]map[string]ehrstore.Object{
		"two/a.json:1: there is no ehr.json":      {"two/a.json": versioned("x", "a::s::1", "")},
		"one/a.json:1: a composition without":     {"one/a.json": noUID},
		"one/b.json:1: a version that stands":     {"one/a.json": versioned("x", "a::s::1", ""), "one/b.json": versioned("y", "a::s::1", "")},
		"one/a.json:1: neither a COMPOSITION":     {"one/a.json": {"_type": "FOLDER"}},
		"one/c.json:1: neither a COMPOSITION":     {"one/c.json": {"_type": "ORIGINAL_VERSION", "uid": ehrstore.Object{"value": "a::s::1"}}},
		"two/ehr.json:1: no EHR":                  {"two/ehr.json": {"ehr_id": ehrstore.Object{"value": "e2"}}},
		"two/ehr.json:1: an EHR that stands":      {"two/ehr.json": {"ehr_id": ehrstore.Object{"value": "e2"}, "ehr_status": ehrstore.Status("nhs", "9990000018", true)}},
		"three/ehr.json:1: an EHR that stands in": {"three/ehr.json": {"ehr_id": ehrstore.Object{"value": "e1"}, "ehr_status": ehrstore.Status("nhs", "9990000026", true)}},
	} {
		_, err := ehrstore.Read(exported(t, beside))
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "999") {
			t.Errorf("want %s, got %v", want, err)
		}
	}
}

// FuzzAFolderIsServedOrFaulty demands that whatever a file holds is either served or a fault, and never a panic.
func FuzzAFolderIsServedOrFaulty(f *testing.F) {
	whole, _ := json.Marshal(versioned("x", "a::s::1", "532"))
	for _, text := range []string{string(whole), `{"_type":"ORIGINAL_VERSION","uid":[],"data":{}}`, `{"_type":"COMPOSITION","archetype_node_id":"x","archetype_details":{"archetype_id":{"value":"x"}},"uid":{"value":"a"},"content":[{"_type":"EVALUATION","data":1}]}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		dir := exported(t, nil)
		if err := os.WriteFile(filepath.Join(dir, "one", "a.json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		store, err := ehrstore.Read(dir)
		if err != nil {
			return
		}
		if _, err := store.Query(t.Context(), "SELECT c/name/value, d/data[at0001]/items[at0002]/value/value FROM EHR e CONTAINS COMPOSITION c CONTAINS EVALUATION d WHERE c/uid/value >= 'a'", nil); err != nil {
			t.Error(err)
		}
	})
}
