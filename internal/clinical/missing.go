package clinical

// Concept returns what the record is about; nil if nothing is known.
func (m *Meta) Concept() *Concept { return known(&m.Code) }

// Holder returns the organisation whose record it is; nil if unknown.
func (m *Meta) Holder() *Organisation {
	if m.Organisation.Code == "" {
		return nil
	}
	return &m.Organisation
}
