-- Acute hepatic injury without liver disease before: eras that last 90 days longer
with rules (id, since, until) as (values
  (6, '-0 days', '+0 days'), (5, '-200 years', '+0 days'), (7, '-200 years', '+0 days'), (8, '-200 years', '+0 days'),
  (23, '-200 years', '-7 days'), (30, '-200 years', '-7 days'), (2, '-365 days', '+0 days'), (16, '-200 years', '+0 days'),
  (10, '-200 years', '+0 days'), (15, '-200 years', '+0 days'), (6, '-200 years', '+0 days'), (31, '-200 years', '+0 days'),
  (22, '-200 years', '-7 days'), (24, '-200 years', '-7 days'), (25, '-200 years', '+0 days'), (27, '-200 years', '-7 days'),
  (11, '-200 years', '+0 days'), (18, '-200 years', '+0 days'), (20, '-200 years', '+0 days'), (19, '-200 years', '+0 days'),
  (17, '-200 years', '+0 days'), (26, '-200 years', '+0 days'), (12, '-200 years', '-7 days')
), events as (
  select distinct c.person_id, c.starts, c.ends from conditions as c
  where c.concept_id in (select concept_id from codeset where definition = 294 and id = 32)
    and not exists (
      select 1 from rules as r join codeset as s on s.definition = 294 and s.id = r.id join conditions as o on o.concept_id = s.concept_id
      where o.person_id = c.person_id and o.starts between date(c.starts, r.since) and date(c.starts, r.until))
    and not exists (
      select 1 from observations as o
      where o.person_id = c.person_id and o.starts between date(c.starts, '-365 days') and c.starts
        and o.concept_id in (select concept_id from codeset where definition = 294 and id = 2))
)
select distinct person_id, starts from events as e
where not exists (select 1 from events as f where f.person_id = e.person_id and f.starts < e.starts and date(f.ends, '+90 days') >= e.starts)
