package mappings_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
)

// Traps of the systems of Homerton, of out-of-hours services, and of what boards land.

func healtheIntentTrap() trap {
	return trap{"homerton-healtheintent.yaml", []string{
		"Person: empi_id=e1; hash_value=h1; family_name1=Two; gender_display=Female; birth_date=1961-02-03",
		"Person: empi_id=e2; hash_value=h2; family_name1=Gone",
		"PersonDelete: hash_value=h2",
		"PersonAlias: empi_id=e1; hash_value=a1; alias_type_code=NHS; alias=" + somebody,
		"PersonAlias: empi_id=e1; hash_value=a2; alias_type_code=MRN; alias=9990000026",
		"PersonAlias: empi_id=e2; hash_value=a3; alias_type_code=NHS; alias=" + somebody,
		"PersonAlias: empi_id=e1; hash_value=a4; alias_type_code=NHS; alias=9990000034",
		"PersonAliasDelete: hash_value=a4",
		"Condition: condition_id=c1; empi_id=e1; hash_value=k1; condition_coding_system_id=2.16.840.1.113883.6.96; condition_code=195967001; effective_dt_tm=2018-03-01 10:00:00; status_display=Active; encounter_id=v1",
		"Condition: condition_id=c2; empi_id=e1; hash_value=k2; condition_coding_system_id=1.2.3; condition_code=XY; condition_raw_coding_system_id=ICD10; condition_raw_code=J45.9; effective_date=2019-03-01; status_display=Resolved",
		"Condition: condition_id=c3; empi_id=e1; hash_value=k3; condition_code=1; effective_date=2019-03-01",
		"ConditionDelete: hash_value=k3",
		"Condition: condition_id=c4; empi_id=e1; hash_value=k4; condition_code=1; confirmation_status_display=Refuted; effective_date=2019-03-01",
		"Condition: condition_id=c5; empi_id=e2; hash_value=k5; condition_code=1; effective_date=2019-03-01",
		"Condition: condition_id=c6; empi_id=e1; hash_value=k6; description=In words; effective_dt_tm=1900-01-01 00:00:00",
		"Procedure: procedure_id=p1; empi_id=e1; hash_value=r1; procedure_coding_system_id=OPCS4; procedure_code=W40.1; service_start_dt_tm=2020-01-01 09:00:00; status_primary_display=Not Done",
		"Procedure: procedure_id=p2; empi_id=e1; hash_value=r2; procedure_code=W40.1",
		"ProcedureDelete: hash_value=r2",
	}, []string{"RQX"}, []string{
		"Condition c1 ACTIVE 2018-03-01T10:00:00 SNOMED_CT|195967001",
		"Condition c2 RESOLVED 2019-03-01 LOCAL|XY",
		"Condition c6 ACTIVE - In words",
		"Procedure p1 NOT_DONE 2020-01-01T09:00:00 OPCS_4|W40.1",
		"Registration e1 ACTIVE - ",
	}}
}

func homertonTrap() trap {
	return trap{"homerton-cerner.yaml", []string{
		"PatientTable: PersonID=1; NHSNo=" + somebody + "; CurrentFlag=1; Surname=New; GenderName=Female; UpdateDate=2020-01-01 00:00:00",
		"PatientTable: PersonID=1; NHSNo=" + somebody + "; CurrentFlag=0; Surname=Old",
		"PatientTable: PersonID=2; NHSNo=9990000026; CurrentFlag=0",
		"EncounterTable: ENCNTR_ID=10; PERSON_ID=1; ACTIVE_IND=1; ENCNTR_TYPE_CD=99; encntr_type=Emergency Dept; encntr_type_class=Emergency; encntr_status=Discharged; ARRIVE_DT_TM=2020-01-01 08:30:00; DISCH_DT_TM=2020-01-01 12:00:00",
		"EncounterTable: ENCNTR_ID=11; PERSON_ID=1; ACTIVE_IND=1; encntr_status=Cancelled; REG_DT_TM=2020-01-01 08:30:00",
		"EncounterTable: ENCNTR_ID=12; PERSON_ID=1; ACTIVE_IND=0; REG_DT_TM=2020-01-01 08:30:00",
		"AllergyTable: ALLERGY_INSTANCE_ID=1; ALLERGY_ID=5; PERSON_ID=1; ACTIVE_IND=1; END_EFFECTIVE_DT_TM=2019-01-01 00:00:00; SUBSTANCE_FTDESC=Old words; ONSET_DT_TM=2018-01-01 00:00:00",
		"AllergyTable: ALLERGY_INSTANCE_ID=2; ALLERGY_ID=5; PERSON_ID=1; ACTIVE_IND=1; END_EFFECTIVE_DT_TM=2100-12-31 00:00:00; source_vocabulary=SNOMED CT; source_identifier=91936005; reaction_status=Canceled; ONSET_DT_TM=2018-01-01 00:00:00",
		"DiagnosisTable: DIAGNOSIS_ID=7; PERSON_ID=1; ACTIVE_IND=1; source_vocabulary=ICD10WHO; source_identifier=J45.9; DIAG_DT_TM=2100-12-31 00:00:00; ENCNTR_ID=10",
		"DiagnosisTable: DIAGNOSIS_ID=8; PERSON_ID=1; ACTIVE_IND=0; source_identifier=J45.9",
		"ProblemTable: PROBLEM_ID=7; PERSON_ID=1; ACTIVE_IND=1; DEL_IND=0; source_vocabulary=SNMCT; source_identifier=195967001; ONSET_DT_TM=2015-01-01 00:00:00; life_cycle_status=Active",
		"ProblemTable: PROBLEM_ID=8; PERSON_ID=1; ACTIVE_IND=1; DEL_IND=1; source_identifier=1",
		"ProblemTable: PROBLEM_ID=9; PERSON_ID=1; ACTIVE_IND=1; DEL_IND=0; life_cycle_status=Canceled; source_identifier=1",
		"ProcedureTable: PROCEDURE_ID=20; ACTIVE_IND=1; ENCNTR_ID=10; source_vocabulary=OPCS4; source_identifier=W40.1; PROC_DT_TM=2020-01-01 11:00:00",
		"ProcedureTable: PROCEDURE_ID=21; ACTIVE_IND=1; ENCNTR_ID=99; source_identifier=W40.1",
	}, []string{"RQX"}, []string{
		"AllergyIntolerance 5 ENTERED_IN_ERROR 2018-01-01T00:00:00 SNOMED_CT|91936005",
		"Condition diagnosis-7 ACTIVE - ICD_10|J45.9",
		"Condition problem-7 ACTIVE 2015-01-01T00:00:00 SNOMED_CT|195967001",
		"Encounter 10 COMPLETED 2020-01-01T08:30:00 LOCAL|99",
		"Procedure 20 COMPLETED 2020-01-01T11:00:00 OPCS_4|W40.1",
		"Registration 1 ACTIVE - ",
	}}
}

