package main

import (
	"os"
	"testing"

	"onelondon/internal/testkit"
)

// asProgram makes the program of the tests the program that they test, so that it can be signalled and killed.
const asProgram = "ONELONDON_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	testkit.Main(m)
}
