-- Each stretch of 24 hours that begins on an hour: each hour is in 24 of them.
CREATE OR REPLACE TABLE slices AS
SELECT *, date_trunc('hour', date) AS slice FROM flights;
CREATE OR REPLACE TABLE spread AS
SELECT slice, slice - to_hours(back) AS start
FROM (SELECT DISTINCT slice FROM slices), range(24) AS r(back);
