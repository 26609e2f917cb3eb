-- Each stretch of an airport in which no departure was more than 30 minutes after the one before.
CREATE OR REPLACE TABLE slices AS
WITH gaps AS (
  SELECT *, coalesce(date - lag(date) OVER (PARTITION BY origin ORDER BY date) > INTERVAL 30 MINUTE, true) AS first
  FROM flights),
numbered AS (SELECT *, sum(first::INT) OVER (PARTITION BY origin ORDER BY date RANGE UNBOUNDED PRECEDING) AS burst FROM gaps)
SELECT rn, date, delay, distance, origin, destination,
  min(date) OVER (PARTITION BY origin, burst) AS slice,
  max(date) OVER (PARTITION BY origin, burst) AS last
FROM numbered;
CREATE OR REPLACE TABLE spread AS
SELECT DISTINCT slice, slice AS start FROM slices;
