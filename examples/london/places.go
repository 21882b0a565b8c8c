package london

import "onelondon/examples/london/seed"

// site is one of the demo's databases, before it is built.
type site struct {
	id           string // configured source id
	name         string
	system       seed.System
	organisation string // ODS code of the trust; empty where the organisation is a column
	mapping      string // file in the folder mappings
}

// practice is a GP practice with the borough it serves. Names, codes and postcodes are facts of the NHS Organisation Data
// Service; which record system a practice uses is as it was listed in 2020.
type practice struct {
	seed.Organisation
	borough  string
	district string // postcode district that its people live in
	source   string // id of the site that holds its records
	hospital string // id of the site its people mostly go to
}

// The ids of the demo's sources.
const (
	emisSite        = "emis-nel"
	systmOneSite    = "systmone-nel"
	compassSite     = "discovery-nel"
	bartsSite       = "barts-millennium"
	homertonSite    = "homerton-millennium"
	bhrutSite       = "bhrut-pas"
	plansSite       = "coordinate-my-care"
	bartsCode       = "R1H"
	homertonCode    = "RQX"
	bhrutCode       = "RF4"
	heroinePractice = "F84022"
	communityTrust  = "RAT" // writes into SystmOne beside the practices, and makes urgent care plans
)

func practices() []practice {
	at := func(code, name, postcode, borough, district, source, hospital string) practice {
		return practice{seed.Organisation{Code: code, Name: name, Postcode: postcode}, borough, district, source, hospital}
	}
	return []practice{
		at("F84012", "ALBION HEALTH CENTRE", "E1 1BU", "Tower Hamlets", "E1", emisSite, bartsSite),
		at("F84031", "THE JUBILEE STREET PRACTICE LTD", "E1 0LS", "Tower Hamlets", "E1", emisSite, bartsSite),
		at("F84030", "RUSTON STREET CLINIC", "E3 2LR", "Tower Hamlets", "E3", emisSite, bartsSite),
		at("F84022", "STRATFORD HEALTH CENTRE", "E15 1EN", "Newham", "E15", emisSite, bartsSite),
		at("F84017", "STAR LANE MEDICAL CENTRE", "E16 4QH", "Newham", "E16", emisSite, bartsSite),
		at("F84018", "THE NIGHTINGALE PRACTICE", "E5 8BY", "Hackney", "E5", emisSite, homertonSite),
		at("F84021", "LONDON FIELDS MEDICAL CENTRE", "E8 4QJ", "Hackney", "E8", emisSite, homertonSite),
		at("F86030", "QUEENS ROAD MEDICAL CENTRE", "E17 8PX", "Waltham Forest", "E17", emisSite, bartsSite),
		at("F86004", "HANDSWORTH MEDICAL PRACTICE", "E4 9PD", "Waltham Forest", "E4", systmOneSite, bartsSite),
		at("F86018", "THE ECCLESBOURNE PRACTICE", "E17 9DP", "Waltham Forest", "E17", systmOneSite, bartsSite),
		at("F86025", "OAK TREE MEDICAL CENTRE", "IG3 9TJ", "Redbridge", "IG3", systmOneSite, bhrutSite),
		at("F86082", "ILFORD LANE SURGERY", "IG1 2SN", "Redbridge", "IG1", systmOneSite, bhrutSite),
		at("F82680", "HIGHGROVE SURGERY", "IG11 9LX", "Barking and Dagenham", "IG11", systmOneSite, bhrutSite),
		at("F82009", "NORTH STREET MEDICAL CARE", "RM1 4QJ", "Havering", "RM1", compassSite, bhrutSite),
		at("F82013", "WESTERN ROAD MEDICAL CENTRE", "RM1 3LS", "Havering", "RM1", compassSite, bhrutSite),
	}
}

// trusts lists the trusts that records speak of.
func trusts() []seed.Organisation {
	return []seed.Organisation{
		{Code: bartsCode, Name: "BARTS HEALTH NHS TRUST", Postcode: "E1 2ES", Trust: true},
		{Code: homertonCode, Name: "HOMERTON HEALTHCARE NHS FOUNDATION TRUST", Postcode: "E9 6SR", Trust: true},
		{Code: bhrutCode, Name: "BARKING, HAVERING AND REDBRIDGE UNIVERSITY HOSPITALS NHS TRUST", Postcode: "RM7 0AG", Trust: true},
		{Code: communityTrust, Name: "NORTH EAST LONDON NHS FOUNDATION TRUST", Postcode: "IG3 8XJ", Trust: true},
	}
}

// sites lists the databases: three trusts, three stores that hold several practices each, and the store of urgent care plans. The two practices in the
// Discovery store are nowhere else, so that nobody's GP record is there twice.
func sites() []site {
	return []site{
		{emisSite, "EMIS Web, north east London", seed.EMIS, "", "emis-web.yaml"},
		{systmOneSite, "TPP SystmOne, north east London", seed.SystmOne, "", "tpp-systmone.yaml"},
		{compassSite, "Discovery, north east London", seed.Compass, "", "discovery-compass-v2.yaml"},
		{bartsSite, "Barts Health, Millennium", seed.Millennium, bartsCode, "cerner-millennium.yaml"},
		{homertonSite, "Homerton, Millennium", seed.Millennium, homertonCode, "cerner-millennium.yaml"},
		{bhrutSite, "Barking, Havering and Redbridge, PAS", seed.PAS, bhrutCode, "bhrut-pas.yaml"},
		{plansSite, "Coordinate My Care, London", seed.CoordinateMyCare, "", "coordinate-my-care.yaml"},
	}
}

// organisations lists those that a database knows, its own first: a hospital knows every practice, a practice store the trusts.
func (s site) organisations() []seed.Organisation {
	var own, others []seed.Organisation
	for _, practice := range practices() {
		switch {
		case practice.source == s.id:
			own = append(own, practice.Organisation)
		case s.organisation != "":
			others = append(others, practice.Organisation)
		}
	}
	for _, trust := range trusts() {
		if trust.Code == s.organisation {
			own = append(own, trust)
		} else {
			others = append(others, trust)
		}
	}
	return append(own, others...)
}