func adastraTrap() trap {
	return trap{"adastra-ooh.yaml", []string{
		"PATIENT: CaseRef=k1; PatientRef=p1; NHSNumber=" + somebody + "; NHSNoTraceStatus=Traced; Gender=Female; Surname=Two",
		"PATIENT: CaseRef=k2; PatientRef=p1; NHSNumber=" + somebody + "; NHSNoTraceStatus=Verified",
		"PATIENT: CaseRef=k3; PatientRef=p3; NHSNumber=" + somebody + "; NHSNoTraceStatus=Not traced",
		"PATIENT: CaseRef=k4; PatientRef=p4; NHSNumber=" + somebody,
		"PROVIDER: PatientRef=p1; CaseRef=k1; GPPracticeNatCode=F84003",
		"CASE: CaseRef=k1; PatientRef=p1; StartDateTime=2020-01-01 03:00:00; EndDateTime=2020-01-01 05:00:00; CaseTagName=Home visit; ODSCode=NX1",
		"CASE: CaseRef=k2; PatientRef=p1; StartDateTime=2021-01-01 03:00:00",
		"CASE: CaseRef=k3; PatientRef=p3; StartDateTime=2021-01-01 03:00:00",
		"CONSULTATION: CaseRef=k1; ConsultationRef=c1; StartDateTime=2020-01-01 04:00:00; EndDateTime=2020-01-01 04:20:00; ConsultationCaseType=Visit; UserRef=u1",
		// Whose case it is stands on the case; somebody else was taken for the patient first.
		"PATIENT: CaseRef=k5; PatientRef=p1; NHSNumber=" + somebody + "; NHSNoTraceStatus=Traced",
		"CASE: CaseRef=k5; PatientRef=p5; StartDateTime=2022-01-01 03:00:00",
		"CONSULTATION: CaseRef=k5; ConsultationRef=c5; StartDateTime=2022-01-01 04:00:00; ConsultationCaseType=Advice",
		"USERS: UserRef=u1; FullName=Dr Night",
		"CLINICALCODES: CaseRef=k1; ConsultationRef=c1; ClinicalCode=H33..; Term=Asthma",
		"CLINICALCODES: CaseRef=k2; ClinicalCode=H06..; Term=Bronchitis",
		"CLINICALCODES: CaseRef=k3; ClinicalCode=H33..; Term=Asthma",
		"PRESCRIPTIONS: CaseRef=k1; ConsultationRef=c1; DrugName=Salbutamol; DMDCode=318507003; Quantity=1 inhaler",
		"CASEQUESTIONS: CaseRef=k1; QuestionSetName=Fever; Question=Is there a rash?; Answer=No; SortOrder=1",
		"CASEQUESTIONS: CaseRef=k1; QuestionSetName=Fever; Question=Since when?; Answer=; SortOrder=2",
		"NOTES: CaseRef=k1; PatientRef=p1; ReviewDateTime=2020-02-01 00:00:00; NoteText=Key with the neighbour; Obsolete=0; Active=1",
		"NOTES: CaseRef=k2; PatientRef=p1; ReviewDateTime=1900-01-01 00:00:00; NoteText=Old; Obsolete=1; Active=1",
	}, []string{"NLW", "NLW", "NX1"}, []string{
		"Alert k1-2020-02-01 00:00:00 ACTIVE 2020-02-01T00:00:00 Special patient note",
		"Alert k2-1900-01-01 00:00:00 INACTIVE - Special patient note",
		"Condition k1-c1-H33.. ACTIVE 2020-01-01T04:00:00 READ_2|H33..",
		"Condition k2--H06.. ACTIVE 2021-01-01T03:00:00 READ_2|H06..",
		"Encounter CASE-k1 COMPLETED 2020-01-01T03:00:00 Home visit",
		"Encounter CASE-k2 IN_PROGRESS 2021-01-01T03:00:00 Out-of-hours case",
		"Encounter CONSULTATION-c1 COMPLETED 2020-01-01T04:00:00 Visit",
		"Medication k1-c1-318507003-Salbutamol COMPLETED 2020-01-01T04:00:00 DMD|318507003",
		"Observation k1-Fever-1 COMPLETED 2020-01-01T03:00:00 Is there a rash?",
		"Registration p1-k1 ACTIVE 2020-01-01T03:00:00 ",
		"Registration p1-k2 ACTIVE 2021-01-01T03:00:00 ",
		"Registration p1-k5 ACTIVE - ",
	}}
}

