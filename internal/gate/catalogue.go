package gate

import (
	"context"
	"slices"

	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/sources"
)

// Catalogue lists the sources with their health and freshness, in id order. It is for staff only: to a member of the
// public it would reveal every system behind this server.
func (g *Gate) Catalogue(ctx context.Context, caller auth.Caller) ([]SourceInfo, error) {
	if caller.IsZero() {
		return nil, ErrUnauthenticated
	}
	if caller.Citizen {
		return nil, nil
	}
	health := g.parts.Catalogue.Health(ctx)
	infos := make([]SourceInfo, 0, len(g.specs))
	for i := range g.specs {
		spec := &g.specs[i]
		info := SourceInfo{ID: spec.ID, Name: spec.Name, System: spec.System, Kinds: g.parts.Catalogue.Kinds(spec.ID),
			Organisation: clinical.Organisation{Code: spec.Organisation, Name: g.parts.Organisations[spec.Organisation]}, Health: Up}
		if at := slices.IndexFunc(health, func(h sources.Health) bool { return h.Source == spec.ID }); at >= 0 {
			info.Health, info.Watermark, info.LastAnswered = state(&health[at]), health[at].Watermark, health[at].LastSuccess
		}
		infos = append(infos, info)
	}
	return infos, nil
}

func state(health *sources.Health) Health {
	switch {
	case health.Circuit == sources.CircuitOpen:
		return Down
	case health.Circuit == sources.CircuitHalfOpen || health.LastFailure.After(health.LastSuccess):
		return Degraded
	}
	return Up
}
