package cohorts_test

import (
	"math/rand/v2"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/sources"
)

func build(t *testing.T, seed uint64) *proof {
	t.Helper()
	p := &proof{seed: seed, world: makeWorld(seed, testkit.Size(60, 250), 4), held: map[string]map[clinical.SourceID]sources.Source{}}
	p.people = everybody(p.world)
	memory := func(i int) sources.Source { return p.world.data[i].Memory() }
	p.hold("memory", memory)
	p.hold("frugal memory", func(i int) sources.Source {
		source := p.world.data[i].Memory()
		return &frugal{source, source, rand.New(rand.NewPCG(seed, uint64(i)))}
	})
	return p
}

// hold notes a kind of database that holds every source.
func (p *proof) hold(engine string, open func(source int) sources.Source) {
	p.engines = append(p.engines, engine)
	p.held[engine] = map[clinical.SourceID]sources.Source{}
	for i, data := range p.world.data {
		p.held[engine][data.Source] = open(i)
	}
}
