package openehr_test

import (
	"testing"

	"onelondon/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }
