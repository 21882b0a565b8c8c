-- Type 2 diabetes: the first diagnosis, medicine or high HbA1c, with a diagnosis within a year and no other diabetes before
with events as (
  select person_id, starts from conditions
  where concept_id in (select concept_id from codeset where definition = 288 and id = 0)
  union
  select person_id, starts from medicines
  where concept_id in (select concept_id from codeset where definition = 288 and id = 4)
  union
  select person_id, starts from measurements
  where concept_id in (select concept_id from codeset where definition = 288 and id = 3)
    and (value between 6.5 and 30 and unit = '%' or value between 48 and 99 and unit = 'mmol/mol')
), first as (select person_id, min(starts) as starts from events group by person_id)
select person_id, starts from first
where not exists (
    select 1 from conditions as c
    where c.person_id = first.person_id and c.starts <= first.starts
      and c.concept_id in (select concept_id from codeset where definition = 288 and id in (2, 5)))
  and exists (
    select 1 from conditions as c
    where c.person_id = first.person_id and c.starts between first.starts and date(first.starts, '+365 days')
      and c.concept_id in (select concept_id from codeset where definition = 288 and id = 0))
