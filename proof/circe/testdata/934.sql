-- Heart failure: the first diagnosis that is followed by another within a year
with events as (
  select distinct person_id, starts from conditions
  where concept_id in (select concept_id from codeset where definition = 934 and id = 1)
)
select person_id, min(starts) as starts from events as e
where exists (select 1 from events as f where f.person_id = e.person_id and f.starts between date(e.starts, '+1 day') and date(e.starts, '+365 days'))
group by person_id
