package london

import (
	"onelondon/examples/london/seed"
	"onelondon/internal/clinical"
)

// problem is a long-term or passing problem: how GPs code it (SNOMED CT, with CTV3 where SystmOne shows one), how hospitals do
// (ICD-10), from what age it appears and in how many of a thousand people of 40 and of 75 years.
type problem struct {
	key    string
	code   seed.Code
	icd10  seed.Code
	from   int
	at40   int
	at75   int
	drugs  []string
	checks []string
}

func snomed(code, display string) seed.Code {
	return seed.Code{System: clinical.SNOMED, Code: code, Display: display}
}

func icd10(code, display string) seed.Code {
	return seed.Code{System: clinical.ICD10, Code: code, Display: display}
}

func opcs4(code, display string) seed.Code {
	return seed.Code{System: clinical.OPCS4, Code: code, Display: display}
}

func dmd(code, display string) seed.Code {
	return seed.Code{System: clinical.DMD, Code: code, Display: display}
}

// withCTV3 adds the CTV3 code that SystmOne keeps beside the SNOMED CT one.
func withCTV3(code seed.Code, ctv3, display string) seed.Code {
	code.Also = append(code.Also, seed.Code{System: clinical.CTV3, Code: ctv3, Display: display})
	return code
}

// problems is the demo's epidemiology: frequencies are round numbers near those of English general practice.
func problems() []problem {
	return []problem{
		{"hypertension", withCTV3(snomed("38341003", "Hypertensive disorder"), "XE0Ub", "Systemic arterial hypertension"),
			icd10("I10", "Essential (primary) hypertension"), 30, 60, 520, []string{"amlodipine", "ramipril"}, []string{"blood pressure", "egfr"}},
		{"diabetes", withCTV3(snomed("44054006", "Type 2 diabetes mellitus"), "X40J5", "Type II diabetes mellitus"),
			icd10("E11.9", "Type 2 diabetes mellitus without complications"), 30, 50, 210, []string{"metformin"}, []string{"hba1c", "egfr"}},
		{"asthma", withCTV3(snomed("195967001", "Asthma"), "H33..", "Asthma"),
			icd10("J45.9", "Asthma, unspecified"), 5, 90, 70, []string{"salbutamol"}, nil},
		{"copd", withCTV3(snomed("13645005", "Chronic obstructive lung disease"), "H3...", "Chronic obstructive pulmonary disease"),
			icd10("J44.9", "Chronic obstructive pulmonary disease, unspecified"), 45, 5, 90, []string{"salbutamol"}, nil},
		{"atrial fibrillation", withCTV3(snomed("49436004", "Atrial fibrillation"), "G5730", "Atrial fibrillation"),
			icd10("I48.9", "Atrial fibrillation and atrial flutter, unspecified"), 45, 3, 110, []string{"apixaban", "bisoprolol"}, nil},
		{"heart disease", snomed("53741008", "Coronary arteriosclerosis"),
			icd10("I25.1", "Atherosclerotic heart disease"), 40, 8, 160, []string{"aspirin", "atorvastatin", "bisoprolol"}, []string{"cholesterol"}},
		{"heart failure", snomed("84114007", "Heart failure"), icd10("I50.9", "Heart failure, unspecified"), 55, 1, 60,
			[]string{"furosemide", "ramipril"}, []string{"egfr"}},
		{"kidney disease", snomed("433144002", "Chronic kidney disease stage 3"),
			icd10("N18.3", "Chronic kidney disease, stage 3"), 50, 5, 180, nil, []string{"egfr"}},
		{"stroke", snomed("230690007", "Cerebrovascular accident"), icd10("I63.9", "Cerebral infarction, unspecified"), 50, 3, 70,
			[]string{"atorvastatin"}, []string{"cholesterol"}},
		{"dementia", snomed("52448006", "Dementia"), icd10("F03", "Unspecified dementia"), 65, 0, 50, nil, nil},
		{"hypothyroidism", snomed("40930008", "Hypothyroidism"), icd10("E03.9", "Hypothyroidism, unspecified"), 25, 30, 80,
			[]string{"levothyroxine"}, nil},
		{"depression", snomed("35489007", "Depressive disorder"), icd10("F32.9", "Depressive episode, unspecified"), 16, 130, 90,
			[]string{"sertraline"}, nil},
		{"osteoarthritis", snomed("396275006", "Osteoarthritis"), icd10("M19.9", "Arthrosis, unspecified"), 45, 40, 300,
			[]string{"paracetamol", "naproxen"}, nil},
		{"epilepsy", snomed("84757009", "Epilepsy"), icd10("G40.9", "Epilepsy, unspecified"), 2, 10, 12, nil, nil},
		{"eczema", snomed("43116000", "Eczema"), icd10("L30.9", "Dermatitis, unspecified"), 1, 100, 60, nil, nil},
		{"arthritis", snomed("69896004", "Rheumatoid arthritis"), icd10("M06.9", "Rheumatoid arthritis, unspecified"), 30, 6, 20,
			[]string{"methotrexate"}, nil},
	}
}

