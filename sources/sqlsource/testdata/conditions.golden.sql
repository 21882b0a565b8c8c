-- source = 'terse'
0: p o a b c AND ((TRUE))
1: p v AND ("v"."Live" = '1') AND ((TRUE))
2: p w AND ((TRUE))
3: p AND ((TRUE))
-- source <> 'terse'
-- organisation = 'terse'
0: p o a b c AND ((full(a.Org) = ?))
1: p v AND ("v"."Live" = '1') AND ((full('R1H') = ?))
2: p w AND ((full('R1H') = ?))
3: p AND ((full('R1H') = ?))
-- organisation <> 'terse'
0: p o a b c AND ((full(a.Org) <> ?))
1: p v AND ("v"."Live" = '1') AND ((full('R1H') <> ?))
2: p w AND ((full('R1H') <> ?))
3: p AND ((full('R1H') <> ?))
-- publisher = 'terse'
0: p o a b c AND ((full(o.Publisher) = ?))
-- publisher <> 'terse'
0: p o a b c AND ((full(o.Publisher) <> ?))
-- system = 'terse'
0: p o a b c d e f AND ((CAST(CASE WHEN full(d.Code) IS NOT NULL THEN full('SNOMED_CT') WHEN full(f.Code) IS NOT NULL THEN full(of(e.System)) END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN full(d.Code) IS NOT NULL THEN full('ICD_10') END AS T) COLLATE C = ?))
-- system <> 'terse'
0: p o a b c d e f AND ((CAST(CASE WHEN full(d.Code) IS NOT NULL THEN full('SNOMED_CT') WHEN full(f.Code) IS NOT NULL THEN full(of(e.System)) END AS T) COLLATE C <> ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN full(d.Code) IS NOT NULL THEN full('ICD_10') END AS T) COLLATE C <> ?))
-- code = 'terse'
0: p o a b c d f AND ((CAST(CASE WHEN full(d.Code) IS NOT NULL THEN full(d.Code) WHEN full(f.Code) IS NOT NULL THEN full(f.Code) END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN full(d.Code) IS NOT NULL THEN full(d.Code) END AS T) COLLATE C = ?))
-- code <> 'terse'
0: p o a b c d f AND ((CAST(CASE WHEN full(d.Code) IS NOT NULL THEN full(d.Code) WHEN full(f.Code) IS NOT NULL THEN full(f.Code) END AS T) COLLATE C <> ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN full(d.Code) IS NOT NULL THEN full(d.Code) END AS T) COLLATE C <> ?))
-- status = 'terse'
0: p o a b c AND ((NULLIF(CAST(CASE WHEN o.State = 'F' THEN 'COMPLETED' END AS T) COLLATE C, '') = ?))
1: p w AND ((full('COMPLETED') = ?))
-- status <> 'terse'
0: p o a b c AND ((NULLIF(CAST(CASE WHEN o.State = 'F' THEN 'COMPLETED' END AS T) COLLATE C, '') <> ?))
1: p w AND ((full('COMPLETED') <> ?))
-- nonsense = 'terse'
-- nonsense <> 'terse'
-- date = 2019
0: p o a b c AND ((moment(o.Day) = ?))
1: p v AND ("v"."Live" = '1') AND ((moment(v.Day) = ?))
2: p w AND ((moment(w.Day) = ?))
-- date = nothing
-- date = 2019, 2019
-- date = a text
-- code = a date, true, a text
-- sealed = a text, false
-- date <> 2019
0: p o a b c AND ((moment(o.Day) <> ?))
1: p v AND ("v"."Live" = '1') AND ((moment(v.Day) <> ?))
2: p w AND ((moment(w.Day) <> ?))
-- date <> nothing
-- date <> 2019, 2019
-- date <> a text
-- code <> a date, true, a text
-- sealed <> a text, false
-- date < 2019
0: p o a b c AND ((moment(o.Day) < ?))
1: p v AND ("v"."Live" = '1') AND ((moment(v.Day) < ?))
2: p w AND ((moment(w.Day) < ?))
-- date < nothing
-- date < 2019, 2019
-- date < a text
-- code < a date, true, a text
-- sealed < a text, false
-- date <= 2019
0: p o a b c AND ((moment(o.Day) <= ?))
1: p v AND ("v"."Live" = '1') AND ((moment(v.Day) <= ?))
2: p w AND ((moment(w.Day) <= ?))
-- date <= nothing
-- date <= 2019, 2019
-- date <= a text
-- code <= a date, true, a text
-- sealed <= a text, false
-- date > 2019
0: p o a b c AND ((moment(o.Day) > ?))
1: p v AND ("v"."Live" = '1') AND ((moment(v.Day) > ?))
2: p w AND ((moment(w.Day) > ?))
-- date > nothing
-- date > 2019, 2019
-- date > a text
-- code > a date, true, a text
-- sealed > a text, false
-- date >= 2019
0: p o a b c AND ((moment(o.Day) >= ?))
1: p v AND ("v"."Live" = '1') AND ((moment(v.Day) >= ?))
2: p w AND ((moment(w.Day) >= ?))
-- date >= nothing
-- date >= 2019, 2019
-- date >= a text
-- code >= a date, true, a text
-- sealed >= a text, false
-- date in 2019
0: p o a b c AND ((moment(o.Day) IN (?)))
1: p v AND ("v"."Live" = '1') AND ((moment(v.Day) IN (?)))
2: p w AND ((moment(w.Day) IN (?)))
-- date in nothing
-- date in 2019, 2019
0: p o a b c AND ((moment(o.Day) IN (?, ?)))
-- date in a text
-- code in a date, true, a text
0: p o a b c d f AND ((CAST(CASE WHEN full(d.Code) IS NOT NULL THEN full(d.Code) WHEN full(f.Code) IS NOT NULL THEN full(f.Code) END AS T) COLLATE C IN (?)))
-- sealed in a text, false
0: p o a b c AND ((said(b.Sealed) IN (?)))
-- date not in 2019
0: p o a b c AND ((moment(o.Day) NOT IN (?)))
1: p v AND ("v"."Live" = '1') AND ((moment(v.Day) NOT IN (?)))
2: p w AND ((moment(w.Day) NOT IN (?)))
-- date not in nothing
0: p o a b c AND ((moment(o.Day) IS NOT NULL))
-- date not in 2019, 2019
0: p o a b c AND ((moment(o.Day) NOT IN (?, ?)))
-- date not in a text
0: p o a b c AND ((moment(o.Day) IS NOT NULL))
-- code not in a date, true, a text
0: p o a b c d f AND ((CAST(CASE WHEN full(d.Code) IS NOT NULL THEN full(d.Code) WHEN full(f.Code) IS NOT NULL THEN full(f.Code) END AS T) COLLATE C NOT IN (?)))
-- sealed not in a text, false
0: p o a b c AND ((said(b.Sealed) NOT IN (?)))
-- date nonsense 2019
-- date nonsense nothing
-- date nonsense 2019, 2019
-- date nonsense a text
-- code nonsense a date, true, a text
-- sealed nonsense a text, false
-- sealed = true
0: p o a b c AND ((said(b.Sealed) = ?))
1: p w AND ((said(w.Sealed) = ?))
-- sealed = true, by a list of SNOMED CT
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(b.Sealed) = '1' THEN '1' WHEN CAST('SNOMED_CT|' || full(d.Code) AS T) COLLATE C IN codes0 OR CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN full(d.Code) IS NOT NULL OR (of(e.System) IN ('DMD', 'SNOMED_CT') AND full(f.Code) IS NOT NULL) OR said(b.Sealed) = '0' THEN '0' END AS T) COLLATE C = ?))
1: p w AND ((CAST(CASE WHEN said(w.Sealed) = '1' THEN '1' WHEN said(w.Sealed) = '0' THEN '0' END AS T) COLLATE C = ?))
-- sealed = true, by the same, presuming
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(b.Sealed) = '1' THEN '1' WHEN CAST('SNOMED_CT|' || full(d.Code) AS T) COLLATE C IN codes0 OR CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' ELSE '0' END AS T) COLLATE C = ?))
1: p w AND ((CAST(CASE WHEN said(w.Sealed) = '1' THEN '1' ELSE '0' END AS T) COLLATE C = ?))
-- sealed = true, by a list of ICD-10
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(b.Sealed) = '1' THEN '1' WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) OR said(b.Sealed) = '0' THEN '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' ELSE '0' END AS T) COLLATE C = ?))
2: p w AND ((CAST(CASE WHEN said(w.Sealed) = '1' THEN '1' WHEN said(w.Sealed) = '0' THEN '0' END AS T) COLLATE C = ?))
-- sealed = true, by one that covers CTV3 and ICD-10
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(b.Sealed) = '1' THEN '1' WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('CTV3', 'ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) OR said(b.Sealed) = '0' THEN '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' ELSE '0' END AS T) COLLATE C = ?))
2: p w AND ((CAST(CASE WHEN said(w.Sealed) = '1' THEN '1' WHEN said(w.Sealed) = '0' THEN '0' END AS T) COLLATE C = ?))
-- sealed = true, by one that covers nothing here
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(b.Sealed) = '1' THEN '1' WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('LOCAL') AND full(f.Code) IS NOT NULL) OR said(b.Sealed) = '0' THEN '0' END AS T) COLLATE C = ?))
1: p w AND ((CAST(CASE WHEN said(w.Sealed) = '1' THEN '1' WHEN said(w.Sealed) = '0' THEN '0' END AS T) COLLATE C = ?))
-- sealed = true, by one that covers nothing
WITH "codes0" AS (?)
0: p o a b c AND ((CAST(CASE WHEN said(b.Sealed) = '1' THEN '1' WHEN said(b.Sealed) = '0' THEN '0' END AS T) COLLATE C = ?))
1: p w AND ((CAST(CASE WHEN said(w.Sealed) = '1' THEN '1' WHEN said(w.Sealed) = '0' THEN '0' END AS T) COLLATE C = ?))
-- sealed = true, by one that covers nothing, presuming
WITH "codes0" AS (?)
0: p o a b c AND ((CAST(CASE WHEN said(b.Sealed) = '1' THEN '1' ELSE '0' END AS T) COLLATE C = ?))
1: p w AND ((CAST(CASE WHEN said(w.Sealed) = '1' THEN '1' ELSE '0' END AS T) COLLATE C = ?))
-- sealed = true, by a list of ICD-10, presuming
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(b.Sealed) = '1' THEN '1' WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' ELSE '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' ELSE '0' END AS T) COLLATE C = ?))
2: p w AND ((CAST(CASE WHEN said(w.Sealed) = '1' THEN '1' ELSE '0' END AS T) COLLATE C = ?))
-- sealed = true, by a list of ICD-10, presuming silence
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(b.Sealed) = '1' THEN '1' WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) OR said(b.Sealed) = '0' THEN '0' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL) THEN NULL ELSE '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' ELSE '0' END AS T) COLLATE C = ?))
2: p w AND ((CAST(CASE WHEN said(w.Sealed) = '1' THEN '1' ELSE '0' END AS T) COLLATE C = ?))
-- sealed = true, by one that covers CTV3 and ICD-10, presuming silence
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(b.Sealed) = '1' THEN '1' WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('CTV3', 'ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) OR said(b.Sealed) = '0' THEN '0' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL) THEN NULL ELSE '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' ELSE '0' END AS T) COLLATE C = ?))
2: p w AND ((CAST(CASE WHEN said(w.Sealed) = '1' THEN '1' ELSE '0' END AS T) COLLATE C = ?))
-- sealed = false
0: p o a b c AND ((said(b.Sealed) = ?))
1: p v AND ("v"."Live" = '1') AND ((TRUE))
2: p w AND ((said(w.Sealed) = ?))
3: p AND ((TRUE))
-- sealed = false, by a list of SNOMED CT
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(b.Sealed) = '1' THEN '1' WHEN CAST('SNOMED_CT|' || full(d.Code) AS T) COLLATE C IN codes0 OR CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN full(d.Code) IS NOT NULL OR (of(e.System) IN ('DMD', 'SNOMED_CT') AND full(f.Code) IS NOT NULL) OR said(b.Sealed) = '0' THEN '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((TRUE))
2: p w AND ((CAST(CASE WHEN said(w.Sealed) = '1' THEN '1' WHEN said(w.Sealed) = '0' THEN '0' END AS T) COLLATE C = ?))
3: p AND ((TRUE))
-- sealed = false, by the same, presuming
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(b.Sealed) = '1' THEN '1' WHEN CAST('SNOMED_CT|' || full(d.Code) AS T) COLLATE C IN codes0 OR CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' ELSE '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((TRUE))
2: p w AND ((CAST(CASE WHEN said(w.Sealed) = '1' THEN '1' ELSE '0' END AS T) COLLATE C = ?))
3: p AND ((TRUE))
-- sealed = false, by a list of ICD-10
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(b.Sealed) = '1' THEN '1' WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) OR said(b.Sealed) = '0' THEN '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' ELSE '0' END AS T) COLLATE C = ?))
2: p w AND ((CAST(CASE WHEN said(w.Sealed) = '1' THEN '1' WHEN said(w.Sealed) = '0' THEN '0' END AS T) COLLATE C = ?))
3: p AND ((TRUE))
-- sealed = false, by one that covers CTV3 and ICD-10
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(b.Sealed) = '1' THEN '1' WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('CTV3', 'ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) OR said(b.Sealed) = '0' THEN '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' ELSE '0' END AS T) COLLATE C = ?))
2: p w AND ((CAST(CASE WHEN said(w.Sealed) = '1' THEN '1' WHEN said(w.Sealed) = '0' THEN '0' END AS T) COLLATE C = ?))
3: p AND ((TRUE))
-- sealed = false, by one that covers nothing here
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(b.Sealed) = '1' THEN '1' WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('LOCAL') AND full(f.Code) IS NOT NULL) OR said(b.Sealed) = '0' THEN '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((TRUE))
2: p w AND ((CAST(CASE WHEN said(w.Sealed) = '1' THEN '1' WHEN said(w.Sealed) = '0' THEN '0' END AS T) COLLATE C = ?))
3: p AND ((TRUE))
-- sealed = false, by one that covers nothing
WITH "codes0" AS (?)
0: p o a b c AND ((CAST(CASE WHEN said(b.Sealed) = '1' THEN '1' WHEN said(b.Sealed) = '0' THEN '0' END AS T) COLLATE C = ?))
1: p v AND ("v"."Live" = '1') AND ((TRUE))
2: p w AND ((CAST(CASE WHEN said(w.Sealed) = '1' THEN '1' WHEN said(w.Sealed) = '0' THEN '0' END AS T) COLLATE C = ?))
3: p AND ((TRUE))
-- sealed = false, by one that covers nothing, presuming
WITH "codes0" AS (?)
0: p o a b c AND ((CAST(CASE WHEN said(b.Sealed) = '1' THEN '1' ELSE '0' END AS T) COLLATE C = ?))
1: p v AND ("v"."Live" = '1') AND ((TRUE))
2: p w AND ((CAST(CASE WHEN said(w.Sealed) = '1' THEN '1' ELSE '0' END AS T) COLLATE C = ?))
3: p AND ((TRUE))
-- sealed = false, by a list of ICD-10, presuming
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(b.Sealed) = '1' THEN '1' WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' ELSE '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' ELSE '0' END AS T) COLLATE C = ?))
2: p w AND ((CAST(CASE WHEN said(w.Sealed) = '1' THEN '1' ELSE '0' END AS T) COLLATE C = ?))
3: p AND ((TRUE))
-- sealed = false, by a list of ICD-10, presuming silence
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(b.Sealed) = '1' THEN '1' WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) OR said(b.Sealed) = '0' THEN '0' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL) THEN NULL ELSE '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' ELSE '0' END AS T) COLLATE C = ?))
2: p w AND ((CAST(CASE WHEN said(w.Sealed) = '1' THEN '1' ELSE '0' END AS T) COLLATE C = ?))
3: p AND ((TRUE))
-- sealed = false, by one that covers CTV3 and ICD-10, presuming silence
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(b.Sealed) = '1' THEN '1' WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('CTV3', 'ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) OR said(b.Sealed) = '0' THEN '0' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL) THEN NULL ELSE '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' ELSE '0' END AS T) COLLATE C = ?))
2: p w AND ((CAST(CASE WHEN said(w.Sealed) = '1' THEN '1' ELSE '0' END AS T) COLLATE C = ?))
3: p AND ((TRUE))
-- sealed <> true
0: p o a b c AND ((said(b.Sealed) <> ?))
1: p v AND ("v"."Live" = '1') AND ((TRUE))
2: p w AND ((said(w.Sealed) <> ?))
3: p AND ((TRUE))
-- sealed <> false
0: p o a b c AND ((said(b.Sealed) <> ?))
1: p w AND ((said(w.Sealed) <> ?))
-- alcohol = true
0: p o a b c AND ((said(c.Drinks) = ?))
1: p v AND ("v"."Live" = '1') AND ((TRUE))
-- alcohol = true, by a list of SNOMED CT
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(c.Drinks) = '1' THEN '1' WHEN CAST('SNOMED_CT|' || full(d.Code) AS T) COLLATE C IN codes0 OR CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN full(d.Code) IS NOT NULL OR (of(e.System) IN ('DMD', 'SNOMED_CT') AND full(f.Code) IS NOT NULL) OR said(c.Drinks) = '0' THEN '0' END AS T) COLLATE C = ?))
1: p v AND ("v"."Live" = '1') AND ((TRUE))
-- alcohol = true, by the same, presuming
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(c.Drinks) = '1' THEN '1' WHEN CAST('SNOMED_CT|' || full(d.Code) AS T) COLLATE C IN codes0 OR CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' ELSE '0' END AS T) COLLATE C = ?))
1: p v AND ("v"."Live" = '1') AND ((TRUE))
-- alcohol = true, by a list of ICD-10
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(c.Drinks) = '1' THEN '1' WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) OR said(c.Drinks) = '0' THEN '0' END AS T) COLLATE C = ?))
1: p v AND ("v"."Live" = '1') AND ((TRUE))
-- alcohol = true, by one that covers CTV3 and ICD-10
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(c.Drinks) = '1' THEN '1' WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('CTV3', 'ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) OR said(c.Drinks) = '0' THEN '0' END AS T) COLLATE C = ?))
1: p v AND ("v"."Live" = '1') AND ((TRUE))
-- alcohol = true, by one that covers nothing here
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(c.Drinks) = '1' THEN '1' WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('LOCAL') AND full(f.Code) IS NOT NULL) OR said(c.Drinks) = '0' THEN '0' END AS T) COLLATE C = ?))
1: p v AND ("v"."Live" = '1') AND ((TRUE))
-- alcohol = true, by one that covers nothing
WITH "codes0" AS (?)
0: p o a b c AND ((CAST(CASE WHEN said(c.Drinks) = '1' THEN '1' WHEN said(c.Drinks) = '0' THEN '0' END AS T) COLLATE C = ?))
1: p v AND ("v"."Live" = '1') AND ((TRUE))
-- alcohol = true, by one that covers nothing, presuming
WITH "codes0" AS (?)
0: p o a b c AND ((CAST(CASE WHEN said(c.Drinks) = '1' THEN '1' ELSE '0' END AS T) COLLATE C = ?))
1: p v AND ("v"."Live" = '1') AND ((TRUE))
-- alcohol = true, by a list of ICD-10, presuming
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(c.Drinks) = '1' THEN '1' WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' ELSE '0' END AS T) COLLATE C = ?))
1: p v AND ("v"."Live" = '1') AND ((TRUE))
-- alcohol = true, by a list of ICD-10, presuming silence
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(c.Drinks) = '1' THEN '1' WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) OR said(c.Drinks) = '0' THEN '0' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL) THEN NULL ELSE '0' END AS T) COLLATE C = ?))
1: p v AND ("v"."Live" = '1') AND ((TRUE))
-- alcohol = true, by one that covers CTV3 and ICD-10, presuming silence
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(c.Drinks) = '1' THEN '1' WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('CTV3', 'ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) OR said(c.Drinks) = '0' THEN '0' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL) THEN NULL ELSE '0' END AS T) COLLATE C = ?))
1: p v AND ("v"."Live" = '1') AND ((TRUE))
-- alcohol = false
0: p o a b c AND ((said(c.Drinks) = ?))
-- alcohol = false, by a list of SNOMED CT
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(c.Drinks) = '1' THEN '1' WHEN CAST('SNOMED_CT|' || full(d.Code) AS T) COLLATE C IN codes0 OR CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN full(d.Code) IS NOT NULL OR (of(e.System) IN ('DMD', 'SNOMED_CT') AND full(f.Code) IS NOT NULL) OR said(c.Drinks) = '0' THEN '0' END AS T) COLLATE C = ?))
-- alcohol = false, by the same, presuming
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(c.Drinks) = '1' THEN '1' WHEN CAST('SNOMED_CT|' || full(d.Code) AS T) COLLATE C IN codes0 OR CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' ELSE '0' END AS T) COLLATE C = ?))
1: p w AND ((TRUE))
2: p AND ((TRUE))
-- alcohol = false, by a list of ICD-10
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(c.Drinks) = '1' THEN '1' WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) OR said(c.Drinks) = '0' THEN '0' END AS T) COLLATE C = ?))
-- alcohol = false, by one that covers CTV3 and ICD-10
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(c.Drinks) = '1' THEN '1' WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('CTV3', 'ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) OR said(c.Drinks) = '0' THEN '0' END AS T) COLLATE C = ?))
-- alcohol = false, by one that covers nothing here
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(c.Drinks) = '1' THEN '1' WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('LOCAL') AND full(f.Code) IS NOT NULL) OR said(c.Drinks) = '0' THEN '0' END AS T) COLLATE C = ?))
-- alcohol = false, by one that covers nothing
WITH "codes0" AS (?)
0: p o a b c AND ((CAST(CASE WHEN said(c.Drinks) = '1' THEN '1' WHEN said(c.Drinks) = '0' THEN '0' END AS T) COLLATE C = ?))
-- alcohol = false, by one that covers nothing, presuming
WITH "codes0" AS (?)
0: p o a b c AND ((CAST(CASE WHEN said(c.Drinks) = '1' THEN '1' ELSE '0' END AS T) COLLATE C = ?))
1: p w AND ((TRUE))
2: p AND ((TRUE))
-- alcohol = false, by a list of ICD-10, presuming
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(c.Drinks) = '1' THEN '1' WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' ELSE '0' END AS T) COLLATE C = ?))
1: p w AND ((TRUE))
2: p AND ((TRUE))
-- alcohol = false, by a list of ICD-10, presuming silence
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(c.Drinks) = '1' THEN '1' WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) OR said(c.Drinks) = '0' THEN '0' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL) THEN NULL ELSE '0' END AS T) COLLATE C = ?))
1: p w AND ((TRUE))
2: p AND ((TRUE))
-- alcohol = false, by one that covers CTV3 and ICD-10, presuming silence
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(c.Drinks) = '1' THEN '1' WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('CTV3', 'ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) OR said(c.Drinks) = '0' THEN '0' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL) THEN NULL ELSE '0' END AS T) COLLATE C = ?))
1: p w AND ((TRUE))
2: p AND ((TRUE))
-- alcohol <> true
0: p o a b c AND ((said(c.Drinks) <> ?))
-- alcohol <> false
0: p o a b c AND ((said(c.Drinks) <> ?))
1: p v AND ("v"."Live" = '1') AND ((TRUE))
-- drugs = true
0: p v AND ("v"."Live" = '1') AND ((unknown = ?))
-- drugs = true, by a list of SNOMED CT
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST('SNOMED_CT|' || full(d.Code) AS T) COLLATE C IN codes0 OR CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN full(d.Code) IS NOT NULL OR (of(e.System) IN ('DMD', 'SNOMED_CT') AND full(f.Code) IS NOT NULL) THEN '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN unknown = '1' THEN '1' WHEN unknown = '0' THEN '0' END AS T) COLLATE C = ?))
-- drugs = true, by the same, presuming
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST('SNOMED_CT|' || full(d.Code) AS T) COLLATE C IN codes0 OR CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' ELSE '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN unknown = '1' THEN '1' ELSE '0' END AS T) COLLATE C = ?))
-- drugs = true, by a list of ICD-10
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) THEN '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN unknown = '1' THEN '1' WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (CAST(SUBSTR(full(d.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(d.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')) OR unknown = '0' THEN '0' END AS T) COLLATE C = ?))
-- drugs = true, by one that covers CTV3 and ICD-10
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('CTV3', 'ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) THEN '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN unknown = '1' THEN '1' WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (CAST(SUBSTR(full(d.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(d.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')) OR unknown = '0' THEN '0' END AS T) COLLATE C = ?))
-- drugs = true, by one that covers nothing here
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('LOCAL') AND full(f.Code) IS NOT NULL) THEN '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN unknown = '1' THEN '1' WHEN unknown = '0' THEN '0' END AS T) COLLATE C = ?))
-- drugs = true, by one that covers nothing
WITH "codes0" AS (?)
0: p v AND ("v"."Live" = '1') AND ((CAST(CASE WHEN unknown = '1' THEN '1' WHEN unknown = '0' THEN '0' END AS T) COLLATE C = ?))
-- drugs = true, by one that covers nothing, presuming
WITH "codes0" AS (?)
0: p v AND ("v"."Live" = '1') AND ((CAST(CASE WHEN unknown = '1' THEN '1' ELSE '0' END AS T) COLLATE C = ?))
-- drugs = true, by a list of ICD-10, presuming
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' ELSE '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN unknown = '1' THEN '1' WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' ELSE '0' END AS T) COLLATE C = ?))
-- drugs = true, by a list of ICD-10, presuming silence
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) THEN '0' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL) THEN NULL ELSE '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN unknown = '1' THEN '1' WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (CAST(SUBSTR(full(d.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(d.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')) OR unknown = '0' THEN '0' WHEN full(d.Code) IS NOT NULL THEN NULL ELSE '0' END AS T) COLLATE C = ?))
-- drugs = true, by one that covers CTV3 and ICD-10, presuming silence
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('CTV3', 'ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) THEN '0' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL) THEN NULL ELSE '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN unknown = '1' THEN '1' WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (CAST(SUBSTR(full(d.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(d.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')) OR unknown = '0' THEN '0' WHEN full(d.Code) IS NOT NULL THEN NULL ELSE '0' END AS T) COLLATE C = ?))
-- drugs = false
0: p v AND ("v"."Live" = '1') AND ((unknown = ?))
1: p w AND ((TRUE))
-- drugs = false, by a list of SNOMED CT
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST('SNOMED_CT|' || full(d.Code) AS T) COLLATE C IN codes0 OR CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN full(d.Code) IS NOT NULL OR (of(e.System) IN ('DMD', 'SNOMED_CT') AND full(f.Code) IS NOT NULL) THEN '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN unknown = '1' THEN '1' WHEN unknown = '0' THEN '0' END AS T) COLLATE C = ?))
2: p w AND ((TRUE))
-- drugs = false, by the same, presuming
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST('SNOMED_CT|' || full(d.Code) AS T) COLLATE C IN codes0 OR CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' ELSE '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN unknown = '1' THEN '1' ELSE '0' END AS T) COLLATE C = ?))
2: p w AND ((TRUE))
3: p AND ((TRUE))
-- drugs = false, by a list of ICD-10
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) THEN '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN unknown = '1' THEN '1' WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (CAST(SUBSTR(full(d.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(d.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')) OR unknown = '0' THEN '0' END AS T) COLLATE C = ?))
2: p w AND ((TRUE))
-- drugs = false, by one that covers CTV3 and ICD-10
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('CTV3', 'ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) THEN '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN unknown = '1' THEN '1' WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (CAST(SUBSTR(full(d.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(d.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')) OR unknown = '0' THEN '0' END AS T) COLLATE C = ?))
2: p w AND ((TRUE))
-- drugs = false, by one that covers nothing here
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('LOCAL') AND full(f.Code) IS NOT NULL) THEN '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN unknown = '1' THEN '1' WHEN unknown = '0' THEN '0' END AS T) COLLATE C = ?))
2: p w AND ((TRUE))
-- drugs = false, by one that covers nothing
WITH "codes0" AS (?)
0: p v AND ("v"."Live" = '1') AND ((CAST(CASE WHEN unknown = '1' THEN '1' WHEN unknown = '0' THEN '0' END AS T) COLLATE C = ?))
1: p w AND ((TRUE))
-- drugs = false, by one that covers nothing, presuming
WITH "codes0" AS (?)
0: p o a b c AND ((TRUE))
1: p v AND ("v"."Live" = '1') AND ((CAST(CASE WHEN unknown = '1' THEN '1' ELSE '0' END AS T) COLLATE C = ?))
2: p w AND ((TRUE))
3: p AND ((TRUE))
-- drugs = false, by a list of ICD-10, presuming
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' ELSE '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN unknown = '1' THEN '1' WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' ELSE '0' END AS T) COLLATE C = ?))
2: p w AND ((TRUE))
3: p AND ((TRUE))
-- drugs = false, by a list of ICD-10, presuming silence
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) THEN '0' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL) THEN NULL ELSE '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN unknown = '1' THEN '1' WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (CAST(SUBSTR(full(d.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(d.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')) OR unknown = '0' THEN '0' WHEN full(d.Code) IS NOT NULL THEN NULL ELSE '0' END AS T) COLLATE C = ?))
2: p w AND ((TRUE))
3: p AND ((TRUE))
-- drugs = false, by one that covers CTV3 and ICD-10, presuming silence
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('CTV3', 'ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) THEN '0' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL) THEN NULL ELSE '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN unknown = '1' THEN '1' WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (CAST(SUBSTR(full(d.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(d.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')) OR unknown = '0' THEN '0' WHEN full(d.Code) IS NOT NULL THEN NULL ELSE '0' END AS T) COLLATE C = ?))
2: p w AND ((TRUE))
3: p AND ((TRUE))
-- drugs <> true
0: p v AND ("v"."Live" = '1') AND ((unknown <> ?))
1: p w AND ((TRUE))
-- drugs <> false
0: p v AND ("v"."Live" = '1') AND ((unknown <> ?))
-- hiv = true
-- hiv = true, by a list of SNOMED CT
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST('SNOMED_CT|' || full(d.Code) AS T) COLLATE C IN codes0 OR CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN full(d.Code) IS NOT NULL OR (of(e.System) IN ('DMD', 'SNOMED_CT') AND full(f.Code) IS NOT NULL) THEN '0' END AS T) COLLATE C = ?))
-- hiv = true, by the same, presuming
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST('SNOMED_CT|' || full(d.Code) AS T) COLLATE C IN codes0 OR CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' ELSE '0' END AS T) COLLATE C = ?))
-- hiv = true, by a list of ICD-10
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) THEN '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (CAST(SUBSTR(full(d.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(d.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')) THEN '0' END AS T) COLLATE C = ?))
-- hiv = true, by one that covers CTV3 and ICD-10
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('CTV3', 'ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) THEN '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (CAST(SUBSTR(full(d.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(d.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')) THEN '0' END AS T) COLLATE C = ?))
-- hiv = true, by one that covers nothing here
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('LOCAL') AND full(f.Code) IS NOT NULL) THEN '0' END AS T) COLLATE C = ?))
-- hiv = true, by one that covers nothing
-- hiv = true, by one that covers nothing, presuming
-- hiv = true, by a list of ICD-10, presuming
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' ELSE '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' ELSE '0' END AS T) COLLATE C = ?))
-- hiv = true, by a list of ICD-10, presuming silence
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) THEN '0' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL) THEN NULL ELSE '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (CAST(SUBSTR(full(d.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(d.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')) THEN '0' WHEN full(d.Code) IS NOT NULL THEN NULL ELSE '0' END AS T) COLLATE C = ?))
-- hiv = true, by one that covers CTV3 and ICD-10, presuming silence
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('CTV3', 'ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) THEN '0' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL) THEN NULL ELSE '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (CAST(SUBSTR(full(d.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(d.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')) THEN '0' WHEN full(d.Code) IS NOT NULL THEN NULL ELSE '0' END AS T) COLLATE C = ?))
-- hiv = false
-- hiv = false, by a list of SNOMED CT
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST('SNOMED_CT|' || full(d.Code) AS T) COLLATE C IN codes0 OR CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN full(d.Code) IS NOT NULL OR (of(e.System) IN ('DMD', 'SNOMED_CT') AND full(f.Code) IS NOT NULL) THEN '0' END AS T) COLLATE C = ?))
-- hiv = false, by the same, presuming
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST('SNOMED_CT|' || full(d.Code) AS T) COLLATE C IN codes0 OR CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' ELSE '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((TRUE))
2: p w AND ((TRUE))
3: p AND ((TRUE))
-- hiv = false, by a list of ICD-10
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) THEN '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (CAST(SUBSTR(full(d.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(d.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')) THEN '0' END AS T) COLLATE C = ?))
-- hiv = false, by one that covers CTV3 and ICD-10
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('CTV3', 'ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) THEN '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (CAST(SUBSTR(full(d.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(d.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')) THEN '0' END AS T) COLLATE C = ?))
-- hiv = false, by one that covers nothing here
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('LOCAL') AND full(f.Code) IS NOT NULL) THEN '0' END AS T) COLLATE C = ?))
-- hiv = false, by one that covers nothing
-- hiv = false, by one that covers nothing, presuming
WITH "codes0" AS (?)
0: p o a b c AND ((TRUE))
1: p v AND ("v"."Live" = '1') AND ((TRUE))
2: p w AND ((TRUE))
3: p AND ((TRUE))
-- hiv = false, by a list of ICD-10, presuming
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' ELSE '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' ELSE '0' END AS T) COLLATE C = ?))
2: p w AND ((TRUE))
3: p AND ((TRUE))
-- hiv = false, by a list of ICD-10, presuming silence
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) THEN '0' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL) THEN NULL ELSE '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (CAST(SUBSTR(full(d.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(d.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')) THEN '0' WHEN full(d.Code) IS NOT NULL THEN NULL ELSE '0' END AS T) COLLATE C = ?))
2: p w AND ((TRUE))
3: p AND ((TRUE))
-- hiv = false, by one that covers CTV3 and ICD-10, presuming silence
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (of(e.System) IN ('CTV3', 'ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) THEN '0' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL) THEN NULL ELSE '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (CAST(SUBSTR(full(d.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(d.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')) THEN '0' WHEN full(d.Code) IS NOT NULL THEN NULL ELSE '0' END AS T) COLLATE C = ?))
2: p w AND ((TRUE))
3: p AND ((TRUE))
-- hiv <> true
-- hiv <> false
-- two of a clause
0: p o a b c AND ((full(o.Publisher) = ? AND NULLIF(CAST(CASE WHEN o.State = 'F' THEN 'COMPLETED' END AS T) COLLATE C, '') IN (?, ?)))
-- either
0: p o a b c AND ((full(o.Publisher) = ?) OR (NULLIF(CAST(CASE WHEN o.State = 'F' THEN 'COMPLETED' END AS T) COLLATE C, '') IN (?, ?)))
1: p w AND ((full('COMPLETED') IN (?, ?)))
-- either, one of which no record satisfies
0: p o a b c AND ((NULLIF(CAST(CASE WHEN o.State = 'F' THEN 'COMPLETED' END AS T) COLLATE C, '') IN (?, ?)))
1: p w AND ((full('COMPLETED') IN (?, ?)))
-- neither can be
-- what is settled is not asked
0: p o a b c AND ((full(o.Publisher) = ?))
-- all of it is settled
0: p o a b c AND ((TRUE) OR (full(o.Publisher) = ?))
1: p v AND ("v"."Live" = '1') AND ((TRUE))
2: p w AND ((TRUE))
3: p AND ((TRUE))
-- free of two
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST('SNOMED_CT|' || full(d.Code) AS T) COLLATE C IN codes0 OR CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 OR said(b.Sealed) = '1' THEN '1' WHEN (full(d.Code) IS NOT NULL OR (of(e.System) IN ('DMD', 'SNOMED_CT') AND full(f.Code) IS NOT NULL) OR said(b.Sealed) = '0') AND ((of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9'))))) THEN '0' END AS T) COLLATE C = '0'))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN ((CAST(SUBSTR(full(d.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(d.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9'))) THEN '0' END AS T) COLLATE C = '0'))
-- free of two whose flags stand in tables
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST('SNOMED_CT|' || full(d.Code) AS T) COLLATE C IN codes0 OR CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 OR said(b.Sealed) = '1' OR said(c.Drinks) = '1' THEN '1' WHEN (full(d.Code) IS NOT NULL OR (of(e.System) IN ('DMD', 'SNOMED_CT') AND full(f.Code) IS NOT NULL) OR said(b.Sealed) = '0') AND ((of(e.System) IN ('CTV3', 'ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) OR said(c.Drinks) = '0') THEN '0' END AS T) COLLATE C = '0'))
-- free of two, presuming
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST('SNOMED_CT|' || full(d.Code) AS T) COLLATE C IN codes0 OR CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 OR said(b.Sealed) = '1' THEN '1' ELSE '0' END AS T) COLLATE C = '0'))
1: p v d AND ("v"."Live" = '1') AND ((TRUE))
2: p w AND ((CAST(CASE WHEN said(w.Sealed) = '1' THEN '1' ELSE '0' END AS T) COLLATE C = '0'))
3: p AND ((TRUE))
-- free of two, presuming silence
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN ((of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) OR CAST(CASE WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL) THEN '1' ELSE '0' END AS T) COLLATE C = '0') AND ((of(e.System) IN ('CTV3', 'ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) OR CAST(CASE WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL) THEN '1' ELSE '0' END AS T) COLLATE C = '0') THEN '0' END AS T) COLLATE C = '0'))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 OR unknown = '1' THEN '1' WHEN ((CAST(SUBSTR(full(d.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(d.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')) OR unknown = '0' OR CAST(CASE WHEN full(d.Code) IS NOT NULL THEN '1' ELSE '0' END AS T) COLLATE C = '0') AND ((CAST(SUBSTR(full(d.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(d.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')) OR CAST(CASE WHEN full(d.Code) IS NOT NULL THEN '1' ELSE '0' END AS T) COLLATE C = '0') THEN '0' END AS T) COLLATE C = '0'))
2: p w AND ((TRUE))
3: p AND ((TRUE))
-- free of two, one presuming
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST('SNOMED_CT|' || full(d.Code) AS T) COLLATE C IN codes0 OR CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 OR said(b.Sealed) = '1' THEN '1' WHEN ((of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9'))))) THEN '0' END AS T) COLLATE C = '0'))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN ((CAST(SUBSTR(full(d.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(d.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9'))) THEN '0' END AS T) COLLATE C = '0'))
-- free of two by the same list
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST('SNOMED_CT|' || full(d.Code) AS T) COLLATE C IN codes0 OR CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 OR said(b.Sealed) = '1' THEN '1' WHEN (full(d.Code) IS NOT NULL OR (of(e.System) IN ('DMD', 'SNOMED_CT') AND full(f.Code) IS NOT NULL) OR said(b.Sealed) = '0') AND (full(d.Code) IS NOT NULL OR (of(e.System) IN ('DMD', 'SNOMED_CT') AND full(f.Code) IS NOT NULL)) THEN '0' END AS T) COLLATE C = '0'))
-- free of two without flags by lists that cover the same
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST('SNOMED_CT|' || full(d.Code) AS T) COLLATE C IN codes0 OR CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (full(d.Code) IS NOT NULL OR (of(e.System) IN ('DMD', 'SNOMED_CT') AND full(f.Code) IS NOT NULL)) THEN '0' END AS T) COLLATE C = '0'))
-- free of three and more
WITH "codes0" AS (?)
0: p o a b c d e f AND ((full(o.Publisher) = ? AND CAST(CASE WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 OR said(b.Sealed) = '1' THEN '1' WHEN ((of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9'))))) AND ((of(e.System) IN ('CTV3', 'ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9'))))) AND ((of(e.System) IN ('LOCAL') AND full(f.Code) IS NOT NULL) OR said(b.Sealed) = '0') THEN '0' END AS T) COLLATE C = '0'))
-- free of two, of one of which the mapping says that nothing carries it
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 OR said(b.Sealed) = '1' THEN '1' WHEN ((of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) OR said(b.Sealed) = '0') AND ((of(e.System) IN ('CTV3', 'ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9'))))) THEN '0' END AS T) COLLATE C = '0'))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN ((CAST(SUBSTR(full(d.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(d.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9'))) THEN '0' END AS T) COLLATE C = '0'))
-- the same, where the other list presumes
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 OR said(b.Sealed) = '1' THEN '1' WHEN ((of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) OR said(b.Sealed) = '0') THEN '0' END AS T) COLLATE C = '0'))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 THEN '1' ELSE '0' END AS T) COLLATE C = '0'))
2: p w AND ((CAST(CASE WHEN said(w.Sealed) = '1' THEN '1' WHEN (said(w.Sealed) = '0') THEN '0' END AS T) COLLATE C = '0'))
3: p AND ((TRUE))
-- free of two and with a third
WITH "codes0" AS (?), "codes1" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN said(b.Sealed) = '1' THEN '1' WHEN CAST('SNOMED_CT|' || full(d.Code) AS T) COLLATE C IN codes1 OR CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes1 THEN '1' WHEN full(d.Code) IS NOT NULL OR (of(e.System) IN ('DMD', 'SNOMED_CT') AND full(f.Code) IS NOT NULL) OR said(b.Sealed) = '0' THEN '0' END AS T) COLLATE C = ? AND CAST(CASE WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN ((of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9'))))) AND ((of(e.System) IN ('CTV3', 'ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9'))))) THEN '0' END AS T) COLLATE C = '0'))
-- free of one
WITH "codes0" AS (?)
0: p o a b c d e f AND ((full(o.Publisher) = ? AND CAST(CASE WHEN CAST('SNOMED_CT|' || full(d.Code) AS T) COLLATE C IN codes0 OR CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN full(d.Code) IS NOT NULL OR (of(e.System) IN ('DMD', 'SNOMED_CT') AND full(f.Code) IS NOT NULL) THEN '0' END AS T) COLLATE C = ?))
-- free of one and with another
WITH "codes0" AS (?), "codes1" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST('SNOMED_CT|' || full(d.Code) AS T) COLLATE C IN codes0 OR CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN full(d.Code) IS NOT NULL OR (of(e.System) IN ('DMD', 'SNOMED_CT') AND full(f.Code) IS NOT NULL) THEN '0' END AS T) COLLATE C = ? AND CAST(CASE WHEN said(b.Sealed) = '1' THEN '1' WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes1 THEN '1' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) OR said(b.Sealed) = '0' THEN '0' END AS T) COLLATE C = ?))
-- free of one and not free of another
WITH "codes0" AS (?), "codes1" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST('SNOMED_CT|' || full(d.Code) AS T) COLLATE C IN codes0 OR CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN full(d.Code) IS NOT NULL OR (of(e.System) IN ('DMD', 'SNOMED_CT') AND full(f.Code) IS NOT NULL) THEN '0' END AS T) COLLATE C = ? AND CAST(CASE WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes1 THEN '1' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) THEN '0' END AS T) COLLATE C <> ?))
-- free of one and free of another twice
-- free of one by codes and of one by the source
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST('SNOMED_CT|' || full(d.Code) AS T) COLLATE C IN codes0 OR CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN full(d.Code) IS NOT NULL OR (of(e.System) IN ('DMD', 'SNOMED_CT') AND full(f.Code) IS NOT NULL) THEN '0' END AS T) COLLATE C = ? AND said(b.Sealed) = ?))
-- free of two, or of two others
WITH "codes0" AS (?), "codes1" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST('SNOMED_CT|' || full(d.Code) AS T) COLLATE C IN codes0 OR CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN (full(d.Code) IS NOT NULL OR (of(e.System) IN ('DMD', 'SNOMED_CT') AND full(f.Code) IS NOT NULL)) AND ((of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9'))))) THEN '0' END AS T) COLLATE C = '0') OR (CAST(CASE WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes1 THEN '1' WHEN ((of(e.System) IN ('CTV3', 'ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9'))))) AND ((of(e.System) IN ('LOCAL') AND full(f.Code) IS NOT NULL)) THEN '0' END AS T) COLLATE C = '0'))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes1 OR unknown = '1' THEN '1' WHEN ((CAST(SUBSTR(full(d.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(d.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9'))) AND (unknown = '0') THEN '0' END AS T) COLLATE C = '0'))
-- one list presumes and one does not, but they are one
WITH "codes0" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST('SNOMED_CT|' || full(d.Code) AS T) COLLATE C IN codes0 OR CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN full(d.Code) IS NOT NULL OR (of(e.System) IN ('DMD', 'SNOMED_CT') AND full(f.Code) IS NOT NULL) THEN '0' END AS T) COLLATE C = ?) OR (CAST(CASE WHEN CAST('SNOMED_CT|' || full(d.Code) AS T) COLLATE C IN codes0 OR CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' ELSE '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN unknown = '1' THEN '1' ELSE '0' END AS T) COLLATE C = ?))
-- three lists
WITH "codes0" AS (?), "codes1" AS (?), "codes2" AS (?)
0: p o a b c d e f AND ((CAST(CASE WHEN CAST('SNOMED_CT|' || full(d.Code) AS T) COLLATE C IN codes0 OR CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 THEN '1' WHEN full(d.Code) IS NOT NULL OR (of(e.System) IN ('DMD', 'SNOMED_CT') AND full(f.Code) IS NOT NULL) THEN '0' END AS T) COLLATE C = ?) OR (CAST(CASE WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes1 THEN '1' WHEN (of(e.System) IN ('ICD_10') AND full(f.Code) IS NOT NULL AND (of(e.System) NOT IN ('ICD_10') OR (CAST(SUBSTR(full(f.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(f.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(f.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')))) THEN '0' END AS T) COLLATE C = ?) OR (CAST(CASE WHEN said(b.Sealed) = '1' THEN '1' WHEN CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes2 THEN '1' WHEN (of(e.System) IN ('LOCAL') AND full(f.Code) IS NOT NULL) OR said(b.Sealed) = '0' THEN '0' END AS T) COLLATE C = ?))
1: p v d AND ("v"."Live" = '1') AND ((CAST(CASE WHEN unknown = '1' THEN '1' WHEN CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes1 THEN '1' WHEN (CAST(SUBSTR(full(d.Code), 1, 1) AS T) COLLATE C BETWEEN 'A' AND 'Z' AND CAST(SUBSTR(full(d.Code), 2, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 3, 1) AS T) COLLATE C BETWEEN '0' AND '9' AND CAST(SUBSTR(full(d.Code), 4) AS T) COLLATE C IN ('', 'X', '0', '.0', '1', '.1', '2', '.2', '3', '.3', '4', '.4', '5', '.5', '6', '.6', '7', '.7', '8', '.8', '9', '.9')) OR unknown = '0' THEN '0' END AS T) COLLATE C = ?))
2: p w AND ((CAST(CASE WHEN said(w.Sealed) = '1' THEN '1' WHEN said(w.Sealed) = '0' THEN '0' END AS T) COLLATE C = ?))
-- ties of what is sealed
SELECT * FROM (SELECT "c0", "c1", "c2", "c3" FROM (SELECT '0' AS "c0", o.I AS "c1", o.Visit AS "c2", CAST(CASE WHEN (said(b.Sealed) = '1') THEN '1' END AS T) COLLATE C AS "c3" FROM "P" AS "p" o b LIMIT 9223372036854775807) AS "ties" WHERE ("c3" IS NOT NULL) LIMIT ?)
SELECT * FROM (SELECT "c0", "c1", "c2", "c3" FROM (SELECT '1' AS "c0", w.I AS "c1", w.Visit AS "c2", CAST(CASE WHEN (said(w.Sealed) = '1') THEN '1' END AS T) COLLATE C AS "c3" FROM "P" AS "p" w LIMIT 9223372036854775807) AS "ties" WHERE ("c3" IS NOT NULL) LIMIT ?)
-- ties of what a flag in a table says, or codes
WITH "codes0" AS (?)
SELECT * FROM (SELECT "c0", "c1", "c2", "c3", "c4" FROM (SELECT '0' AS "c0", o.I AS "c1", o.Visit AS "c2", CAST(CASE WHEN (said(c.Drinks) = '1') THEN '1' END AS T) COLLATE C AS "c3", CAST(CASE WHEN ((CAST('SNOMED_CT|' || full(d.Code) AS T) COLLATE C IN codes0 OR CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0 OR said(b.Sealed) = '1')) THEN '1' END AS T) COLLATE C AS "c4" FROM "P" AS "p" o b c d e f LIMIT 9223372036854775807) AS "ties" WHERE ("c3" IS NOT NULL OR "c4" IS NOT NULL) LIMIT ?)
SELECT * FROM (SELECT "c0", "c1", "c2", "c3", NULL FROM (SELECT '1' AS "c0", v.I AS "c1", v.I AS "c2", CAST(CASE WHEN (("v"."Live" = '1') AND TRUE) THEN '1' END AS T) COLLATE C AS "c3" FROM "P" AS "p" v d LIMIT 9223372036854775807) AS "ties" WHERE ("c3" IS NOT NULL) LIMIT ?)
SELECT * FROM (SELECT "c0", "c1", "c2", "c3", NULL FROM (SELECT '2' AS "c0", w.I AS "c1", w.Visit AS "c2", CAST(CASE WHEN ((said(w.Sealed) = '1')) THEN '1' END AS T) COLLATE C AS "c3" FROM "P" AS "p" w LIMIT 9223372036854775807) AS "ties" WHERE ("c3" IS NOT NULL) LIMIT ?)
-- ties of what codes say alone
WITH "codes0" AS (?)
SELECT * FROM (SELECT "c0", "c1", "c2", "c3", "c4" FROM (SELECT '0' AS "c0", o.I AS "c1", o.Visit AS "c2", CAST(CASE WHEN ((CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0)) THEN '1' END AS T) COLLATE C AS "c3", CAST(CASE WHEN ((CAST(of(e.System) || '|' || full(f.Code) AS T) COLLATE C IN codes0)) THEN '1' END AS T) COLLATE C AS "c4" FROM "P" AS "p" o d e f LIMIT 9223372036854775807) AS "ties" WHERE ("c3" IS NOT NULL OR "c4" IS NOT NULL) LIMIT ?)
SELECT * FROM (SELECT "c0", "c1", "c2", "c3", "c4" FROM (SELECT '1' AS "c0", v.I AS "c1", v.I AS "c2", CAST(CASE WHEN (("v"."Live" = '1') AND (CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0)) THEN '1' END AS T) COLLATE C AS "c3", CAST(CASE WHEN (("v"."Live" = '1') AND (CAST('ICD_10|' || full(d.Code) AS T) COLLATE C IN codes0 OR unknown = '1')) THEN '1' END AS T) COLLATE C AS "c4" FROM "P" AS "p" v d LIMIT 9223372036854775807) AS "ties" WHERE ("c3" IS NOT NULL OR "c4" IS NOT NULL) LIMIT ?)
-- ties of what nothing carries
