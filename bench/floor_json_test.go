package bench_test

import "encoding/json"

// The answer as a hand-written program would declare it, for encoding/json.
type (
	answerJSON struct {
		Data struct {
			Patient *patientJSON `json:"patient"`
		} `json:"data"`
	}
	patientJSON struct {
		NHSNumber     string            `json:"nhsNumber"`
		Demographics  *demographicsJSON `json:"demographics"`
		Allergies     list[allergy]     `json:"allergies"`
		Conditions    list[condition]   `json:"conditions"`
		Medications   list[medication]  `json:"medications"`
		Observations  list[observation] `json:"observations"`
		Encounters    list[encounter]   `json:"encounters"`
		Procedures    list[condition]   `json:"procedures"`
		Immunisations list[vaccine]     `json:"immunisations"`
		Referrals     list[referral]    `json:"referrals"`
	}
	demographicsJSON struct {
		FamilyName *string `json:"familyName"`
		GivenName  *string `json:"givenName"`
		BirthDate  *string `json:"birthDate"`
		Gender     *string `json:"gender"`
	}
	list[R any] struct {
		Nodes    []R `json:"nodes"`
		PageInfo struct {
			HasNextPage bool `json:"hasNextPage"`
		} `json:"pageInfo"`
		Sources []lineJSON `json:"sources"`
	}
	lineJSON struct {
		Source  string `json:"source"`
		Outcome string `json:"outcome"`
		Records int    `json:"records"`
	}
	common struct {
		ID         string       `json:"id"`
		Date       *string      `json:"date"`
		Status     *string      `json:"status"`
		Code       *conceptJSON `json:"code"`
		Provenance struct {
			Source       string            `json:"source"`
			Organisation *organisationJSON `json:"organisation"`
		} `json:"provenance"`
	}
	conceptJSON struct {
		System  *string `json:"system"`
		Code    *string `json:"code"`
		Display *string `json:"display"`
	}
	organisationJSON struct {
		Code string `json:"code"`
	}
	allergy struct {
		common
		Severity *string `json:"severity"`
		Reaction *string `json:"reaction"`
	}
	condition struct {
		common
		Category *string `json:"category"`
	}
	medication struct {
		common
		Dosage       *string      `json:"dosage"`
		Quantity     *json.Number `json:"quantity"`
		QuantityUnit *string      `json:"quantityUnit"`
	}
	observation struct {
		common
		Value *json.Number `json:"value"`
		Unit  *string      `json:"unit"`
	}
	encounter struct {
		common
		Class  *string `json:"class"`
		Reason *string `json:"reason"`
	}
	vaccine struct {
		common
		Batch *string `json:"batch"`
	}
	referral struct {
		common
		Priority *string `json:"priority"`
	}
)

// dated lets records of every kind be put in order.
type dated interface{ about() *common }

func (c *common) about() *common { return c }
