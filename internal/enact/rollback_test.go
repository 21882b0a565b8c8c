package enact_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"onelondon/internal/enact"
)

// threeInForce is a site on which three bundles were in force, one after another.
func threeInForce(t *testing.T) (*stage, *enact.Keeper, *enact.History, []enact.Record) {
	t.Helper()
	s := newStage(t)
	s.publish(t, s.build(t, "1", "First."), "Ada", "Cleo")
	keeper := s.open(t)
	s.publish(t, s.build(t, "2", "Second."), "Ada", "Cleo")
	look(t, keeper, "Second.")
	s.publish(t, s.build(t, "3", "Third."), "Ada", "Cleo")
	look(t, keeper, "Third.")
	history, err := enact.OpenHistory(s.options.History)
	if err != nil {
		t.Fatal(err)
	}
	records, err := history.Records()
	if err != nil || len(records) != 3 || records[0].Revision != "1" || records[2].Revision != "3" {
		t.Fatalf("records %+v, %v", records, err)
	}
	return s, keeper, history, records
}

func TestARollbackHoldsUntilItIsEnded(t *testing.T) {
	s, keeper, history, records := threeInForce(t)
	if err := history.SetPin(enact.Pin{Bundle: records[1].Bundle, Revision: "2", At: s.now}); err != nil {
		t.Fatal(err)
	}
	look(t, keeper, "Second.")
	wrong(t, keeper, "")
	if !keeper.Status().InForce.Pinned {
		t.Error("the status does not say that it is pinned")
	}
	fourth := s.build(t, "4", "Fourth.")
	s.publish(t, fourth, "Ada", "Cleo")
	look(t, keeper, "Second.") // a newer one is no reason to leave what somebody chose
	says(t, s.open(t), "Second.")
	if err := history.SetPin(enact.Pin{}); err != nil {
		t.Fatal(err)
	}
	look(t, keeper, "Fourth.")
	if keeper.Status().InForce.Pinned {
		t.Error("the status still says that it is pinned")
	}
}

func TestAfterARollbackTheNewestComesBack(t *testing.T) {
	_, keeper, history, records := threeInForce(t)
	for range 2 {
		if err := history.SetPin(enact.Pin{Bundle: records[0].Bundle}); err != nil {
			t.Fatal(err)
		}
		look(t, keeper, "First.")
		if err := history.SetPin(enact.Pin{}); err != nil {
			t.Fatal(err)
		}
		look(t, keeper, "Third.")
		wrong(t, keeper, "")
	}
}

func TestARollbackOfAServerThatDoesNotRunIsInForceWhenItStarts(t *testing.T) {
	s, _, history, records := threeInForce(t)
	if err := history.SetPin(enact.Pin{Bundle: records[0].Bundle}); err != nil {
		t.Fatal(err)
	}
	says(t, s.open(t), "First.")
}

func TestAPinThatCannotBeHeldIsNoReasonToTakeWhatIsOnOffer(t *testing.T) {
	s, keeper, history, _ := threeInForce(t)
	if err := history.SetPin(enact.Pin{Bundle: "00"}); !errors.Is(err, enact.ErrNotKept) {
		t.Errorf("pinned what the history does not hold: %v", err)
	}
	write(t, filepath.Join(s.options.History, "pin.json"), []byte(`{"bundle": "../../etc"}`))
	look(t, keeper, "Third.")
	wrong(t, keeper, "pin.json is damaged; run onelondon policy activate to remove it")
	if _, err := enact.Open(t.Context(), s.options); err == nil {
		t.Error("a server started although it could not tell what is pinned")
	}
	if err := history.SetPin(enact.Pin{}); err != nil {
		t.Fatal(err)
	}
	look(t, keeper, "Third.")
	wrong(t, keeper, "")
}

func TestTheHistoryKeepsTheLastBundlesAndEveryRecord(t *testing.T) {
	s := newStage(t)
	s.options.Kept = 2
	s.publish(t, s.build(t, "1", "First."), "Ada", "Cleo")
	keeper := s.open(t)
	history, err := enact.OpenHistory(s.options.History)
	if err != nil {
		t.Fatal(err)
	}
	for _, revision := range []string{"2", "3", "4"} {
		s.publish(t, s.build(t, revision, "Number "+revision+"."), "Ada", "Cleo")
		look(t, keeper, "Number "+revision+".")
	}
	records, err := history.Records()
	if err != nil || len(records) != 4 {
		t.Fatalf("records %+v, %v", records, err)
	}
	for i, want := range []bool{false, false, true, true} {
		if got := history.Holds(records[i].Bundle); got != want {
			t.Errorf("the history holds bundle %s: %v, want %v", records[i].Revision, got, want)
		}
	}
}

func TestTheStatusIsPublishedBesideTheHistory(t *testing.T) {
	s, keeper, history, _ := threeInForce(t)
	s.publish(t, s.build(t, "4-odd", "Fourth."), "Ben")
	keeper.Look(context.Background(), false)
	status, found, err := history.Status()
	if err != nil || !found || status.InForce.Revision != "3" || status.Refused != "4-odd" || status.Why != keeper.Status().Why ||
		!status.Stale.Equal(s.now) || len(status.InForce.Approved) != 2 {
		t.Errorf("got %+v, %v, %v", status, found, err)
	}
}
