-- Asthma, or medicines for it again within a year below the age of 55: the first, without COPD until then
with therapy as (
  select distinct m.person_id, m.starts, m.ends, m.concept_id from medicines as m
  where m.concept_id in (select concept_id from codeset where definition = 27 and id = 4)
), events as (
  select t.person_id, t.starts, t.ends from therapy as t join person as p on p.person_id = t.person_id
  where strftime('%Y', t.starts) - p.year_of_birth
      - (strftime('%m%d', t.starts) < strftime('%m%d', p.birth_datetime)) < 55
    and exists (select 1 from therapy as u where u.person_id = t.person_id
      and u.starts between date(t.starts, '-365 days') and date(t.starts, '-180 days'))
  union
  select person_id, starts, ends from conditions
  where concept_id in (select concept_id from codeset where definition = 27 and id = 0)
  union
  select person_id, starts, ends from observations
  where concept_id in (select concept_id from codeset where definition = 27 and id = 0)
), first as (select person_id, min(starts) as starts from events group by person_id)
select person_id, starts from first
where not exists (
    select 1 from conditions as c
    where c.person_id = first.person_id and c.starts <= first.starts
      and c.concept_id in (select concept_id from codeset where definition = 27 and id = 2))
  and not exists (
    select 1 from medicines as m
    where m.person_id = first.person_id and m.starts <= first.starts
      and m.concept_id in (select concept_id from codeset where definition = 27 and id = 3))
