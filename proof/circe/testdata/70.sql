-- Stroke during a stay or a visit to an emergency room, or the day before it: eras
with events as (
  select distinct c.person_id, c.starts, c.ends from conditions as c
  where c.concept_id in (select concept_id from codeset where definition = 70 and id = 3)
    and exists (
      select 1 from visits as v
      where v.person_id = c.person_id and v.concept_id in (9201, 9203, 262)
        and v.starts <= date(c.starts, '+1 days') and v.ends >= c.starts)
)
select distinct person_id, starts from events as e
where not exists (select 1 from events as f where f.person_id = e.person_id and f.starts < e.starts and f.ends >= e.starts)
