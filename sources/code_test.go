package sources_test

import (
	"fmt"
	"strings"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

func TestALineOfTheLogHasTheDatabasesOwnCodeAndNothingThatIsNone(t *testing.T) {
	for code, logged := range map[string]bool{
		"SQLSTATE 53300": true, "MySQL 1040": true, "SQLite 522": true,
		"": false, "9990000018": false, "999 000 0018": false, "row 'Smith'": false, "a code that is too long for one": false,
	} {
		inBubble(t, func(t *testing.T) {
			refused := sources.WithCode(fmt.Errorf("query: %w", sources.ErrUnavailable), code)
			c, log := catalogue(t, nil, failing("down", fmt.Errorf("fetch: %w", refused)))
			replies := c.Ask(t.Context(), asks(t, clinical.SourceID("down")))
			if got := outcomes(replies)[0]; got != "down FAILED unavailable" {
				t.Errorf("%q: %s", code, got)
			}
			if has := strings.Contains(log.String(), " code="); has != logged || logged && !strings.Contains(log.String(), code) {
				t.Errorf("%q: the log is %s", code, log)
			}
		})
	}
}
