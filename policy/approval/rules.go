package approval

import (
	"crypto"
	"errors"
	"fmt"
	"slices"
	"strings"

	"onelondon/policy/signing"
)

// DefaultNeeded is the default for how many people must approve a bundle.
const DefaultNeeded = 2

// Approver is somebody whose approval counts.
type Approver struct {
	Name string
	Role Role
	Key  crypto.PublicKey
}

// Rules say whose approvals a bundle needs.
type Rules struct {
	Approvers []Approver
	Needed    int // different people; 0 means DefaultNeeded
}

// needed is how many people must approve.
func (r Rules) needed() int {
	if r.Needed == 0 {
		return DefaultNeeded
	}
	return r.Needed
}

// layNeeded reports whether one of the approvals must be a lay reviewer's, which is so if there is a lay reviewer.
func (r Rules) layNeeded() bool {
	return slices.ContainsFunc(r.Approvers, func(a Approver) bool { return a.Role == Lay })
}

// Check finds rules that one person alone could satisfy, or that nobody could.
func (r Rules) Check() error {
	var faults []error
	names, keys := map[string]bool{}, map[string]string{}
	for _, approver := range r.Approvers {
		fingerprint, err := signing.Fingerprint(approver.Key)
		if err != nil {
			faults = append(faults, fmt.Errorf("approver %q: %w", approver.Name, err))
			continue
		}
		if names[approver.Name] {
			faults = append(faults, fmt.Errorf("approver %q is there twice", approver.Name))
		}
		if other, twice := keys[fingerprint]; twice {
			faults = append(faults, fmt.Errorf("%q and %q have the same key, so one person could approve twice", other, approver.Name))
		}
		names[approver.Name], keys[fingerprint] = true, approver.Name
	}
	if r.needed() > len(r.Approvers) {
		faults = append(faults, fmt.Errorf("%d approvals are needed and there are %d approvers", r.needed(), len(r.Approvers)))
	}
	return errors.Join(faults...)
}

// Verdict says who approved a bundle and what is missing.
type Verdict struct {
	Approved []Approval // one for each person, by name
	Ignored  int        // tokens that do not count: of another bundle, of an unknown person, signed by somebody else, or forged
	Missing  string     // what is missing, in words; empty if the bundle is approved
}

// Judge counts the approvals of a bundle in the contents of the file beside it. A person counts once, whatever and
// however often they signed.
func (r Rules) Judge(content []byte, bundle Digest) Verdict {
	given, err := tokens(content)
	if err != nil {
		return Verdict{Missing: err.Error()}
	}
	var verdict Verdict
	for _, token := range given {
		if approval, ok := r.approval(token, bundle); !ok {
			verdict.Ignored++
		} else if !slices.ContainsFunc(verdict.Approved, func(other Approval) bool { return other.Name == approval.Name }) {
			verdict.Approved = append(verdict.Approved, approval)
		}
	}
	slices.SortFunc(verdict.Approved, func(a, b Approval) int { return strings.Compare(a.Name, b.Name) })
	verdict.Missing = r.missing(verdict)
	return verdict
}

// approval reads a token as an approval by the approver whose key signed it.
func (r Rules) approval(token string, bundle Digest) (Approval, bool) {
	for _, approver := range r.Approvers {
		said, signed := read(token, approver.Key)
		if !signed {
			continue
		}
		if said.Name != approver.Name || said.Role != approver.Role || said.Bundle != bundle.String() {
			return Approval{}, false
		}
		return Approval{Bundle: bundle, Revision: said.Revision, Name: said.Name, Role: said.Role, At: said.At}, true
	}
	return Approval{}, false
}

func (r Rules) missing(verdict Verdict) string {
	var missing []string
	if short := r.needed() - len(verdict.Approved); short > 0 {
		missing = append(missing, fmt.Sprintf("%d of %d approvals", short, r.needed()))
	}
	lay := slices.ContainsFunc(verdict.Approved, func(a Approval) bool { return a.Role == Lay })
	if r.layNeeded() && !lay {
		missing = append(missing, "the approval of a lay reviewer")
	}
	if len(missing) == 0 {
		return ""
	}
	if verdict.Ignored > 0 {
		missing = append(missing, fmt.Sprintf("approvals in its file that do not count: %d", verdict.Ignored))
	}
	return strings.Join(missing, "; ")
}
