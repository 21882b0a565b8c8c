-- Type 2 diabetes: the first diagnosis, if another, two medicines or two high HbA1c follow
with first as (
  select person_id, min(starts) as starts from conditions
  where concept_id in (select concept_id from codeset where definition = 957 and id = 4)
  group by person_id
)
select person_id, starts from first
where exists (
    select 1 from conditions as c
    where c.person_id = first.person_id and c.starts > first.starts
      and c.concept_id in (select concept_id from codeset where definition = 957 and id = 4))
  or (select count(*) from (
    select distinct m.starts, m.concept_id from medicines as m
    where m.person_id = first.person_id and m.starts >= first.starts
      and m.concept_id in (select concept_id from codeset where definition = 957 and id = 5))) >= 2
  or (select count(*) from (
    select distinct m.starts, m.concept_id, m.value from measurements as m
    where m.person_id = first.person_id and m.starts >= date(first.starts, '-7 days') and m.value between 6.5 and 30 and m.unit = '%'
      and m.concept_id in (select concept_id from codeset where definition = 957 and id = 6))) >= 2
