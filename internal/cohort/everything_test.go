package cohort_test

// everything uses each part of the language at least once.
const everything = `
name: everything
version: 2
title: Each part of the language at least once
asAt: 2026-11-26
codelists:
  - {name: diabetes, from: diabetes-register}
  - name: inline
    codes: [{system: SNOMED_CT, code: "44054006"}, {code: E11.9}, {system: CTV3, code: X40J5}]
events:
  - {name: diabetes, kind: Condition, codes: [diabetes, inline], statuses: [ACTIVE, RESOLVED], until: -1 years}
  - {name: first-diabetes, of: [diabetes], pick: FIRST}
  - {name: stays, kind: Encounter, classes: [INPATIENT, EMERGENCY], organisations: [R1H, RQX], from: 2020-01-31, until: -3 months}
  - {name: pressures, kind: Observation, value: {over: 140, atMost: 300.5, units: [mmHg, "mm[Hg]"]}}
  - {name: readmitted, of: [stays], where: {has: {events: stays, from: 1, until: 90, anchor: END, atLeast: 2, atMost: 5}}}
  - {name: high, of: [pressures, diabetes], run: 2, value: {atLeast: 150, below: 200}, pick: LATEST}
people:
  all:
    - {any: [{age: {from: 18, until: 64}}, {sex: [FEMALE, UNKNOWN]}]}
    - {not: {borough: [Newham, Tower Hamlets]}}
    - some: {atLeast: 2, of: [{practice: [F84022]}, {registered: true}, {alive: false}, {has: {events: readmitted, until: 0, ending: {from: 0, until: 30}, atMost: 0}}]}
measures:
  - {kind: PEOPLE}
  - {kind: EVENTS, events: stays}
  - {kind: RATE, events: stays, per: 100}
  - {kind: MEDIAN, events: high}
  - {kind: QUARTILES, events: pressures}
by:
  - {kind: AGE_BAND, bands: [0, 18, 65]}
  - {kind: ORGANISATION, events: stays}
  - {kind: MONTH, events: stays}
  - kind: GROUP
    groups: [{name: early, where: {has: {events: first-diabetes, until: -365}}}, {name: late, where: {has: {events: first-diabetes, from: -364}}}]
`
