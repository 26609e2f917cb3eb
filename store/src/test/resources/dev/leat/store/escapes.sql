# Statements that must be refused, one a line. DIR is a directory with secret.csv in it, STORE that of the store.
# Files by function
SELECT * FROM read_csv('DIR/secret.csv')
SELECT * FROM read_csv_auto('DIR/secret.csv')
SELECT * FROM read_text('DIR/secret.csv')
SELECT * FROM read_blob('DIR/secret.csv')
SELECT * FROM read_json('DIR/secret.csv')
SELECT * FROM read_ndjson_objects('DIR/secret.csv')
SELECT * FROM read_parquet('STORE/tables/events/*/*/*.parquet')
SELECT * FROM parquet_scan('STORE/tables/events/*/*/*.parquet')
SELECT * FROM parquet_metadata('STORE/tables/events/*/*/*.parquet')
SELECT * FROM parquet_schema('STORE/tables/events/*/*/*.parquet')
SELECT * FROM parquet_file_metadata('STORE/tables/events/*/*/*.parquet')
SELECT * FROM parquet_kv_metadata('STORE/tables/events/*/*/*.parquet')
SELECT * FROM parquet_bloom_probe('STORE/tables/events/carriers/carrier-1.parquet', 'id', 'x')
SELECT * FROM glob('DIR/*')
SELECT * FROM glob('STORE/tables/**')
SELECT * FROM sniff_csv('DIR/secret.csv')
SELECT * FROM read_duckdb('DIR/x.db')
SELECT * FROM "read_csv"('DIR/secret.csv')
SELECT * FROM main.read_csv('DIR/secret.csv')
SELECT * FROM system.main.read_csv('DIR/secret.csv')
SELECT * FROM read_csv /* x */ ('DIR/secret.csv')
SELECT * FROM READ_TEXT('DIR/secret.csv')
# Files by name
SELECT * FROM 'DIR/secret.csv'
SELECT * FROM "DIR/secret.csv"
FROM 'DIR/secret.csv'
SELECT * FROM 'STORE/tables/events/carriers/carrier-1.parquet'
SELECT * FROM 'STORE/catalogue.log'
SELECT * FROM '/etc/passwd'
SELECT * FROM '/proc/self/environ'
SELECT * FROM 'https://example.com/x.parquet'
SELECT * FROM read_parquet('s3://bucket/x.parquet')
SELECT * FROM 'http://127.0.0.1:1/x.csv'
DESCRIBE 'DIR/secret.csv'
SUMMARIZE 'DIR/secret.csv'
SUMMARIZE SELECT * FROM 'DIR/secret.csv'
TABLE 'DIR/secret.csv'
# Hidden inside
WITH x AS (SELECT * FROM read_csv('DIR/secret.csv')) SELECT * FROM x
WITH "DIR/secret.csv" AS (FROM "DIR/secret.csv") SELECT * FROM "DIR/secret.csv"
WITH a AS (FROM "DIR/secret.csv"), "DIR/secret.csv" AS (SELECT 1) SELECT * FROM a
SELECT (SELECT content FROM read_text('DIR/secret.csv'))
SELECT * FROM events WHERE id IN (SELECT a FROM 'DIR/secret.csv')
SELECT * FROM events WHERE EXISTS (FROM read_text('DIR/secret.csv'))
SELECT * FROM events, LATERAL (SELECT * FROM read_text('DIR/secret.csv'))
SELECT * FROM events JOIN read_text('DIR/secret.csv') ON true
SELECT 1 UNION ALL SELECT content FROM read_text('DIR/secret.csv')
SELECT * FROM (PIVOT (FROM 'DIR/secret.csv') ON a IN ('x'))
SELECT * FROM (FROM 'DIR/secret.csv') PIVOT (count(*) FOR a IN ('x'))
SELECT count(*) OVER (ORDER BY (SELECT content FROM read_text('DIR/secret.csv'))) FROM events
SELECT * FROM events ORDER BY (SELECT content FROM read_text('DIR/secret.csv'))
SELECT * FROM events LIMIT (SELECT length(content) FROM read_text('DIR/secret.csv'))
SELECT * REPLACE ((SELECT content FROM read_text('DIR/secret.csv')) AS id) FROM events
SELECT [x FOR x IN [(SELECT content FROM read_text('DIR/secret.csv'))]]
SELECT list_transform([1], lambda x: (SELECT content FROM read_text('DIR/secret.csv')))
SELECT CASE WHEN true THEN (SELECT content FROM read_text('DIR/secret.csv')) END
SELECT sum(1) FILTER (WHERE EXISTS (FROM read_text('DIR/secret.csv'))) FROM events
VALUES ((SELECT content FROM read_text('DIR/secret.csv')))
SELECT * FROM range((SELECT length(content) FROM read_text('DIR/secret.csv')))
SELECT * FROM unnest((SELECT list(content) FROM read_text('DIR/secret.csv')))
WITH RECURSIVE t(a) AS (SELECT content FROM read_text('DIR/secret.csv') UNION ALL SELECT a FROM t WHERE false) FROM t
WITH RECURSIVE duckdb_views AS (SELECT * FROM duckdb_views UNION SELECT * FROM duckdb_views) SELECT * FROM duckdb_views
WITH RECURSIVE duckdb_views AS MATERIALIZED (SELECT * FROM duckdb_views UNION SELECT * FROM duckdb_views) SELECT * FROM duckdb_views
WITH duckdb_views AS MATERIALIZED (SELECT * FROM duckdb_views) SELECT * FROM duckdb_views
WITH RECURSIVE DuckDB_Views AS (SELECT * FROM duckdb_views UNION SELECT * FROM duckdb_views) SELECT * FROM duckdb_views
WITH RECURSIVE duckdb_views AS (SELECT (SELECT max(sql) FROM duckdb_views) AS s UNION SELECT s FROM duckdb_views) SELECT * FROM duckdb_views
WITH RECURSIVE "STORE/tables/events/*/*/*.parquet" AS (SELECT * FROM "STORE/tables/events/*/*/*.parquet" UNION SELECT * FROM "STORE/tables/events/*/*/*.parquet") SELECT * FROM "STORE/tables/events/*/*/*.parquet"
WITH RECURSIVE "DIR/secret.csv" AS (SELECT * FROM "DIR/secret.csv" UNION SELECT * FROM "DIR/secret.csv") SELECT * FROM "DIR/secret.csv"
SELECT * FROM events POSITIONAL JOIN 'DIR/secret.csv'
EXPLAIN SELECT * FROM read_text('DIR/secret.csv')
EXPLAIN ANALYZE SELECT * FROM read_text('DIR/secret.csv')
EXPLAIN ANALYZE COPY (SELECT 1) TO 'DIR/out.csv'
EXPLAIN EXPLAIN SELECT 1
EXPLAIN (FORMAT json) SELECT 1
# Dynamic SQL
SELECT * FROM query('SELECT * FROM read_text(''DIR/secret.csv'')')
SELECT * FROM query_table('events')
SELECT * FROM query_table(['DIR/secret.csv'])
SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))
SELECT json_serialize_sql('SELECT 1')
SELECT json_serialize_plan('SELECT * FROM ''DIR/secret.csv''')
SELECT json_deserialize_sql('{}')
PRAGMA json_execute_serialized_sql('{}')
PREPARE p AS SELECT 1
EXECUTE p
DEALLOCATE p
# Other statements
COPY (SELECT 1) TO 'DIR/out.csv'
COPY events TO 'DIR/out.parquet'
COPY events FROM 'DIR/secret.csv'
EXPORT DATABASE 'DIR/out'
IMPORT DATABASE 'DIR/out'
ATTACH 'DIR/x.db'
ATTACH ':memory:' AS m
DETACH memory
USE memory
INSTALL httpfs
LOAD httpfs
LOAD 'DIR/x.duckdb_extension'
FORCE INSTALL httpfs FROM 'http://127.0.0.1:1'
UPDATE EXTENSIONS
SET threads = 1
SET enable_external_access = true
SET lock_configuration = false
SET memory_limit = '100GB'
SET GLOBAL threads = 64
RESET enable_external_access
SET VARIABLE x = 1
PRAGMA version
PRAGMA database_list
PRAGMA enable_profiling
PRAGMA memory_limit = '100GB'
CALL pragma_version()
CALL duckdb_settings()
CHECKPOINT
FORCE CHECKPOINT
VACUUM
ANALYZE
CREATE TABLE t (a INT)
CREATE TEMP TABLE t AS SELECT 1
CREATE TABLE t AS FROM 'DIR/secret.csv'
CREATE VIEW v AS SELECT 1
CREATE OR REPLACE TEMP VIEW events AS SELECT 1
CREATE MACRO m(x) AS x
CREATE MACRO m() AS TABLE FROM 'DIR/secret.csv'
CREATE SECRET s (TYPE s3)
CREATE PERSISTENT SECRET s (TYPE s3)
CREATE SCHEMA s
CREATE TYPE t AS ENUM ('a')
CREATE SEQUENCE s
CREATE INDEX i ON events (id)
DROP VIEW events
ALTER VIEW events RENAME TO e
INSERT INTO events VALUES (1)
UPDATE events SET id = 'x'
DELETE FROM events
TRUNCATE events
MERGE INTO events USING events e ON true WHEN MATCHED THEN DELETE
BEGIN
COMMIT
ROLLBACK
COMMENT ON VIEW events IS 'x'
PIVOT events ON type
# Several statements, comments
SELECT 1; SELECT 2
SELECT 1; COPY (SELECT 1) TO 'DIR/out.csv'
COPY (SELECT 1) TO 'DIR/out.csv'; SELECT 1
/* SELECT 1 */ COPY (SELECT 1) TO 'DIR/out.csv'
-- SELECT 1
;
# Settings, session, system
SELECT current_setting('threads')
SELECT current_setting('allowed_directories')
SELECT getenv('HOME')
SELECT getvariable('x')
SELECT current_query()
SELECT current_database()
SELECT version()
SELECT nextval('s')
SELECT txid_current()
SELECT write_log('x')
SELECT sleep_ms(1000)
SELECT pg_sleep(1)
SELECT pg_get_viewdef(1)
SELECT system.main.current_setting('threads')
SELECT "current_setting"('threads')
SELECT CURRENT_SETTING('threads')
SELECT set_config('threads', '1')
SELECT in_search_path('a', 'b')
SELECT * FROM duckdb_settings()
SELECT * FROM duckdb_secrets()
SELECT * FROM duckdb_views()
SELECT * FROM duckdb_views
SELECT * FROM duckdb_functions()
SELECT * FROM duckdb_databases()
SELECT * FROM duckdb_temporary_files()
SELECT * FROM duckdb_external_file_cache()
SELECT * FROM duckdb_memory()
SELECT * FROM duckdb_logs
SELECT * FROM duckdb_variables()
SELECT * FROM duckdb_extensions()
SELECT * FROM pragma_table_info('events')
SELECT * FROM pragma_database_size()
SELECT * FROM pragma_show('events')
SELECT * FROM which_secret('s3://x', 's3')
SELECT * FROM information_schema.tables
SELECT * FROM information_schema.schemata
SELECT * FROM pg_catalog.pg_views
SELECT * FROM sqlite_master
SELECT * FROM pg_tables
SELECT * FROM temp.events
SELECT * FROM main.events
SELECT * FROM memory.main.events
SELECT * FROM test_all_types()
SELECT * FROM seq_scan('events')
SELECT * FROM arrow_scan(1, 2, 3)
SELECT * FROM summary((FROM events))
SELECT * FROM repeat('x', 10)
SELECT * FROM repeat_row(1, num_rows = 10)
SELECT * FROM checkpoint()
SELECT * FROM enable_logging()
SELECT * FROM enable_profiling()
SHOW DATABASES
SHOW ALL TABLES
SHOW VARIABLES
SHOW threads
SHOW allowed_directories
# Our own inside
SELECT * FROM leat_rows('x')
SELECT * FROM leat_rows('')
SELECT * FROM leat_rows(NULL)
SELECT leat_rows('x')
SELECT filename FROM events
SELECT file_row_number FROM events
SELECT file_index FROM events
SELECT rowid FROM events
SELECT * FROM events AT (VERSION => 1)
SELECT * FROM nobodys
SELECT * FROM events_current
SELECT * FROM superseded_current
SELECT * FROM events_history_history
SELECT * FROM temp.main.events_history
# Memory that no limit counts
SELECT repeat('x', 1000000000)
SELECT lpad('x', 1000000000, 'x')
SELECT rpad('x', 1000000000, 'x')
SELECT bar(1, 0, 1, 1000000000)
SELECT list_resize([1], 1000000000)
SELECT len(range(1000000000))
SELECT generate_series(1, 1000000000)
SELECT format('{:>1000000000}', 'x')
SELECT printf('%1000000000d', 1)
SELECT bitstring('1', 2000000000)
SELECT array_resize([1], 1000000000)
# Parameters that nobody gave
SELECT ?
SELECT $1 + $2
SELECT $name
