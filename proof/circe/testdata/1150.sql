-- Visits to an emergency room, with or without a stay after it: eras
with events as (select distinct person_id, starts, ends from visits where concept_id in (9203, 262))
select distinct person_id, starts from events as e
where not exists (select 1 from events as f where f.person_id = e.person_id and f.starts < e.starts and f.ends >= e.starts)
