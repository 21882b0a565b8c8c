package bench_test

import (
	"encoding/json"
	"slices"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/policy"
)

// byHand is the policy's rules written in Go by hand, over the same tables: what a decision costs where nobody in governance
// may read or change it. It is here to be measured against, and a test holds it to what the policy says.
type byHand struct {
	Roles map[string]struct {
		Clinical bool              `json:"clinical"`
		Roles    map[string]string `json:"roles"`
	} `json:"roles"`
	RoleKinds map[string]struct {
		Kinds  []string            `json:"kinds"`
		Masked map[string][]string `json:"masked"`
		Untold map[string][]string `json:"untold"`
	} `json:"role_kinds"`
	Purposes map[policy.Purpose]struct {
		Gives   string   `json:"gives"`
		AskedBy []string `json:"asked_by"`
	} `json:"purposes"`
	Activities map[string]struct {
		View string `json:"view"`
	} `json:"activities"`
	Views      map[string][]string `json:"views"`
	Headings   map[string][]string `json:"headings"`
	Categories map[clinical.Label]struct {
		Doubt string `json:"doubt"`
	} `json:"categories"`
	Restricted map[clinical.Label]struct {
		OpenTo      []string `json:"open_to"`
		InEmergency bool     `json:"in_emergency"`
	} `json:"restricted"`
	Proxies   map[policy.Authority]map[policy.Age][]policy.Capacity `json:"proxies"`
	Emergency struct {
		Activities []string `json:"activities"`
	} `json:"emergency"`
	HomeAccess map[string]string `json:"home_access"`
	NotJudged  []string          `json:"not_judged"`
	Presumed   []clinical.Label  `json:"presumed"`

	groupOf  map[string]string          // of a role
	viewed   map[string]map[string]bool // kinds of a view
	everyone int                        // kinds that some group sees
}

func writtenByHand(tb testing.TB, tables map[string]any) *byHand {
	tb.Helper()
	encoded, err := json.Marshal(tables)
	if err != nil {
		tb.Fatal(err)
	}
	h := &byHand{groupOf: map[string]string{}, viewed: map[string]map[string]bool{}}
	if err := json.Unmarshal(encoded, h); err != nil {
		tb.Fatal(err)
	}
	for name, group := range h.Roles {
		for role := range group.Roles {
			h.groupOf[role] = name
		}
	}
	for view, headings := range h.Views {
		h.viewed[view] = map[string]bool{}
		for _, heading := range headings {
			for _, kind := range h.Headings[heading] {
				h.viewed[view][kind] = true
			}
		}
	}
	seen := map[string]bool{}
	for _, group := range h.RoleKinds {
		for _, kind := range group.Kinds {
			seen[kind] = true
		}
	}
	h.everyone = len(seen)
	return h
}

// byHandDecision is what the rules by hand decide.
type byHandDecision struct {
	permitted, alert, notify, hide bool
	kinds                          map[string]masks
	withheld                       []clinical.Label
	organisation                   clinical.Text
	citizen, clinical, protects    bool
	sharing                        bool
	plans                          bool // with or without consent to share them
}

// masks are the fields of a kind that are not shown: of any record, and of those that do not say that the person was told.
type masks struct{ always, untold clinical.FieldSet }

// decide is the whole decision for one chart.
func (h *byHand) decide(input *policy.Input) *byHandDecision {
	group := h.groupOf[input.Role]
	if input.Citizen {
		group = ""
		if input.Role == "" {
			group = "citizen"
		}
	}
	clinically := h.Roles[group].Clinical
	opened := input.Emergency && input.Purpose == policy.EmergencyTreatment && clinically &&
		slices.ContainsFunc(input.Activities, func(a string) bool { return slices.Contains(h.Emergency.Activities, a) })
	objects := input.Person.Objection != "none" && input.Person.Objection != "requested" && input.Person.Objection != "not_upheld"
	d := &byHandDecision{hide: input.Person.Flagged, organisation: clinical.Text(input.Organisation), citizen: input.Citizen,
		clinical: clinically, protects: clinically || group == "social_care", sharing: !objects || opened || input.Citizen}
	care, claimed, own, proxy := h.grounds(input, clinically)
	ground := care || claimed || own || proxy || opened
	asker := "staff"
	if input.Citizen {
		asker = "citizen"
	}
	purpose := h.Purposes[input.Purpose]
	d.permitted = ground && input.Purpose != "" && purpose.Gives == "identifiable" && slices.Contains(purpose.AskedBy, asker) &&
		group != "" && !d.hide && (input.Relationship != policy.RelationshipProxy || proxy)
	if !d.permitted {
		return d
	}
	d.alert, d.notify = opened || claimed && !care && !own && !proxy, opened
	d.plans = own || opened
	d.kinds = h.kinds(input, group, opened)
	if plan, ok := d.kinds["UrgentCarePlan"]; ok && !h.enters(input, care, claimed) && !own && !opened {
		plan.always |= clinical.KindUrgentCarePlan.Descriptor().Set("accessToHome")
		d.kinds["UrgentCarePlan"] = plan
	}
	d.withheld = h.withheld(input, group, clinically, opened, own)
	return d
}

