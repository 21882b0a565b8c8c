package mappings_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
)

// somebody is a number that the NHS sets aside for tests.
const somebody = "9990000018"

// trap is a small store of one system, written row by row as "Table: Column=value; Column=value", and what must come of it:
// for each record its kind, identifier, status, date, first code or words, and publisher.
type trap struct {
	file    string
	rows    []string
	members []string // who is listed: organisation, and whether registered there
	want    []string
}

func traps() []trap {
	return []trap{emisTrap(), systmOneTrap(), compassTrap(), millenniumTrap(), pasTrap(), omopTrap(),
		healtheIntentTrap(), homertonTrap(), adastraTrap(), flowsTrap(), spellsTrap(), emergencyTrap(), outpatientsTrap(), denormalisedTrap()}
}

func emisTrap() trap {
	const row = "PatientGuid=p1; OrganisationGuid=o1; Deleted=0; IsConfidential=0; "
	return trap{"emis-web.yaml", []string{
		"Admin_Organisation: OrganisationGuid=o1; ODSCode=F84003; OrganisationName=LOWER CLAPTON GROUP PRACTICE",
		"Admin_Organisation: OrganisationGuid=o2; ODSCode=F84004",
		"Agreements_SharingOrganisation: OrganisationGuid=o1; IsActivated=1; Disabled=0; Deleted=0",
		"Agreements_SharingOrganisation: OrganisationGuid=o2; IsActivated=0; Disabled=0; Deleted=0",
		"Admin_Patient: " + row + "NhsNumber=" + somebody + "; Sex=F; DummyType=0; PatientTypeDescription=Regular; CarerName=Ann",
		"Admin_Patient: PatientGuid=p2; OrganisationGuid=o2; Deleted=0; DummyType=0; IsConfidential=0; NhsNumber=" + somebody,
		"Admin_Patient: PatientGuid=p3; OrganisationGuid=o1; Deleted=0; DummyType=1; IsConfidential=0; NhsNumber=" + somebody,
		"Coding_ClinicalCode: CodeId=1; Term=Asthma; SnomedCTConceptId=195967001; ReadTermId=H33..; EmisCodeCategoryDescription=Conditions, operations and procedures",
		"Coding_ClinicalCode: CodeId=2; Term=Allergy to penicillin; SnomedCTConceptId=91936005; EmisCodeCategoryDescription=Allergy and adverse drug reactions",
		"Coding_ClinicalCode: CodeId=3; Term=Local entry; ReadTermId=EMISNQAC724",
		"CareRecord_Observation: " + row + "ObservationGuid=plain; CodeId=3; ObservationType=Observation; EffectiveDate=2019-01-01; EffectiveDatePrecision=Y",
		"CareRecord_Observation: " + row + "ObservationGuid=problem; CodeId=1; ObservationType=Observation; EffectiveDate=2018-03-01; EffectiveDatePrecision=YM",
		"CareRecord_Problem: PatientGuid=p1; OrganisationGuid=o1; Deleted=0; ObservationGuid=problem; ProblemStatusDescription=Past Problem",
		"CareRecord_Observation: " + row + "ObservationGuid=allergy; CodeId=2; ObservationType=Observation; EffectiveDate=2017-01-01; EffectiveDatePrecision=U",
		"CareRecord_Problem: PatientGuid=p1; OrganisationGuid=o1; Deleted=0; ObservationGuid=allergy; ProblemStatusDescription=Active Problem",
		"CareRecord_Observation: " + row + "ObservationGuid=vaccine; ObservationType=Immunisation; EffectiveDate=1900-01-01; EffectiveDatePrecision=YMD",
		"CareRecord_Observation: PatientGuid=p1; OrganisationGuid=o1; Deleted=1; IsConfidential=0; ObservationGuid=gone; CodeId=1; EffectiveDate=2020-01-01",
		"CareRecord_Observation: PatientGuid=p3; OrganisationGuid=o1; Deleted=0; IsConfidential=0; ObservationGuid=dummy; CodeId=1; EffectiveDate=2020-01-01",
	}, []string{"F84003 registered"}, []string{
		"AllergyIntolerance allergy ACTIVE - SNOMED_CT|91936005",
		"Condition problem RESOLVED 2018-03 SNOMED_CT|195967001",
		"Contact p1-carer - - ",
		"Immunisation vaccine COMPLETED - ",
		"Observation plain COMPLETED 2019 LOCAL|EMISNQAC724",
		"Registration p1 ACTIVE - ",
	}}
}

