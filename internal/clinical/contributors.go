package clinical

// Contributors lists the records merged into this one, itself first.
func (r *AllergyIntolerance) Contributors() []*AllergyIntolerance { return contributors(r, r.others) }

// Contributors lists the records merged into this one, itself first.
func (r *Condition) Contributors() []*Condition { return contributors(r, r.others) }

// Contributors lists the records merged into this one, itself first.
func (r *Medication) Contributors() []*Medication { return contributors(r, r.others) }

// Contributors lists the records merged into this one, itself first.
func (r *Observation) Contributors() []*Observation { return contributors(r, r.others) }

// Contributors lists the records merged into this one, itself first.
func (r *DiagnosticReport) Contributors() []*DiagnosticReport { return contributors(r, r.others) }

// Contributors lists the records merged into this one, itself first.
func (r *Encounter) Contributors() []*Encounter { return contributors(r, r.others) }

// Contributors lists the records merged into this one, itself first.
func (r *Procedure) Contributors() []*Procedure { return contributors(r, r.others) }

// Contributors lists the records merged into this one, itself first.
func (r *Immunisation) Contributors() []*Immunisation { return contributors(r, r.others) }

// Contributors lists the records merged into this one, itself first.
func (r *Appointment) Contributors() []*Appointment { return contributors(r, r.others) }

// Contributors lists the records merged into this one, itself first.
func (r *Referral) Contributors() []*Referral { return contributors(r, r.others) }

// Contributors lists the records merged into this one, itself first.
func (r *Document) Contributors() []*Document { return contributors(r, r.others) }

// Contributors lists the records merged into this one, itself first.
func (r *Alert) Contributors() []*Alert { return contributors(r, r.others) }

// Contributors lists the records merged into this one, itself first.
func (r *Contact) Contributors() []*Contact { return contributors(r, r.others) }

// Contributors lists the records merged into this one, itself first.
func (r *CarePlan) Contributors() []*CarePlan { return contributors(r, r.others) }

// Contributors lists the records merged into this one, itself first.
func (p *UrgentCarePlan) Contributors() []*UrgentCarePlan { return contributors(p, p.others) }
