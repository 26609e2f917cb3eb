-- Each hour of each airport.
CREATE OR REPLACE TABLE slices AS
SELECT *, date_trunc('hour', date) AS slice FROM flights;
CREATE OR REPLACE TABLE spread AS
SELECT slice, slice AS start FROM (SELECT DISTINCT slice FROM slices);
