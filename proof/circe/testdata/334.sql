-- Asthma, or medicines for it again within a year below the age of 55: eras that last two weeks longer
with therapy as (
  select distinct m.person_id, m.starts, m.ends, m.concept_id from medicines as m
  where m.concept_id in (select concept_id from codeset where definition = 334 and id = 4)
), events as (
  select t.person_id, t.starts, t.ends from therapy as t join person as p on p.person_id = t.person_id
  where strftime('%Y', t.starts) - p.year_of_birth
      - (strftime('%m%d', t.starts) < strftime('%m%d', p.birth_datetime)) < 55
    and exists (select 1 from therapy as u where u.person_id = t.person_id
      and u.starts between date(t.starts, '-365 days') and date(t.starts, '-180 days'))
  union
  select person_id, starts, ends from conditions
  where concept_id in (select concept_id from codeset where definition = 334 and id = 0)
  union
  select person_id, starts, ends from observations
  where concept_id in (select concept_id from codeset where definition = 334 and id = 0)
)
select distinct person_id, starts from events as e
where not exists (select 1 from events as f where f.person_id = e.person_id and f.starts < e.starts and date(f.ends, '+14 days') >= e.starts)
