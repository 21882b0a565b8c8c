package auth

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"onelondon/internal/clinical"
)

// claims are the parts of a token that are read, in the formats of CIS2 (nationalrbacaccess, selectedrole) and NHS
// login. purpose_of_use is the default purpose of the application to which the token was issued; a request may declare
// another.
type claims struct {
	Subject  string `json:"sub"`
	Name     string `json:"name"`
	Purpose  string `json:"purpose_of_use"`
	Client   string `json:"client_id"` // equal to the subject in the token of a program acting on its own (RFC 9068, 2.2)
	Selected string `json:"selected_roleid"`
	Roles    []role `json:"nhsid_nrbac_roles"`

	NHSNumber string `json:"nhs_number"`
	Proofing  string `json:"identity_proofing_level"`
}

type role struct {
	RoleID       string   `json:"person_roleid"`
	Organisation string   `json:"org_code"`
	Code         string   `json:"role_code"` // "S8000:G8000:R8000"
	Activities   []string `json:"activity_codes"`
}

// callerOf reads the claims of a token whose signature has been verified.
func callerOf(token string) (Caller, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return Caller{}, ErrToken
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return Caller{}, ErrToken
	}
	var c claims
	if err := json.Unmarshal(payload, &c); err != nil || c.Subject == "" {
		return Caller{}, ErrClaims
	}
	if c.NHSNumber != "" && len(c.Roles) == 0 {
		return citizen(&c)
	}
	return staff(&c)
}

// citizen accepts only the highest level of identity proofing, which access to health records requires.
func citizen(c *claims) (Caller, error) {
	number, err := clinical.ParseNHSNumber(c.NHSNumber)
	if err != nil || c.Proofing != "P9" {
		return Caller{}, ErrClaims
	}
	return Caller{ID: c.Subject, Name: c.Name, Citizen: true, Person: number, Purpose: c.Purpose,
		Automated: c.Client == c.Subject}, nil
}

// staff takes the role selected at sign-in, not any role held: a GP who signed in as a receptionist is one.
func staff(c *claims) (Caller, error) {
	at := slices.IndexFunc(c.Roles, func(r role) bool { return r.RoleID == c.Selected && c.Selected != "" })
	if at < 0 {
		return Caller{}, ErrClaims
	}
	selected := c.Roles[at]
	code := selected.Code[strings.LastIndexByte(selected.Code, ':')+1:]
	if code == "" || selected.Organisation == "" {
		return Caller{}, ErrClaims
	}
	activities := slices.Clone(selected.Activities)
	slices.Sort(activities)
	return Caller{ID: c.Subject, Name: c.Name, Role: code, Organisation: selected.Organisation, Activities: activities,
		Purpose: c.Purpose, Automated: c.Client == c.Subject}, nil
}