func flowsTrap() trap {
	const first, second = "; METADATA_RECORD_INGESTION_TIMESTAMP=2020-01-01 00:00:00", "; METADATA_RECORD_INGESTION_TIMESTAMP=2020-02-01 00:00:00"
	return trap{"provider-flows.yaml", []string{
		"pseudonyms: pseudonym=s1; nhs_number=" + somebody,
		"DEMOGRAPHICS: PersonID=1; Version=9; SK_PATIENT_ID=s0; MRNAssigningAuthority=RAL; Surname=Old; DeleteInd=N" + first,
		"DEMOGRAPHICS: PersonID=1; Version=10; SK_PATIENT_ID=s1; MRNAssigningAuthority=RAL; Surname=New; DeleteInd=N; GenderCodeID=2" + second,
		// Taken back by the latest version; and shown by a version that is no longer the latest.
		"DEMOGRAPHICS: PersonID=2; Version=1; SK_PATIENT_ID=s1; MRNAssigningAuthority=RAL; DeleteInd=N" + first,
		"DEMOGRAPHICS: PersonID=2; Version=2; SK_PATIENT_ID=s1; MRNAssigningAuthority=RAL; DeleteInd=Y" + second,
		// Two providers have somebody of the same PersonID: nothing says whose a diagnosis is.
		"DEMOGRAPHICS: PersonID=5; Version=1; SK_PATIENT_ID=s1; MRNAssigningAuthority=RAL; DeleteInd=N" + first,
		"DEMOGRAPHICS: PersonID=5; Version=7; SK_PATIENT_ID=s9; MRNAssigningAuthority=RQX; DeleteInd=N" + second,
		"DIAGNOSIS: DiagnosisID=d5; PersonID=5; Version=1; DeleteInd=N; DiagnosisCodeID=1; DiagnosisDate=2018-03-01" + first,
		"DEMOGRAPHICS: PersonID=8; Version=9; SK_PATIENT_ID=s1; MRNAssigningAuthority=RAL; DeleteInd=N" + first,
		"DEMOGRAPHICS: PersonID=8; Version=1; SK_PATIENT_ID=s9; MRNAssigningAuthority=RQX; DeleteInd=N" + first,
		"DIAGNOSIS: DiagnosisID=d8; PersonID=8; Version=1; DeleteInd=N; DiagnosisCodeID=1; DiagnosisDate=2018-03-01" + first,
		// Taken back by a row that says nothing else.
		"DEMOGRAPHICS: PersonID=6; Version=1; SK_PATIENT_ID=s1; MRNAssigningAuthority=RAL; DeleteInd=N" + first,
		"DEMOGRAPHICS: PersonID=6; Version=2; SK_PATIENT_ID=s1; DeleteInd=Y" + second,
		"DIAGNOSIS: DiagnosisID=d1; PersonID=1; Version=9; DeleteInd=N; DiagnosisCodeSystemID=ICD10; DiagnosisCodeID=J45; DiagnosisDate=2018-01-01" + first,
		"DIAGNOSIS: DiagnosisID=d1; PersonID=1; Version=10; DeleteInd=N; DiagnosisCodeSystemID=SNOMED CT; DiagnosisCodeID=195967001; DiagnosisDate=2018-03; StatusDisplay=Resolved" + second,
		"DIAGNOSIS: DiagnosisID=d2; PersonID=1; Version=1; DeleteInd=N; DiagnosisCodeID=1; DiagnosisDate=2018-03-01" + first,
		"DIAGNOSIS: DiagnosisID=d2; PersonID=1; Version=2; DeleteInd=Y; DiagnosisCodeID=1; DiagnosisDate=2018-03-01" + second,
		"DIAGNOSIS: DiagnosisID=d4; PersonID=2; Version=1; DeleteInd=N; DiagnosisCodeID=1; DiagnosisDate=2018-03-01" + first,
		// A file that was sent twice.
		"ALLERGIES: AllergyID=a1; PersonID=1; Version=1; DeleteInd=N; AllergenDisplay=Peanut; OnsetDate=2015" + first,
		"ALLERGIES: AllergyID=a1; PersonID=1; Version=1; DeleteInd=N; AllergenDisplay=Peanuts; OnsetDate=2015" + second,
		"RESULT: ResultID=r1; PersonID=1; Version=1; ResultCodeSystemID=http://loinc.org; ResultCodeID=4548-4; ResultDate=2020-01-01T09:10:00; ResultValueNumber=48; DeleteInd=N" + first,
		"MEDICATION: MedicationID=m1; PersonID=1; Version=1; DrugCodeSystemID=dm+d; DrugCodeID=318507003; StartDate=1900-01-01; OrderStatusDisplay=Discontinued; DeleteInd=N" + first,
		"ENCOUNTER: EncounterID=e1; PersonID=1; Version=1; VisitTypeCodeID=I; VisitTypeDisplay=Inpatient; HospitalisationStartDate=2020-01-01 08:30:00; ServiceProviderOrgID=RAL26; DeleteInd=N" + first,
		"PROCEDURE: ProcedureID=p1; PersonID=1; Version=1; ProcedureCodeSystemID=OPCS-4; ProcedureCodeID=W401; StartDate=2020-01-01; DeleteInd=N" + first,
		"IMMUNISATION: ImmunisationID=i1; PersonID=1; Version=1; ImmunisationDisplay=Influenza; ImmunisationDate=2020-10-01; RefusalInd=Y; DeleteInd=N" + first,
		"APPOINTMENTS: AppointmentID=t1; PersonID=1; Version=1; TypeDisplay=Clinic; StartDate=2030-01-01 10:00:00; StatusDisplay=No Show; DeleteInd=N" + first,
		"REFERRAL_REQUEST: ReferralRequestID=q1; PersonID=1; Version=1; ReferralReasonDisplay=Chest pain; SentDate=2020-01-01; DeleteInd=N" + first,
	}, []string{"RAL", "RAL", "RAL"}, []string{
		"AllergyIntolerance a1 ACTIVE 2015 Peanuts",
		"Appointment t1 DID_NOT_ATTEND 2030-01-01T10:00:00 Clinic",
		"Condition d1 RESOLVED 2018-03 SNOMED_CT|195967001",
		"Encounter e1 COMPLETED 2020-01-01T08:30:00 LOCAL|I",
		"Immunisation i1 NOT_DONE 2020-10-01 Influenza",
		"Medication m1 STOPPED - DMD|318507003",
		"Observation r1 COMPLETED 2020-01-01T09:10:00 LOINC|4548-4",
		"Procedure p1 COMPLETED 2020-01-01 OPCS_4|W401",
		"Referral q1 ACTIVE 2020-01-01 Chest pain",
		"Registration RAL-1 ACTIVE - ",
		"Registration RAL-5 ACTIVE - ",
		"Registration RAL-8 ACTIVE - ",
	}}
}

