-- Heart failure: eras, a day apart at least
with events as (
  select distinct person_id, starts, ends from conditions
  where concept_id in (select concept_id from codeset where definition = 519 and id = 0)
)
select distinct person_id, starts from events as e
where not exists (select 1 from events as f where f.person_id = e.person_id and f.starts < e.starts and date(f.ends, '+1 days') >= e.starts)
