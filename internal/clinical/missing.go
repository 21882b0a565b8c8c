package clinical

// Concept returns what the record is about, nil where nothing is known of it.
func (m *Meta) Concept() *Concept { return known(&m.Code) }

// Holder returns the organisation whose record it is, nil where it is not known.
func (m *Meta) Holder() *Organisation {
	if m.Organisation.Code == "" {
		return nil
	}
	return &m.Organisation
}