func systmOneTrap() trap {
	const row = "IDPatient=7; IDOrganisationVisibleTo=F84010; IDOrganisation=F84010; RemovedData=0; "
	return trap{"tpp-systmone.yaml", []string{
		"SRPatient: RowIdentifier=7; IDOrganisationVisibleTo=F84010; NHSNumber=" + somebody + "; Gender=M; TestPatient=FALSE; RemovedData=0",
		"SRPatient: RowIdentifier=8; IDOrganisationVisibleTo=F84010; NHSNumber=" + somebody + "; TestPatient=TRUE; RemovedData=0",
		"SRPatientRegistration: " + row + "RowIdentifier=70; DateRegistration=2001-02-03; RegistrationStatus=GMS",
		"SRCtv3Hierarchy: RowIdentifier=1; Ctv3CodeParent=SN53.; Ctv3CodeChild=XE1; RemovedData=0",
		"SRCode: " + row + "RowIdentifier=1; CTV3Code=H33..; CTV3Text=Asthma; SNOMEDCode=195967001; DateEvent=2018-03-01 10:15:00; IDEvent=5",
		"SRProblem: " + row + "RowIdentifier=100; IDCode=1; CTV3Code=H33..; DateEvent=2018-03-01; IDEvent=-1",
		"SRCode: " + row + "RowIdentifier=2; CTV3Code=XE1; SNOMEDCode=91936005; DateEvent=2017-01-01",
		"SRCode: IDPatient=7; IDOrganisationVisibleTo=F84010; IDOrganisation=RF4; RemovedData=0; RowIdentifier=3; CTV3Code=246..; SNOMEDCode=-1; DateEvent=2019-01-01; NumericValue=120",
		"SRCode: IDPatient=7; IDOrganisationVisibleTo=F84010; IDOrganisation=F84010; RemovedData=1; RowIdentifier=4; CTV3Code=246..; DateEvent=2019-01-01",
		"SRCode: IDPatient=8; IDOrganisationVisibleTo=F84010; RemovedData=0; RowIdentifier=5; CTV3Code=246..; DateEvent=2019-01-01",
		"SRCode: IDPatient=7; IDOrganisationVisibleTo=F99999; RemovedData=0; RowIdentifier=6; CTV3Code=246..; DateEvent=2019-01-01",
	}, []string{"F84010 registered"}, []string{
		"AllergyIntolerance 2 ACTIVE 2017-01-01 SNOMED_CT|91936005",
		"Condition 100 ACTIVE 2018-03-01 SNOMED_CT|195967001",
		"Observation 3 COMPLETED 2019-01-01 CTV3|246.. by RF4",
		"Registration 7-70 ACTIVE 2001-02-03 ",
	}}
}

func compassTrap() trap {
	const row = "patient_id=11; person_id=1; organization_id=9; date_precision_concept_id=40; "
	return trap{"discovery-compass-v2.yaml", []string{
		"organization: id=9; ods_code=F84020; name=A PRACTICE",
		"person: id=1; nhs_number=" + somebody,
		"patient: id=11; person_id=1; organization_id=9; nhs_number=" + somebody,
		"patient: id=12; person_id=1; organization_id=9; nhs_number=" + somebody,
		"concept: dbid=30; id=SNOMED; code=SNOMED", "concept: dbid=31; id=READ2; code=READ2",
		"concept: dbid=40; code=month", "concept: dbid=50; scheme=30; code=195967001; name=Asthma", "concept: dbid=51; scheme=31; code=H33..; name=Asthma",
		"concept: dbid=60; code=R", "episode_of_care: id=5; patient_id=11; person_id=1; organization_id=9; registration_type_concept_id=60; date_registered=2001-02-03",
		"observation: " + row + "id=1; is_problem=1; core_concept_id=50; non_core_concept_id=51; clinical_effective_date=2018-03-01",
		"observation: " + row + "id=2; is_problem=0; core_concept_id=50; non_core_concept_id=51; clinical_effective_date=2018-03-01",
		"observation: " + row + "id=3; is_problem=0; core_concept_id=50; non_core_concept_id=51; clinical_effective_date=2018-03-01; result_value=1.5",
		"observation: " + row + "id=4; is_problem=0; non_core_concept_id=51; clinical_effective_date=2019-03-01",
		"medication_statement: " + row + "id=1; core_concept_id=50; clinical_effective_date=2019-03-01",
		"medication_order: " + row + "id=1; core_concept_id=50; clinical_effective_date=2019-03-01",
	}, []string{"F84020", "F84020 registered"}, []string{
		"Condition 1 ACTIVE 2018-03 SNOMED_CT|195967001",
		"Medication 1 ACTIVE 2019-03 SNOMED_CT|195967001",
		"Medication order-1 COMPLETED 2019-03 SNOMED_CT|195967001",
		"Observation 3 COMPLETED 2018-03 SNOMED_CT|195967001",
		"Observation 4 COMPLETED 2019-03 READ_2|H33..",
		"Registration 11-5 ACTIVE 2001-02-03 ",
		"Registration 12 ACTIVE - ",
	}}
}

