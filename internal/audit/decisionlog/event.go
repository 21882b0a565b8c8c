package decisionlog

import (
	"fmt"
	"time"

	"onelondon/internal/audit"
)

// event is one decision in OPA's format (openpolicyagent.org/docs/management-decision-logs).
type event struct {
	Labels     map[string]string `json:"labels"`
	DecisionID string            `json:"decision_id"`
	Bundles    map[string]bundle `json:"bundles,omitempty"`
	Path       string            `json:"path"`
	Input      input             `json:"input"`
	Result     result            `json:"result"`
	Erased     []string          `json:"erased"`
	Timestamp  time.Time         `json:"timestamp"`
	RequestID  uint64            `json:"req_id"` // sequence of the ledger's entry
	Custom     custom            `json:"custom"`
}

type bundle struct {
	Revision string `json:"revision"`
}

// input is what is left of a decision's input.
type input struct {
	Caller       caller `json:"caller"`
	Purpose      string `json:"purpose,omitempty"`
	Relationship string `json:"relationship,omitempty"`
	Emergency    bool   `json:"emergency"`
	Action       string `json:"action,omitempty"` // of oversight
}

type caller struct {
	Citizen      bool   `json:"citizen"`
	Role         string `json:"role"`
	Organisation string `json:"organisation"`
	ID           string `json:"id,omitempty"`
	Name         string `json:"name,omitempty"`
}

// result is what came of it: the decision, and how the question ended.
type result struct {
	Outcome  audit.Outcome `json:"outcome"`
	Reasons  []string      `json:"reasons"`
	Released []string      `json:"released,omitempty"` // kinds of record that were asked for
	Withheld []string      `json:"withheld,omitempty"`
	Alert    bool          `json:"alert"`
	Notify   bool          `json:"notify"`
}

// custom is what OPA's format has no place for.
type custom struct {
	RequestID       string `json:"request_id"`
	Event           string `json:"event"`
	Policy          string `json:"policy,omitempty"` // digest of the rules and tables
	ConsentRevision uint64 `json:"consent_revision"`
	Automated       bool   `json:"automated"`
}

const (
	recordsPath   = "onelondon/decision/decision"
	oversightPath = "onelondon/oversight/decision"
)

// eventOf turns an entry into an event, leaving out whatever is or may be a patient's.
func (o *Options) eventOf(written *audit.Written) event {
	entry := &written.Entry
	e := event{
		Labels:     o.labels(),
		DecisionID: fmt.Sprintf("%s-%d", entry.RequestID, written.Sequence),
		Path:       recordsPath,
		Input: input{Caller: caller{Citizen: entry.Caller.Role == "", Role: entry.Caller.Role, Organisation: entry.Caller.Organisation},
			Purpose: entry.Purpose, Relationship: entry.Relationship, Emergency: entry.Emergency, Action: entry.Action},
		Result: result{Outcome: entry.Outcome, Reasons: append([]string{}, entry.Reasons...), Released: entry.Kinds,
			Withheld: entry.Withheld, Alert: entry.Alert, Notify: entry.Notify},
		Erased:    []string{"/input/person", "/input/caller/activities"}, // what the ledger has of them is for replays alone
		Timestamp: entry.Time.UTC(),
		RequestID: written.Sequence,
		Custom: custom{RequestID: entry.RequestID, Event: "access", Policy: entry.PolicyRevision,
			ConsentRevision: entry.ConsentRevision, Automated: entry.Automated},
	}
	if entry.Event != audit.EventAccess {
		e.Path, e.Custom.Event = oversightPath, string(entry.Event)
	}
	if revision := o.revisionOf(entry.PolicyRevision); revision != "" {
		e.Bundles = map[string]bundle{"onelondon": {revision}}
	}
	o.maskCaller(&e, entry.Caller)
	return e
}

// maskCaller puts in who asked, as far as that may be known. The id and name of a citizen are those of a patient.
func (o *Options) maskCaller(e *event, who audit.Caller) {
	if e.Input.Caller.Citizen {
		e.Erased = append(e.Erased, "/input/caller/id", "/input/caller/name")
		return
	}
	e.Input.Caller.ID = who.ID
	if o.Names {
		e.Input.Caller.Name = who.Name
		return
	}
	e.Erased = append(e.Erased, "/input/caller/name")
}

func (o *Options) labels() map[string]string {
	labels := map[string]string{"app": "onelondon"}
	if o.Version != "" {
		labels["version"] = o.Version
	}
	return labels
}

// revisionOf is what the author of the bundle called it, or its digest where that is all that is known.
func (o *Options) revisionOf(digest string) string {
	if revision, ok := o.Revisions[digest]; ok {
		return revision
	}
	return digest
}
