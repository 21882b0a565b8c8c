// Package stack gives a goroutine the stack that it will need at once. A new one has 2 kB and copies itself at 4, 8 and 16, with
// every frame that is on it by then; one that goes through a gate, a driver and its protocol reaches the last of them each time.
package stack