func millenniumTrap() trap {
	return trap{"cerner-millennium.yaml", []string{
		"PPATI: PERSON_ID=1; ACTIVE_IND=1; NHS_NBR_IDENT=" + somebody + "; GENDER_CD=20",
		"PPATI: PERSON_ID=2; ACTIVE_IND=1; NHS_NBR_IDENT=" + somebody,
		"PPATI: PERSON_ID=3; ACTIVE_IND=0; NHS_NBR_IDENT=" + somebody,
		"CVREF: CODE_VALUE_CD=20; CODE_MEANING_TXT=FEMALE", "CVREF: CODE_VALUE_CD=21; CODE_DISP_TXT=Emergency",
		"CVREF: CODE_VALUE_CD=22; CODE_MEANING_TXT=INERROR", "CVREF: CODE_VALUE_CD=23; CODE_DISP_TXT=Medications", "CVREF: CODE_VALUE_CD=24; CODE_MEANING_TXT=IMMUN",
		"ENCNT: ENCNTR_ID=10; PERSON_ID=1; ACTIVE_IND=1; ENC_TYPE_CD=21; CREATE_DT_TM=2020-01-01 09:00:00",
		"AEATT: CDS_BATCH_CONTENT_ID=1; ENCNTR_ID=10; PERSON_ID=1; ACTIVE_IND=1; ARRIVAL_DT_TM=2020-01-01 08:30:00",
		"ENCNT: ENCNTR_ID=11; PERSON_ID=2; ACTIVE_IND=1; CREATE_DT_TM=2021-01-01 09:00:00",
		"NOMREF: NOMENCLATURE_ID=5; CONCEPT_CKI_IDENT=ICD10WHO!J45.9; DISPLAY_TXT=Asthma",
		"DIAGN: DIAGNOSIS_ID=100; ACTIVE_IND=1; ENCNTR_ID=10; NOMENCLATURE_ID=5; DIAGNOSIS_DT_TM=2100-12-31 00:00:00",
		"DIAGN: DIAGNOSIS_ID=101; ACTIVE_IND=0; ENCNTR_ID=10; NOMENCLATURE_ID=5",
		"PROCE: PROCEDURE_ID=200; ACTIVE_IND=1; ENCNTR_ID=11; CONCEPT_CKI_IDENT=OPCS4!W40.1; PROCEDURE_DT_TM=2021-01-02 00:00:00",
		"Problem: problem_id=7; person_id=1; problem_code=195967001; vocab=SNOMED CT; status_lifecycle=Active; onset_date=2015-01-01 00:00:00",
		"CLEVE: EVENT_ID=300; PERSON_ID=1; ACTIVE_IND=1; EVENT_CD=99; CLIN_SIGNIFICANCE_DT_TM=2020-01-01 09:10:00; EVENT_RESULT_NBR=7.4",
		"CLEVE: EVENT_ID=301; PERSON_ID=1; ACTIVE_IND=1; EVENT_CD=99; EVENT_RESULT_STATUS_CD=22",
		"CLEVE: EVENT_ID=302; PERSON_ID=1; ACTIVE_IND=1; EVENT_CD=98; EVENT_CLASS_CD=24; EVENT_END_DT_TM=2020-01-01 09:20:00",
		"ORDER: ORDER_KEY=400; PERSON_ID=1; ACTIVE_IND=1; CLINICAL_CATEGORY_CD=23; CONCEPT_CKI_IDENT=SNOMED!318507003; ORDER_DT_TM=2020-01-01 10:00:00",
		"ORDER: ORDER_KEY=401; PERSON_ID=1; ACTIVE_IND=1; CLINICAL_CATEGORY_CD=21; ORDER_DT_TM=2020-01-01 10:00:00",
		"OPATT: CDS_BATCH_CONTENT_ID=500; PERSON_ID=2; ACTIVE_IND=1; ATTENDED_DNA_NHS_CD_ALIAS=3; APPT_DT_TM=2021-05-01 10:00:00",
		"OPATT: CDS_BATCH_CONTENT_ID=501; PERSON_ID=2; ACTIVE_IND=1; ATTENDED_DNA_NHS_CD_ALIAS=5; APPT_DT_TM=2021-01-01 10:00:00",
	}, []string{"R1H", "R1H"}, []string{
		"Appointment 500 DID_NOT_ATTEND 2021-05-01T10:00:00 ",
		"Condition 100 ACTIVE - ICD_10|J45.9",
		"Condition problem-7 ACTIVE 2015-01-01T00:00:00 SNOMED_CT|195967001",
		"Encounter 10 COMPLETED 2020-01-01T08:30:00 LOCAL|21",
		"Encounter 11 COMPLETED 2021-01-01T09:00:00 ",
		"Immunisation 302 COMPLETED 2020-01-01T09:20:00 LOCAL|98",
		"Medication 400 ACTIVE 2020-01-01T10:00:00 DMD|318507003",
		"Observation 300 COMPLETED 2020-01-01T09:10:00 LOCAL|99",
		"Procedure 200 COMPLETED 2021-01-02T00:00:00 OPCS_4|W40.1",
		"Registration 1 ACTIVE - ",
		"Registration 2 ACTIVE - ",
	}}
}

