-- Type 2 diabetes, or that there was diabetes: eras of either
with events as (
  select distinct person_id, starts, ends from conditions
  where concept_id in (select concept_id from codeset where definition = 40 and id = 0)
  union
  select person_id, starts, ends from observations
  where concept_id in (select concept_id from codeset where definition = 40 and id = 1)
)
select distinct person_id, starts from events as e
where not exists (select 1 from events as f where f.person_id = e.person_id and f.starts < e.starts and f.ends >= e.starts)