// grounds are the four ways to stand to a person.
func (h *byHand) grounds(input *policy.Input, clinically bool) (care, claimed, own, proxy bool) {
	switch input.Relationship {
	case policy.RelationshipRegistered, policy.RelationshipRecord, policy.RelationshipReferral:
		care = !input.Citizen
	case policy.RelationshipClaimed:
		claimed = clinically && (input.Purpose == policy.Treatment || input.Purpose == policy.EmergencyTreatment)
	case policy.RelationshipSelf:
		own = input.Citizen && !input.Person.Deceased
	case policy.RelationshipProxy:
		person := &input.Person
		proxy = input.Citizen && !person.Deceased && slices.Contains(h.Proxies[person.Authority][person.Age], person.Capacity)
	}
	return care, claimed, own, proxy
}

// enters reports whether somebody goes into the person's home.
func (h *byHand) enters(input *policy.Input, care, claimed bool) bool {
	_, goes := h.HomeAccess[input.Role]
	treats := input.Purpose == policy.Treatment || input.Purpose == policy.EmergencyTreatment
	return goes && (!input.Citizen && treats && care || claimed && input.Purpose == policy.EmergencyTreatment)
}

// kinds are those of the role, narrowed by the activities.
func (h *byHand) kinds(input *policy.Input, group string, opened bool) map[string]masks {
	row := h.RoleKinds[group]
	all := make(map[string]masks, len(row.Kinds))
	free := input.Citizen || opened || len(input.Activities) == 0
	for _, name := range row.Kinds {
		if !free && !h.shows(input.Activities, name) {
			continue
		}
		kind, _ := clinical.ParseKind(name)
		all[name] = masks{kind.Descriptor().Set(row.Masked[name]...), kind.Descriptor().Set(row.Untold[name]...)}
	}
	return all
}

func (h *byHand) shows(activities []string, kind string) bool {
	given := false
	for _, activity := range activities {
		if view := h.Activities[activity].View; view != "" {
			given = true
			if h.viewed[view][kind] {
				return true
			}
		}
	}
	return !given && h.viewed["demographics"][kind]
}

// withheld are the categories that the caller does not see.
func (h *byHand) withheld(input *policy.Input, group string, clinically, opened, own bool) []clinical.Label {
	var all []clinical.Label
	known := h.knows(input.Person.Preferences)
	treats := input.Purpose == policy.Treatment || input.Purpose == policy.EmergencyTreatment
	limited := input.Relationship == policy.RelationshipProxy && input.Person.Age != policy.AgeUnder11 && input.Person.Age != policy.Age16AndUp
	byDefault := !input.Citizen && !clinically || limited
	for category := range h.Categories {
		allowed, denied := said(input, string(category))
		law, restricted := h.Restricted[category]
		if restricted {
			open := own || allowed || treats && known && !denied && slices.Contains(law.OpenTo, group) || opened && law.InEmergency
			if !open {
				all = append(all, category)
			}
			continue
		}
		if denied && !opened && !own || byDefault && !allowed || !known && !opened && !own {
			all = append(all, category)
		}
	}
	return all
}

// knows reports whether every preference is one that the rules understand.
func (h *byHand) knows(preferences []policy.Preference) bool {
	return !slices.ContainsFunc(preferences, func(p policy.Preference) bool {
		_, category := h.Categories[clinical.Label(p.Category)]
		return !slices.Contains(policy.Effects(), p.Effect) || !slices.Contains(policy.Parties(), p.Party) || !category && p.Category != "all"
	})
}

// said is what the most specific of a person's preferences says of a category; denial wins among equals.
func said(input *policy.Input, category string) (allowed, denied bool) {
	highest := -1
	for _, p := range input.Person.Preferences {
		rank := 0
		switch {
		case p.Party == "anyone":
			rank = 2
		case !input.Citizen && (p.Party == "organisation" && p.Code == input.Organisation || p.Party == "role" && p.Code == input.Role):
			rank = 4
		default:
			continue
		}
		switch p.Category {
		case category:
			rank++
		case "all":
		default:
			continue
		}
		if rank > highest {
			highest, allowed, denied = rank, false, false
		}
		if rank == highest {
			allowed, denied = allowed || p.Effect == "allow", denied || p.Effect == "deny"
		}
	}
	return allowed && !denied, denied
}

// releases is what the rules by hand say of one record.
func (h *byHand) releases(d *byHandDecision, record clinical.Record) bool {
	meta, kind := record.About(), record.Kind().String()
	if _, released := d.kinds[kind]; !d.permitted || !released {
		return false
	}
	shared, _ := meta.Labels.Value(clinical.LabelPlanShared)
	own := !d.citizen && meta.Organisation.Code != "" && meta.Organisation.Code == d.organisation
	free := func(label clinical.Label) bool {
		set, known := meta.Labels.Value(label)
		if !known {
			return slices.Contains(h.Presumed, label)
		}
		return !set
	}
	about := len(d.withheld) == 0 || d.clinical && own || record.Kind() == clinical.KindAllergyIntolerance ||
		!slices.ContainsFunc(d.withheld, func(category clinical.Label) bool {
			set, known := meta.Labels.Value(category)
			if !known {
				return h.Categories[category].Doubt != "free" && !slices.Contains(h.NotJudged, kind)
			}
			return set
		})
	return (record.Kind() != clinical.KindUrgentCarePlan || shared || own || d.plans) && about && (own || free(clinical.LabelSealed)) && (d.sharing || own) &&
		(d.protects || free(clinical.LabelSafeguarding)) && (!d.citizen || free(clinical.LabelThirdParty))
}