func pasTrap() trap {
	return trap{"bhrut-pas.yaml", []string{
		"PMI: PAS_ID=1; NHS_NUMBER=999 000 0018; SENSITIVE_PDS_FLAG=N; SENSITIVE_LOCAL_FLAG=N; DataUpdateStatus=Added; NOK_NAME=Ann",
		"PMI: PAS_ID=2; NHS_NUMBER=999 000 0018; SENSITIVE_PDS_FLAG=N; SENSITIVE_LOCAL_FLAG=N; DataUpdateStatus=Deleted",
		"Spells: EXTERNAL_ID=5; PAS_ID=1; ADMISSION_DTTM=2020-01-01 10:00:00; DataUpdateStatus=Added",
		"Episodes: EXTERNAL_ID=6; IP_SPELL_EXTERNAL_ID=5; PAS_ID=1; EPISODE_START_DTTM=2020-01-01 10:00:00; PRIMARY_DIAGNOSIS_CODE=J459; DIAG_01=I10X; " +
			"DIAG1_DTTM=2020-01-02 00:00:00; DIAG_02=; DIAG_12=E119; PRIMARY_PROCEDURE_CODE=W401; PROC_03=Z941; DataUpdateStatus=Updated",
		"Episodes: EXTERNAL_ID=7; PAS_ID=1; PRIMARY_DIAGNOSIS_CODE=J459; DataUpdateStatus=Deleted",
		"AandeAttendances: EXTERNAL_ID=5; PAS_ID=1; ARRIVAL_DTTM=2019-01-01 10:00:00; DIAGNOSIS=Wheeze; LEFT_DEPARTMENT_DTTM=2019-01-01 12:00:00; DataUpdateStatus=Added",
		"Outpatients: EXTERNAL_ID=5; PAS_ID=1; APPOINTMENT_DTTM=2021-01-01 10:00:00; APPOINTMENT_STATUS_CODE=5; DataUpdateStatus=Added",
		"Outpatients: EXTERNAL_ID=8; PAS_ID=1; APPOINTMENT_DTTM=2030-01-01 10:00:00; APPOINTMENT_STATUS_CODE=0; DataUpdateStatus=Added",
		"Alerts: EXTERNAL_ID=1; PAS_ID=1; ALERT_DESCRIPTION=Carries oxygen; START_DTTM=1900-01-01 00:00:00; CLOSED_DTTM=2021-01-01 00:00:00; DataUpdateStatus=Added",
	}, []string{"R1H"}, []string{
		"Alert 1 INACTIVE - Carries oxygen",
		"Appointment OP-8 PLANNED 2030-01-01T10:00:00 ",
		"Condition 6-D0 ACTIVE 2020-01-01T10:00:00 ICD_10|J459",
		"Condition 6-D1 ACTIVE 2020-01-02T00:00:00 ICD_10|I10X",
		"Condition 6-D12 ACTIVE 2020-01-01T10:00:00 ICD_10|E119",
		"Condition AE-5-D0 ACTIVE 2019-01-01T10:00:00 Wheeze",
		"Contact 1-NOK - - ",
		"Encounter AE-5 COMPLETED 2019-01-01T10:00:00 ",
		"Encounter OP-5 COMPLETED 2021-01-01T10:00:00 ",
		"Encounter SPELL-5 IN_PROGRESS 2020-01-01T10:00:00 ",
		"Procedure 6-P0 COMPLETED 2020-01-01T10:00:00 OPCS_4|W401",
		"Procedure 6-P3 COMPLETED 2020-01-01T10:00:00 OPCS_4|Z941",
		"Registration 1 ACTIVE - ",
	}}
}