func spellsTrap() trap {
	const whose = "; spell.patient.identity.nhs_number.value Pseudo=s1; spell.patient.identity.nhs_number.status=01; spell.commissioning.service_agreement.provider=RAL00"
	return trap{"sus-apc.yaml", []string{
		"pseudonyms: pseudonym=s1; nhs_number=" + somebody,
		"spell: PRIMARYKEY_ID=1; dmicImportLogId=5; system.record.identifier=R1; system.record.version=1; spell.admission.date=2019-01-01 00:00:00" + whose,
		"spell: PRIMARYKEY_ID=2; dmicImportLogId=6; system.record.identifier=R1; system.record.version=2; spell.admission.date=2020-01-01 00:00:00; spell.admission.time=10:15:00; spell.discharge.date=2020-01-03 00:00:00; spell.discharge.time=09:00:00" + whose,
		"spell: PRIMARYKEY_ID=3; dmicImportLogId=6; system.record.identifier=R3; system.record.version=1; spell.admission.date=2020-01-01 00:00:00" + whose,
		"InsertDeleteLog: PRIMARYKEY_ID=3; dmicImportLogId=6; dmicIsDeleted=1",
		"InsertDeleteLog: PRIMARYKEY_ID=2; dmicImportLogId=6; dmicIsDeleted=0",
		"spell: PRIMARYKEY_ID=4; dmicImportLogId=6; system.record.identifier=R4; system.record.version=1; spell.patient.identity.nhs_number.value Pseudo=s1; spell.patient.identity.nhs_number.status=03",
		"spell.episodes: PRIMARYKEY_ID=2; dmicImportLogId=6; EPISODES_ID=1; start_date=2020-01-02 00:00:00; care_professional.consultant=C123",
		"spell.episodes.clinical_coding.diagnosis.icd: PRIMARYKEY_ID=2; dmicImportLogId=6; EPISODES_ID=1; ICD_ID=1; code=J459",
		"spell.episodes.clinical_coding.diagnosis.icd: PRIMARYKEY_ID=2; dmicImportLogId=6; EPISODES_ID=1; ICD_ID=2; code=",
		"spell.episodes.clinical_coding.diagnosis.icd: PRIMARYKEY_ID=1; dmicImportLogId=5; EPISODES_ID=1; ICD_ID=1; code=J459",
		"spell.episodes.clinical_coding.diagnosis.icd: PRIMARYKEY_ID=3; dmicImportLogId=6; EPISODES_ID=1; ICD_ID=1; code=J459",
		"spell.episodes.clinical_coding.procedure.opcs: PRIMARYKEY_ID=2; dmicImportLogId=6; EPISODES_ID=1; OPCS_ID=1; code=W401; date=1800-01-01 00:00:00",
	}, []string{"QMJ"}, []string{
		"Condition SPELL-2-1-D1 ACTIVE 2020-01-02 ICD_10|J459",
		"Encounter SPELL-2 COMPLETED 2020-01-01T10:15:00 ",
		"Procedure SPELL-2-1-P1 COMPLETED - OPCS_4|W401",
		"Registration s1 ACTIVE - ",
	}}
}

