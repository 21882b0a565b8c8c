-- COPD: the first diagnosis
select person_id, min(starts) as starts from conditions
where concept_id in (select concept_id from codeset where definition = 1271 and id = 0)
group by person_id
