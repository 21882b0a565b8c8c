package view

import (
	"onelondon/internal/clinical"
	"onelondon/internal/gate"
)

// Connection is a page of records of type R. Page must not be nil.
type Connection[R clinical.Record] struct {
	Page *gate.Page
}

// The connection of each kind of record, and of all kinds.
type (
	AllergyIntoleranceConnection = Connection[*clinical.AllergyIntolerance]
	ConditionConnection          = Connection[*clinical.Condition]
	MedicationConnection         = Connection[*clinical.Medication]
	ObservationConnection        = Connection[*clinical.Observation]
	DiagnosticReportConnection   = Connection[*clinical.DiagnosticReport]
	EncounterConnection          = Connection[*clinical.Encounter]
	ProcedureConnection          = Connection[*clinical.Procedure]
	ImmunisationConnection       = Connection[*clinical.Immunisation]
	AppointmentConnection        = Connection[*clinical.Appointment]
	ReferralConnection           = Connection[*clinical.Referral]
	DocumentConnection           = Connection[*clinical.Document]
	AlertConnection              = Connection[*clinical.Alert]
	ContactConnection            = Connection[*clinical.Contact]
	CarePlanConnection           = Connection[*clinical.CarePlan]
	TimelineConnection           = Connection[clinical.Record]
)

// Edge is one item of a page with its cursor.
type Edge[R clinical.Record] struct {
	Node R

	page *gate.Page
	item int
}

// The edge of each kind of record, and of all kinds.
type (
	AllergyIntoleranceEdge = Edge[*clinical.AllergyIntolerance]
	ConditionEdge          = Edge[*clinical.Condition]
	MedicationEdge         = Edge[*clinical.Medication]
	ObservationEdge        = Edge[*clinical.Observation]
	DiagnosticReportEdge   = Edge[*clinical.DiagnosticReport]
	EncounterEdge          = Edge[*clinical.Encounter]
	ProcedureEdge          = Edge[*clinical.Procedure]
	ImmunisationEdge       = Edge[*clinical.Immunisation]
	AppointmentEdge        = Edge[*clinical.Appointment]
	ReferralEdge           = Edge[*clinical.Referral]
	DocumentEdge           = Edge[*clinical.Document]
	AlertEdge              = Edge[*clinical.Alert]
	ContactEdge            = Edge[*clinical.Contact]
	CarePlanEdge           = Edge[*clinical.CarePlan]
	TimelineEdge           = Edge[clinical.Record]
)

// Cursor is the item's position in the list.
func (e Edge[R]) Cursor() string { return e.page.Cursor(e.item) }

// Fits reports whether every record of the page is an R.
func (c Connection[R]) Fits() bool {
	for _, record := range c.Page.Records {
		if _, ok := record.(R); !ok {
			return false
		}
	}
	return true
}

// Nodes lists the records of the page. Records of other types are left out; resolvers refuse such a page.
func (c Connection[R]) Nodes() []R {
	nodes := make([]R, 0, len(c.Page.Records))
	for _, record := range c.Page.Records {
		if node, ok := record.(R); ok {
			nodes = append(nodes, node)
		}
	}
	return nodes
}

// Edges lists the records of the page with their cursors.
func (c Connection[R]) Edges() []Edge[R] {
	edges := make([]Edge[R], 0, len(c.Page.Records))
	for item, node := range c.Nodes() {
		edges = append(edges, Edge[R]{Node: node, page: c.Page, item: item})
	}
	return edges
}

// PageInfo says where the page ends.
func (c Connection[R]) PageInfo() PageInfo { return PageInfoOf(c.Page) }

// Sources says how every source that should have answered did.
func (c Connection[R]) Sources() []gate.SourceAnswer { return c.Page.Sources }

// Conflicts lists the contradictions among the records.
func (c Connection[R]) Conflicts() []gate.Conflict { return c.Page.Conflicts }

// PageInfo says where a page ends.
type PageInfo struct {
	HasNextPage bool
	end         func() string // makes the cursor of the last item; nil on an empty page
}

// PageInfoOf says where page ends.
func PageInfoOf(page *gate.Page) PageInfo {
	last := len(page.Records) - 1
	if last < 0 {
		return PageInfo{HasNextPage: page.HasNext}
	}
	return PageInfo{HasNextPage: page.HasNext, end: func() string { return page.Cursor(last) }}
}

// EndCursor is the cursor of the last item; nil on an empty page.
func (p PageInfo) EndCursor() *string {
	if p.end == nil {
		return nil
	}
	cursor := p.end()
	return &cursor
}
