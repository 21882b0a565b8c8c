package sources

import (
	"fmt"
	"time"

	"onelondon/internal/clinical"
)

// Freshness reports the age of a source's newest entry, and whether that is older than allowed.
func (o CheckOptions) Freshness(newest clinical.DateTime) Finding {
	found := Finding{Matter: MatterFreshness, Severity: Note, Message: "the newest entry is of " + newest.Cut(clinical.PrecisionDay).String()}
	if o.Now.IsZero() {
		return found
	}
	days := int(o.Now.Sub(newest.At()).Hours() / 24)
	switch {
	case days < -1:
		return Finding{Matter: MatterFreshness, Severity: Warning, Message: found.Message + ", which is still to come",
			Advice: "a date of something planned, or a day that means no date, is taken for when a row was written; name another column under watermark, or list the day under missing_dates"}
	case days > 0:
		found.Message += fmt.Sprintf(", %d days ago", days)
	}
	if o.Stale > 0 && o.Now.Sub(newest.At()) > o.Stale+24*time.Hour {
		found.Severity, found.Advice = Warning, "find out whether the feed that fills this system still runs"
	}
	return found
}