func emergencyTrap() trap {
	const whose = "; patient.nhs_number.value Pseudo=s1; patient.nhs_number.status=01; system.record.provider=R1H00"
	return trap{"sus-ecds.yaml", []string{
		"pseudonyms: pseudonym=s1; nhs_number=" + somebody,
		"emergency_care: PRIMARYKEY_ID=1; dmicImportLogId=5; system.record.identifier=R1; system.record.version=9; attendance.arrival.date=2020-01-01 00:00:00" + whose,
		"emergency_care: PRIMARYKEY_ID=2; dmicImportLogId=5; system.record.identifier=R1; system.record.version=10; attendance.arrival.date=2020-01-01 00:00:00; attendance.arrival.time=03:00:00; clinical.chief_complaint.code=267036007" + whose,
		"emergency_care: PRIMARYKEY_ID=3; dmicImportLogId=5; system.record.identifier=R3; system.record.version=1; patient.nhs_number.value Pseudo=s2; patient.nhs_number.status=01",
		"clinical.diagnoses.snomed: PRIMARYKEY_ID=2; dmicImportLogId=5; SNOMED_ID=1; code=195967001; qualifier=415684004",
		"clinical.diagnoses.snomed: PRIMARYKEY_ID=1; dmicImportLogId=5; SNOMED_ID=1; code=195967001",
		"clinical.diagnoses.snomed: PRIMARYKEY_ID=3; dmicImportLogId=5; SNOMED_ID=1; code=195967001",
		"clinical.treatments.snomed: PRIMARYKEY_ID=2; dmicImportLogId=5; SNOMED_ID=1; code=410024004; date=2020-01-01 00:00:00; time=04:00:00",
		"clinical.investigations.snomed: PRIMARYKEY_ID=2; dmicImportLogId=5; SNOMED_ID=1; code=27171005",
		"clinical.coded_observations: PRIMARYKEY_ID=2; dmicImportLogId=5; CODED_OBSERVATIONS_ID=1; code=1104051000000101; value=7; ucum_unit_of_measurement={score}; timestamp=2020-01-01 03:10:00",
		"clinical.coded_findings: PRIMARYKEY_ID=2; dmicImportLogId=5; CODED_FINDINGS_ID=1; code=77386006",
	}, []string{"QMJ"}, []string{
		"Condition EC-2-D1 ACTIVE 2020-01-01 SNOMED_CT|195967001",
		"Encounter EC-2 IN_PROGRESS 2020-01-01T03:00:00 SNOMED_CT|267036007",
		"Observation EC-2-F1 COMPLETED 2020-01-01T00:00:00 SNOMED_CT|77386006",
		"Observation EC-2-O1 COMPLETED 2020-01-01T03:10:00 SNOMED_CT|1104051000000101",
		"Procedure EC-2-I1 COMPLETED 2020-01-01 SNOMED_CT|27171005",
		"Procedure EC-2-T1 COMPLETED 2020-01-01T04:00:00 SNOMED_CT|410024004",
		"Registration s1 ACTIVE - ",
	}}
}

func outpatientsTrap() trap {
	const whose = "; appointment.patient.identity.nhs_number.value Pseudo=s1; appointment.patient.identity.nhs_number.status=01; appointment.commissioning.service_agreement.provider=G6V2S"
	return trap{"sus-op.yaml", []string{
		"pseudonyms: pseudonym=s1; nhs_number=" + somebody,
		"appointment: PRIMARYKEY_ID=1; dmicImportLogId=5; system.record.identifier=R1; appointment.date=2020-01-01 00:00:00; appointment.time=10:00:00; appointment.attended_or_dna=5; appointment.first_attendance=1" + whose,
		"appointment: PRIMARYKEY_ID=2; dmicImportLogId=5; system.record.identifier=R2; appointment.date=2020-02-01 00:00:00; appointment.time=10:00:00; appointment.attended_or_dna=3; appointment.first_attendance=1" + whose,
		"appointment: PRIMARYKEY_ID=3; dmicImportLogId=5; system.record.identifier=R3; appointment.date=2020-02-01 00:00:00" + whose,
		"InsertDeleteLog: PRIMARYKEY_ID=3; dmicImportLogId=5; dmicIsDeleted=1",
		"appointment.clinical_coding.diagnosis.icd: PRIMARYKEY_ID=1; dmicImportLogId=5; ICD_ID=1; code=J459",
		"appointment.clinical_coding.diagnosis.icd: PRIMARYKEY_ID=3; dmicImportLogId=5; ICD_ID=1; code=J459",
		"appointment.clinical_coding.procedure.opcs: PRIMARYKEY_ID=1; dmicImportLogId=5; OPCS_ID=1; code=X621; date=2020-01-01 00:00:00",
	}, []string{"QMJ"}, []string{
		"Appointment OP-2 DID_NOT_ATTEND 2020-02-01T10:00:00 NHS_DATA_DICTIONARY|1",
		"Condition OP-1-D1 ACTIVE 2020-01-01 ICD_10|J459",
		"Encounter OP-1 COMPLETED 2020-01-01T10:00:00 NHS_DATA_DICTIONARY|1",
		"Procedure OP-1-P1 COMPLETED 2020-01-01 OPCS_4|X621",
		"Registration s1 ACTIVE - ",
	}}
}

