package stack_test

import (
	"sync"
	"testing"

	"onelondon/internal/stack"
)

// Four goroutines that go as deep as a question to four sources, with and without room made first.
func BenchmarkGrow(b *testing.B) {
	for name, first := range map[string]func(){"at once": stack.Grow, "step by step": func() {}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				var all sync.WaitGroup
				for range 4 {
					all.Go(func() {
						first()
						down(60)
					})
				}
				all.Wait()
			}
		})
	}
}

// down calls itself through frames of about 150 bytes.
//
//go:noinline
func down(depth int) byte {
	var frame [96]byte
	frame[depth] = byte(depth)
	if depth == 0 {
		return frame[0]
	}
	return down(depth-1) + frame[depth/2]
}
