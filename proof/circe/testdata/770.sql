-- Essential hypertension: the first diagnosis
select person_id, min(starts) as starts from conditions
where concept_id in (select concept_id from codeset where definition = 770 and id = 1)
group by person_id
