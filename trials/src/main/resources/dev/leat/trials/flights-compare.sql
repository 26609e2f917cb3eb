-- What was served ($RESULTS) beside what is due. `slices` are the flights with the slice that each is in; `spread` says
-- which windows a slice is in (two airports may have sessions that begin at once: windows are told by origin and start).
CREATE OR REPLACE TABLE served AS
SELECT * REPLACE (start::TIMESTAMP AS start)
FROM read_json('$RESULTS', format = 'newline_delimited', columns = {
  origin: 'VARCHAR', start: 'TIMESTAMPTZ', flights: 'BIGINT', total: 'BIGINT', mean: 'DOUBLE',
  least: 'BIGINT', most: 'BIGINT', places: 'DOUBLE', p90: 'DOUBLE', busiest: 'STRUCT(item VARCHAR, count BIGINT)[]'});
CREATE OR REPLACE TABLE expected AS
SELECT origin, start, count(*) AS flights, sum(delay)::BIGINT AS total, sum(delay)::BIGINT / count(delay) AS mean,
  min(delay)::BIGINT AS least, max(delay)::BIGINT AS most, count(DISTINCT destination)::DOUBLE AS places
FROM slices JOIN spread USING (slice) GROUP BY origin, start;
CREATE OR REPLACE TABLE compared AS
SELECT due, served FROM expected AS due FULL JOIN served ON due.origin = served.origin AND due.start = served.start;
-- How far the rank of a value is from 0.9: none if the value's own copies reach over it.
CREATE OR REPLACE TABLE ranks AS
SELECT greatest(0, 0.9 - count(*) FILTER (delay <= p90) / count(*), count(*) FILTER (delay < p90) / count(*) - 0.9) AS error
FROM slices JOIN spread USING (slice) JOIN served USING (origin, start) GROUP BY origin, start;
-- How far the count of each item among the first three is off, as a share of the window's flights.
CREATE OR REPLACE TABLE tops AS
WITH items AS (SELECT origin, start, flights, unnest(busiest, recursive := true) FROM served),
counts AS (SELECT origin, slice, destination, count(*) AS n FROM slices GROUP BY ALL)
SELECT (any_value(count) - coalesce(sum(n), 0)) / any_value(flights) AS error
FROM items JOIN spread USING (start)
LEFT JOIN counts ON counts.origin = items.origin AND counts.slice = spread.slice AND counts.destination = items.item
GROUP BY items.origin, items.start, items.item;