func denormalisedTrap() trap {
	return trap{"sus-pgisus.yaml", []string{
		"people: sk_patient_id=7; nhs_number=" + somebody,
		"Materialised_vIP_EncounterDenormalised: SK_EncounterID=1; Spell_Identifier=50; SK_PatientID=7; dv_IsSpell=1; Start_Date_Hospital_Provider_Spell=2020-01-01; Start_Time_Hospital_Provider_Spell=10:15:00; " +
			"End_Date_Hospital_Provider_Spell=2020-01-05; Episode_Start_Date=2020-01-01; Patient_Classification=1; Organisation_Code_Code_Of_Provider=RAL00; Primary_Diagnosis_Code=J459; Secondary_Diagnosis_Code_12=I10X; " +
			"Primary_Procedure_Code=W401; Primary_Procedure_Date=2020-01-02; Secondary_Procedure_Code_3=Z941; Secondary_Procedure_Date_3=1900-01-01",
		// A second episode of the same spell is no second stay.
		"Materialised_vIP_EncounterDenormalised: SK_EncounterID=2; Spell_Identifier=50; SK_PatientID=7; dv_IsSpell=0; Episode_Start_Date=2020-01-03; Primary_Diagnosis_Code=E119; Secondary_Diagnosis_Code_1=",
		"Materialised_vIP_EncounterDenormalised: SK_EncounterID=3; Spell_Identifier=51; SK_PatientID=8; dv_IsSpell=1; Primary_Diagnosis_Code=E119",
		"Materialised_vAE_EncounterDenormalised: SK_EncounterID=1; SK_PatientID=7; Arrival_Date=2019-01-01; Arrival_Time=03:00:00; EM_Attendance_Category=1; EM_Diagnosis_First=20",
		"Materialised_vOP_EncounterDenormalised: SK_EncounterID=1; SK_PatientID=7; Appointment_Date=2021-01-01; Appointment_Time=10:00:00; Attended_Or_Did_Not_Attend=6; First_Attendance=2; Primary_Procedure_Code=X621",
		"Materialised_vOP_EncounterDenormalised: SK_EncounterID=2; SK_PatientID=7; Appointment_Date=2021-02-01; Attended_Or_Did_Not_Attend=7; First_Attendance=2",
	}, []string{"QMJ"}, []string{
		"Appointment OP-2 DID_NOT_ATTEND 2021-02-01 NHS_DATA_DICTIONARY|2",
		"Condition AE-1-D0 ACTIVE 2019-01-01 NHS_DATA_DICTIONARY|20",
		"Condition IP-1-D0 ACTIVE 2020-01-01 ICD_10|J459",
		"Condition IP-1-D12 ACTIVE 2020-01-01 ICD_10|I10X",
		"Condition IP-2-D0 ACTIVE 2020-01-03 ICD_10|E119",
		"Encounter AE-1 IN_PROGRESS 2019-01-01T03:00:00 NHS_DATA_DICTIONARY|1",
		"Encounter IP-50 COMPLETED 2020-01-01T10:15:00 NHS_DATA_DICTIONARY|1",
		"Encounter OP-1 COMPLETED 2021-01-01T10:00:00 NHS_DATA_DICTIONARY|2",
		"Procedure IP-1-P0 COMPLETED 2020-01-02 OPCS_4|W401",
		"Procedure IP-1-P3 COMPLETED - OPCS_4|Z941",
		"Procedure OP-1-P0 COMPLETED 2021-01-01 OPCS_4|X621",
		"Registration 7 ACTIVE - ",
	}}
}

// seal is a system with rows of which some are sealed, or tell of others.
type seal struct {
	file string
	rows []string
	want []string // kind, identifier and labels
}

