package gate

import (
	"context"
	"fmt"
	"slices"
	"time"

	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/policy"
)

// CapacityStanding is what was found of a person's capacity to decide for themselves.
type CapacityStanding struct {
	Finding  CapacityFinding
	Means    string
	Recorded *Recorded // nil where nobody ever found anything
}

// Proxy is somebody who may act for a person, as those may read it whom the policy lets.
type Proxy struct {
	ConsentRevision uint64 // of the directive that said so, by which it is ended
	Authority       Authority
	Name            clinical.Text // and what they are to the person; empty where nobody said, or where the reader is not told
	IsReader        bool
	From, Until     *time.Time // nil without bound
	Means           string
	Recorded        *Recorded
}

// CapacityInput is a finding about a person's capacity, and what it rests on.
type CapacityInput struct {
	Finding CapacityFinding
	OfficeInput
}

// RecordCapacity records what a clinician found of a person's capacity. One that opens a record to somebody else holds only once
// a second clinician has found the same.
func (g *Gate) RecordCapacity(ctx context.Context, caller auth.Caller, person clinical.NHSNumber, input CapacityInput) (*Found, error) {
	found := input.Finding.directive()
	return g.find(ctx, caller, person, &finding{action: policy.RecordCapacity, outcome: policy.Outcome(found), input: input.OfficeInput,
		opens: found != consent.CapacityCompetent, choice: Choice{about: consent.CapacityFinding{Finding: found}, from: input.From, until: input.Until}})
}

// ProxyInput is that somebody may act for a person, and what it rests on.
type ProxyInput struct {
	Proxy clinical.NHSNumber
	Name  string    // of the proxy and what they are to the person
	As    Authority // ByParent or ByAttorney
	OfficeInput
}

// AppointProxy records that somebody may act for a person. It holds once a second member of staff has recorded the same. The proxy is
// not looked up: nothing tells whether there is such a person.
func (g *Gate) AppointProxy(ctx context.Context, caller auth.Caller, person clinical.NHSNumber, input ProxyInput) (*Found, error) {
	as := input.As.word()
	return g.find(ctx, caller, person, &finding{action: policy.AppointProxy, outcome: policy.Outcome(as), input: input.OfficeInput, opens: true,
		choice: Choice{about: consent.ProxyChoice{Proxy: g.current(input.Proxy), Name: Typed(input.Name), As: consent.Authority(as)},
			from: input.From, until: input.Until}})
}

// EndProxy records by their office that somebody may no longer act for a person, at once. Whether they could is not told.
func (g *Gate) EndProxy(ctx context.Context, caller auth.Caller, person, proxy clinical.NHSNumber, input OfficeInput) (*Found, error) {
	return g.find(ctx, caller, person, &finding{action: policy.EndProxy, outcome: policy.OutcomeEnded, input: input,
		choice: Choice{about: consent.ProxyChoice{Proxy: g.current(proxy), Withdrawn: true}}})
}

// EndOwnProxy ends what somebody may do for the caller, who reads of it under that revision. One that the caller does not read of is
// [ErrPreference].
func (g *Gate) EndOwnProxy(ctx context.Context, caller auth.Caller, revision uint64) (*Found, error) {
	recorder, ok := g.parts.Register.(Recorder)
	if !ok {
		return nil, fmt.Errorf("%w: nothing can be recorded in it", ErrConsent)
	}
	a, q, err := g.standAged(ctx, caller, policy.EndProxy, clinical.NHSNumber{})
	if err != nil {
		return nil, err
	}
	a.finding.Outcome = policy.OutcomeEnded
	if err := a.permit(ctx); err != nil {
		return nil, err
	}
	history, err := g.history(ctx, g.numbers(a.person))
	if err != nil {
		return nil, a.fail(ctx, err)
	}
	for _, each := range history.appointments(a.started) {
		if choice, is := each.About.(consent.ProxyChoice); is && uint64(each.Revision()) == revision {
			return a.found(ctx, recorder, q, Choice{about: consent.ProxyChoice{Proxy: choice.Proxy, Withdrawn: true}})
		}
	}
	return nil, a.fail(ctx, ErrPreference)
}

// appointments are the directives by which somebody may act for the person, now or later, in the order of recording: of what was said
// last of each proxy and has not run out.
func (s said) appointments(now time.Time) (all []*consent.Recorded) {
	seen := map[clinical.NHSNumber]bool{}
	for i := len(s) - 1; i >= 0; i-- {
		each := &s[i]
		choice, is := each.About.(consent.ProxyChoice)
		if !is || seen[choice.Proxy] || !each.Until.IsZero() && !now.Before(each.Until) {
			continue
		}
		if seen[choice.Proxy] = true; !choice.Withdrawn {
			all = append(all, each)
		}
	}
	slices.Reverse(all)
	return all
}

// proxies tells who may act for the person, by name where the policy says so. No reader is told a number.
func (t telling) proxies(a *act) []Proxy {
	all := []Proxy{}
	for _, each := range t.said.appointments(a.started) {
		choice, _ := each.About.(consent.ProxyChoice)
		proxy := Proxy{ConsentRevision: uint64(each.Revision()), Authority: authorityInWords(choice.As), From: moment(each.From),
			Until: moment(each.Until), IsReader: a.caller.Citizen && !a.self && a.gate.current(choice.Proxy) == a.gate.current(a.caller.Person),
			Recorded: t.recorded(each)}
		name := clinical.Text(Typed(choice.Name))
		if a.permission.Named || proxy.IsReader {
			proxy.Name = name
		} else { // what was typed may name them as well
			proxy.Recorded.Reason, proxy.Recorded.Evidence = "", ""
		}
		proxy.Means = t.clerk.mayAct(&proxy)
		all = append(all, proxy)
	}
	return all
}

func moment(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

// mayAct says what it means that somebody may act for the person.
func (c clerk) mayAct(proxy *Proxy) string {
	who := cmpText(proxy.Name, "Somebody")
	if proxy.IsReader {
		who = "You"
	}
	if proxy.Authority == ByAttorney {
		return who + " may act for " + c.whom() + " as an attorney or deputy, while " + c.they() + " found to lack the capacity to decide."
	}
	return who + " may act for " + c.whom() + " as a parent, while " + c.they() + " as young as the rules in force say."
}

// they begins what is said of the person after a conjunction.
func (c clerk) they() string {
	if c.own {
		return "you are"
	}
	return "the person is"
}

// capacity says what was found of the person's capacity and what that means.
func (t telling) capacity(held consent.Capacity) CapacityStanding {
	c := CapacityStanding{Finding: CapacityPresumed, Recorded: t.last(isCapacity)}
	switch held {
	case consent.CapacityCompetent:
		c.Finding, c.Means = CapacityCompetent, "A clinician found that "+t.clerk.they()+" competent to decide, though under 16: no parent looks or decides."
	case consent.CapacityLacking:
		c.Finding, c.Means = CapacityLacking, "Clinicians found that "+t.clerk.they()+" not able to decide: an attorney, or a parent of a child, may."
	default:
		c.Means = "It is presumed that " + t.clerk.they() + " able to decide, as the law has it, and as far as age allows."
	}
	return c
}

func isCapacity(about consent.About) bool {
	_, is := about.(consent.CapacityFinding)
	return is
}
