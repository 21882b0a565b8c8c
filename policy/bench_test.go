package policy_test

import (
	"context"
	"testing"

	"onelondon/policy"
)

func BenchmarkDecideFromCache(b *testing.B) {
	engine := open(b, policy.Embedded())
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := engine.Decide(ctx, gp); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecideFresh(b *testing.B) {
	engine := open(b, policy.Embedded())
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := engine.Evaluate(ctx, gp); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTranslate(b *testing.B) {
	translate := policy.Translation(b, policy.Embedded(), gp)
	b.ReportAllocs()
	for b.Loop() {
		if err := translate(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		open(b, policy.Embedded())
	}
}