// hivInfection is a code of London's list of legally restricted and sensitive information.
func hivInfection() seed.Code { return snomed("86406008", "Human immunodeficiency virus infection") }

// frailty is a coded finding rather than a number.
func frailty(severe bool) seed.Code {
	if severe {
		return snomed("925861000000102", "Severe frailty")
	}
	return snomed("925791000000100", "Mild frailty")
}

// drug is a medicine as it is prescribed: its dm+d virtual medicinal product and the usual dose.
type drug struct {
	code     seed.Code
	dosage   string
	quantity string
	unit     string
}

func drugs() map[string]drug {
	return map[string]drug{
		"amlodipine":    {dmd("319283006", "Amlodipine 5mg tablets"), "1 tablet once a day", "28", "tablet"},
		"ramipril":      {dmd("318902004", "Ramipril 5mg capsules"), "1 capsule once a day", "28", "capsule"},
		"metformin":     {dmd("325278007", "Metformin 500mg tablets"), "1 tablet twice a day with food", "56", "tablet"},
		"salbutamol":    {dmd("39113611000001102", "Salbutamol 100micrograms/dose inhaler CFC free"), "2 puffs when needed", "200", "dose"},
		"apixaban":      {dmd("42206511000001102", "Apixaban 5mg tablets"), "1 tablet twice a day", "56", "tablet"},
		"bisoprolol":    {dmd("318590006", "Bisoprolol 2.5mg tablets"), "1 tablet once a day", "28", "tablet"},
		"aspirin":       {dmd("319775004", "Aspirin 75mg dispersible tablets"), "1 tablet once a day", "28", "tablet"},
		"atorvastatin":  {dmd("320030001", "Atorvastatin 20mg tablets"), "1 tablet at night", "28", "tablet"},
		"furosemide":    {dmd("317972000", "Furosemide 40mg tablets"), "1 tablet in the morning", "28", "tablet"},
		"levothyroxine": {dmd("376988009", "Levothyroxine sodium 50microgram tablets"), "1 tablet before breakfast", "28", "tablet"},
		"sertraline":    {dmd("321976006", "Sertraline 50mg tablets"), "1 tablet once a day", "28", "tablet"},
		"paracetamol":   {dmd("322236009", "Paracetamol 500mg tablets"), "2 tablets up to four times a day", "100", "tablet"},
		"naproxen":      {dmd("329806007", "Naproxen 250mg tablets"), "1 tablet twice a day with food", "28", "tablet"},
		"methotrexate":  {dmd("326874007", "Methotrexate 2.5mg tablets"), "4 tablets once a week", "16", "tablet"},
		"amoxicillin":   {dmd("323510009", "Amoxicillin 500mg capsules"), "1 capsule three times a day", "21", "capsule"},
		"ibuprofen":     {dmd("329653008", "Ibuprofen 400mg tablets"), "1 tablet three times a day with food", "24", "tablet"},
		"morphine":      {dmd("36128211000001109", "Morphine sulfate 10mg/1ml solution for injection ampoules"), "2.5mg under the skin when needed", "10", "ampoule"},
	}
}

// measure is a measurement with its usual unit and range.
type measure struct {
	code      seed.Code
	unit      string
	low, high string
}

func measures() map[string]measure {
	return map[string]measure{
		"systolic":    {withCTV3(snomed("271649006", "Systolic blood pressure"), "2469.", "O/E - Systolic BP reading"), "mm[Hg]", "90", "140"},
		"diastolic":   {withCTV3(snomed("271650006", "Diastolic blood pressure"), "246A.", "O/E - Diastolic BP reading"), "mm[Hg]", "60", "90"},
		"hba1c":       {withCTV3(snomed("999791000000106", "Haemoglobin A1c level - IFCC standardised"), "XaPbt", "Haemoglobin A1c level - IFCC standardised"), "mmol/mol", "20", "41"},
		"egfr":        {snomed("1011481000000105", "eGFR using creatinine CKD-EPI equation per 1.73 square metres"), "mL/min/1.73m2", "60", ""},
		"cholesterol": {withCTV3(snomed("1005671000000105", "Serum cholesterol level"), "XE2eD", "Serum cholesterol level"), "mmol/L", "", "5"},
		"bmi":         {withCTV3(snomed("60621009", "Body mass index"), "22K..", "Body mass index"), "kg/m2", "18.5", "25"},
	}
}
