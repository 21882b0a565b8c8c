package config_test

import (
	"slices"
	"testing"

	"onelondon/internal/config"
)

func TestOtherOneLondonsAreRead(t *testing.T) {
	got, err := load(t, "testdata/peers.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p := got.Peers
	if p.Instance != "nel" || p.Listen != "0.0.0.0:8444" || p.Certificate.PrivateKey == nil || p.Depth != 3 || len(p.Allow) != 1 {
		t.Fatalf("peers: %+v", p)
	}
	london := p.Allow[0]
	if london.Instance != "london" || len(london.Pins) != 1 || !london.Organisations.All || london.Roles.All ||
		!slices.Equal(london.Roles.Codes, []string{"R0260", "R8000"}) || !slices.Equal(london.Purposes, []string{"TREAT", "ETREAT"}) ||
		!slices.Equal(london.Relationships, []string{"registered", "record"}) || !slices.Equal(london.For, []string{"england"}) ||
		!london.Emergency || !london.Citizens || !london.OwnRegister || !london.Locate || london.Concurrency != 20 {
		t.Errorf("london: %+v", london)
	}
	barts := got.Sources[0]
	if barts.Driver != config.AnotherOneLondon || barts.DSN != "https://onelondon.barts.example:8444" || barts.Refresh != 0 ||
		barts.System != "onelondon" || barts.OneLondon.Certificate.PrivateKey == nil || barts.OneLondon.Authorities == nil {
		t.Errorf("barts: %+v", barts)
	}
}

func TestAPeerMayNothingThatIsNotWritten(t *testing.T) {
	got, err := load(t, "testdata/peers-least.yaml")
	if err != nil {
		t.Fatal(err)
	}
	london := got.Peers.Allow[0]
	if london.Emergency || london.Citizens || london.OwnRegister || london.Locate || len(london.For) > 0 || len(london.Relationships) > 0 ||
		london.Organisations.All || london.Roles.All {
		t.Errorf("london: %+v", london)
	}
}