func omopTrap() trap {
	return trap{"omop-cdm-5.4.yaml", []string{
		"person_nhs_number: person_id=1; nhs_number=" + somebody,
		"person: person_id=1; gender_concept_id=8532; year_of_birth=1998",
		"concept: concept_id=317009; vocabulary_id=SNOMED; concept_code=195967001; concept_name=Asthma",
		"concept: concept_id=5; vocabulary_id=CVX; concept_code=140; concept_name=Influenza",
		"condition_occurrence: condition_occurrence_id=1; person_id=1; condition_concept_id=317009; condition_source_concept_id=317009; condition_source_value=195967001; condition_start_date=2018-03-01",
		"drug_exposure: drug_exposure_id=1; person_id=1; drug_concept_id=5; drug_exposure_start_date=2019-01-01",
		"drug_exposure: drug_exposure_id=2; person_id=1; drug_concept_id=0; drug_source_value=abc; drug_exposure_start_date=2019-01-02",
		"measurement: measurement_id=1; person_id=1; measurement_concept_id=317009; measurement_date=2019-01-03",
		"observation: observation_id=1; person_id=1; observation_concept_id=317009; observation_date=2019-01-03",
	}, []string{"R1H"}, []string{
		"Condition 1 ACTIVE 2018-03-01 SNOMED_CT|195967001",
		"Immunisation 1 COMPLETED 2019-01-01 CVX|140",
		"Medication 2 COMPLETED 2019-01-02 LOCAL|abc",
		"Observation measurement-1 COMPLETED 2019-01-03 SNOMED_CT|195967001",
		"Observation observation-1 COMPLETED 2019-01-03 SNOMED_CT|195967001",
		"Registration 1 ACTIVE - ",
	}}
}

func TestTrapsOfEachSystemAreAvoided(t *testing.T) {
	for _, server := range servers() {
		for _, trap := range traps() {
			t.Run(server.name+"/"+trap.file, func(t *testing.T) {
				i := slices.IndexFunc(systems(), func(s system) bool { return s.file == trap.file })
				source := open(t, server, systems()[i], trap.rows)
				if diff := cmp.Diff(trap.members, members(t, source)); diff != "" {
					t.Errorf("members (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(trap.want, everything(t, source)); diff != "" {
					t.Errorf("records (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// members lists whom the source says it knows.
func members(t *testing.T, source sources.Source) []string {
	t.Helper()
	var lines []string
	err := source.(sources.Lister).People(t.Context(), func(m sources.Membership) error {
		line := string(m.Organisation)
		if m.Registered {
			line += " registered"
		}
		if m.Sensitive || m.Person.Reveal() != somebody {
			line += " unexpected"
		}
		lines = append(lines, line)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(lines)
	return lines
}

// asked asks for all kinds with all fields.
func asked(t *testing.T, source sources.Source) sources.Answer {
	t.Helper()
	person, err := clinical.ParseNHSNumber(somebody)
	if err != nil {
		t.Fatal(err)
	}
	var query sources.Query
	for _, kind := range clinical.Kinds() {
		query.Parts = append(query.Parts, sources.Part{Kind: kind, Person: person, Fields: kind.Descriptor().All(), Condition: condition.Always(), Limit: 100})
	}
	answer, err := source.Fetch(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	for i, part := range answer.Parts {
		if part.Rejected > 0 {
			t.Errorf("%s: %d rows rejected", query.Parts[i].Kind, part.Rejected)
		}
	}
	return answer
}

// everything describes all that a source holds of the person.
func everything(t *testing.T, source sources.Source) []string {
	t.Helper()
	var lines []string
	for _, part := range asked(t, source).Parts {
		for _, record := range part.Records {
			lines = append(lines, line(record))
		}
	}
	slices.Sort(lines)
	return lines
}

func line(record clinical.Record) string {
	meta := record.About()
	what := string(meta.Code.Text)
	if meta.Code.Code != "" {
		what = string(meta.Code.System) + "|" + string(meta.Code.Code)
	}
	if meta.Publisher != "" {
		what += " by " + string(meta.Publisher)
	}
	return fmt.Sprintf("%s %s %s %s %s", record.Kind(), meta.ID, orDash(string(meta.Status)), orDash(meta.Date.String()), what)
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