func seals() []seal {
	const spell = "; system.record.version=1; spell.patient.identity.nhs_number.value Pseudo=s1; spell.patient.identity.nhs_number.status=01"
	const attended = "; system.record.version=1; patient.nhs_number.value Pseudo=s1; patient.nhs_number.status=01"
	const visit = "; system.record.version=1; appointment.patient.identity.nhs_number.value Pseudo=s1; appointment.patient.identity.nhs_number.status=01"
	const key = "pseudonyms: pseudonym=s1; nhs_number=" + somebody
	return []seal{
		{"sus-apc.yaml", []string{key,
			"spell: PRIMARYKEY_ID=1; dmicImportLogId=5; system.record.identifier=R1; system.record.confidentiality_category=2" + spell,
			"spell: PRIMARYKEY_ID=2; dmicImportLogId=5; system.record.identifier=R2; spell.patient.identity.withheld_identity_reason=97" + spell,
			"spell: PRIMARYKEY_ID=3; dmicImportLogId=5; system.record.identifier=R3" + spell,
			"spell.episodes.clinical_coding.diagnosis.icd: PRIMARYKEY_ID=1; dmicImportLogId=5; EPISODES_ID=1; ICD_ID=1; code=J459",
		}, []string{"Condition SPELL-1-1-D1 sealed", "Encounter SPELL-1 sealed", "Encounter SPELL-2 sealed", "Encounter SPELL-3", "Registration s1"}},
		{"sus-ecds.yaml", []string{key,
			"emergency_care: PRIMARYKEY_ID=1; dmicImportLogId=5; system.record.identifier=R1; system.record.confidentiality_category=2" + attended,
			"emergency_care: PRIMARYKEY_ID=2; dmicImportLogId=5; system.record.identifier=R2" + attended,
			"clinical.coded_findings: PRIMARYKEY_ID=1; dmicImportLogId=5; CODED_FINDINGS_ID=1; code=77386006",
		}, []string{"Encounter EC-1 sealed", "Encounter EC-2", "Observation EC-1-F1 sealed", "Registration s1"}},
		{"sus-op.yaml", []string{key,
			"appointment: PRIMARYKEY_ID=1; dmicImportLogId=5; system.record.identifier=R1; appointment.patient.identity.withheld_identity_reason=01; appointment.attended_or_dna=5" + visit,
			"appointment: PRIMARYKEY_ID=2; dmicImportLogId=5; system.record.identifier=R2; appointment.attended_or_dna=5" + visit,
		}, []string{"Encounter OP-1 sealed", "Encounter OP-2", "Registration s1"}},
		{"homerton-cerner.yaml", []string{
			"PatientTable: PersonID=1; NHSNo=" + somebody + "; CurrentFlag=1",
			"ProblemTable: PROBLEM_ID=1; PERSON_ID=1; ACTIVE_IND=1; SENSITIVITY=5; source_identifier=1",
			"ProblemTable: PROBLEM_ID=2; PERSON_ID=1; ACTIVE_IND=1; SENSITIVITY=0; source_identifier=1",
			"ProblemTable: PROBLEM_ID=3; PERSON_ID=1; ACTIVE_IND=1; source_identifier=1",
		}, []string{"Condition problem-1 sealed", "Condition problem-2", "Condition problem-3", "Registration 1"}},
		{"adastra-ooh.yaml", []string{
			"PATIENT: CaseRef=k1; PatientRef=p1; NHSNumber=" + somebody + "; NHSNoTraceStatus=Traced",
			"NOTES: CaseRef=k1; PatientRef=p1; ReviewDateTime=2020-02-01 00:00:00; NoteText=Dog",
		}, []string{"Alert k1-2020-02-01 00:00:00 third_party", "Registration p1-k1"}},
	}
}

