package consent

import (
	"fmt"
	"time"
)

// Check fails with [ErrDirective] where the directive could not be recorded at that time. Its words hold nothing of it.
func (d *Directive) Check(now time.Time) error {
	if fault := d.fault(now); fault != "" {
		return fmt.Errorf("%w: %s", ErrDirective, fault)
	}
	return nil
}
