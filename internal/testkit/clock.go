package testkit

import (
	"sync"
	"time"
)

// Clock is a clock that moves only when told. Pass its Now as a func() time.Time. The zero value is at the zero time.
type Clock struct {
	mutex sync.Mutex
	now   time.Time
}

// NewClock returns a clock set to a moment.
func NewClock(at time.Time) *Clock { return &Clock{now: at} }

// Now returns the clock's time.
func (c *Clock) Now() time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.now
}

// Advance moves the clock on.
func (c *Clock) Advance(by time.Duration) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.now = c.now.Add(by)
}