func TestSealsOfLandedSystemsStandOnEveryRecord(t *testing.T) {
	for _, server := range []server{servers()[0], servers()[3]} { // of labels the suite of every driver speaks
		for _, seal := range seals() {
			t.Run(server.name+"/"+seal.file, func(t *testing.T) {
				i := slices.IndexFunc(systems(), func(s system) bool { return s.file == seal.file })
				var got []string
				for _, part := range asked(t, open(t, server, systems()[i], seal.rows)).Parts {
					for _, record := range part.Records {
						line := record.Kind().String() + " " + string(record.About().ID)
						for _, label := range []clinical.Label{clinical.LabelSealed, clinical.LabelThirdParty} {
							set, known := record.About().Labels.Value(label)
							if set {
								line += " " + string(label)
							}
							if !known && label == clinical.LabelSealed {
								line += " perhaps sealed"
							}
						}
						got = append(got, line)
					}
				}
				slices.Sort(got)
				if diff := cmp.Diff(seal.want, got); diff != "" {
					t.Errorf("labels (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// Nothing in an extract says whose an id is, so two rows of one id may be two records: both are seen, or what cannot be told apart is told.
func TestRowsOfProvidersThatShareAnIDAreSeenOrTold(t *testing.T) {
	const other = "9990000026"
	row := func(id, person, version, code, day, file string, number int, more string) string {
		return fmt.Sprintf("DIAGNOSIS: DiagnosisID=%s; PersonID=%s; Version=%s; DiagnosisCodeID=%s; METADATA_RECORD_INGESTION_TIMESTAMP=2020-01-%s 00:00:00; METADATA_FILE_CONTENT_KEY=%s; METADATA_FILE_ROW_NUMBER=%d%s",
			id, person, version, code, day, file, number, more)
	}
	const stays, gone = "; DeleteInd=N", "; DeleteInd=Y"
	rows := []string{
		"pseudonyms: pseudonym=s1; nhs_number=" + somebody, "pseudonyms: pseudonym=s2; nhs_number=" + other,
		"DEMOGRAPHICS: PersonID=1; Version=1; SK_PATIENT_ID=s1; MRNAssigningAuthority=RAL; DeleteInd=N",
		"DEMOGRAPHICS: PersonID=2; Version=1; SK_PATIENT_ID=s2; MRNAssigningAuthority=RQX; DeleteInd=N",
		// Of two providers, in one load: each is its person's.
		row("both", "1", "1", "A", "01", "f1", 1, stays), row("both", "2", "3", "B", "01", "f2", 1, stays),
		// Of two providers in two loads, or a mix-up that was put right.
		row("later", "1", "1", "A", "01", "f1", 2, stays), row("later", "2", "2", "B", "02", "f3", 2, stays),
		// Two rows of one file that no version tells apart.
		row("twin", "1", "1", "A", "01", "f1", 3, stays), row("twin", "1", "1", "B", "01", "f1", 4, stays),
		// Of two files of one load; and one file that was loaded twice at once.
		row("files", "1", "1", "A", "01", "f1", 5, stays), row("files", "1", "1", "B", "01", "f2", 5, stays),
		row("again", "1", "1", "A", "01", "f1", 6, stays), row("again", "1", "1", "A", "01", "f1", 6, stays),
		// Versions of one person's.
		row("versions", "1", "9", "A", "02", "f1", 7, stays), row("versions", "1", "10", "B", "01", "f2", 7, stays),
		// Taken back, once by a row that says nothing else.
		row("gone", "1", "1", "A", "01", "f1", 8, stays), row("gone", "1", "2", "A", "02", "f2", 8, gone),
		row("named", "1", "1", "A", "01", "f1", 9, stays), "DIAGNOSIS: DiagnosisID=named; Version=2; METADATA_RECORD_INGESTION_TIMESTAMP=2020-01-02 00:00:00; METADATA_FILE_CONTENT_KEY=f3; METADATA_FILE_ROW_NUMBER=9" + gone,
	}
	kind := clinical.KindCondition
	var query sources.Query
	for _, person := range []string{somebody, other} {
		query.Parts = append(query.Parts, sources.Part{Kind: kind, Person: number(t, person), Fields: kind.Descriptor().All(), Condition: condition.Always(), Limit: 20})
	}
	at := slices.IndexFunc(systems(), func(s system) bool { return s.file == "provider-flows.yaml" })
	for _, server := range servers() {
		answer, err := open(t, server, systems()[at], rows).Fetch(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []string{"again A, both A, versions B; 5 told", "both B, later B; 0 told"} {
			var got []string
			for _, record := range answer.Parts[i].Records {
				got = append(got, fmt.Sprint(record.About().ID, " ", record.About().Code.Code))
			}
			slices.Sort(got)
			if got := fmt.Sprintf("%s; %d told", strings.Join(got, ", "), answer.Parts[i].Rejected); got != want {
				t.Errorf("%s: got %s, want %s", server.name, got, want)
			}
		}
	}
}

// A plan is asked for with consent to share it as the condition, which each row of a join could satisfy by itself.
func TestConsentToAPlanIsWhatWasSaidLast(t *testing.T) {
	cases := []struct {
		number, said string
		plans        int
	}{
		{"9990000018", "Given 2019-01-01", 1},
		{"9990000026", "Withdrawn 2019-01-01", 0},
		{"9990000034", "", 0},
		{"9990000042", "Given 2019-01-01, Withdrawn 2020-01-01", 0},
		{"9990000050", "Withdrawn 2019-01-01, Given 2020-01-01", 1},
		{"9990000069", "Given 2020-01-01, Withdrawn 2020-01-01", 0},
		{"9990000077", "LPA 2019-01-01, Given 2019-01-01", 1},
	}
	kind := clinical.KindUrgentCarePlan
	shared := condition.Where(condition.Clause{{Attribute: condition.LabelAttribute(clinical.LabelPlanShared), Op: condition.Equal,
		Values: []condition.Value{condition.Bool(true)}}})
	var rows []string
	var query sources.Query
	for i, one := range cases {
		id := fmt.Sprintf("PatientId=%d", i+1)
		rows = append(rows, "AT_Patient_General: "+id+"; Restricted=N; OwnerCode=RAT; NHSNumber="+one.number, fmt.Sprintf("CMC_CarePlan: CarePlanId=%d; ", i+1)+id)
		for _, word := range strings.Split(one.said, ", ") {
			if decision, day, ok := strings.Cut(word, " "); ok {
				rows = append(rows, "CMC_Consent: "+id+"; Type="+decision+"; DateObtained="+day)
			}
		}
		query.Parts = append(query.Parts, sources.Part{Kind: kind, Person: number(t, one.number), Fields: kind.Descriptor().All(), Condition: shared, Limit: 10})
	}
	at := slices.IndexFunc(systems(), func(s system) bool { return s.file == "coordinate-my-care.yaml" })
	for _, server := range servers() {
		answer, err := open(t, server, systems()[at], rows).Fetch(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		for i, one := range cases {
			if got := answer.Parts[i]; len(got.Records) != one.plans || got.Rejected > 0 {
				t.Errorf("%s, %q: %d plans, %d rejected", server.name, one.said, len(got.Records), got.Rejected)
			}
		}
	}
}
