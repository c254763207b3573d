/**
 * Table functions and table macros of DuckDB whose argument names or holds the table that they read, or whose answer is
 * the state of the file or of the process. A test holds the list against those that DuckDB has.
 */
const HIDES_AS_TABLE =
  /^((pragma|duckdb)_\w+|query|query_table|json_execute_serialized_sql|histogram|histogram_values|seq_scan|arrow_scan|arrow_scan_dumb|sql_auto_complete|which_secret|pg_timezone_names|checkpoint|force_checkpoint|(check|enable|disable)_peg_parser|(enable|disable)_(logging|profiling)|truncate_duckdb_logs)$/;

/** Functions and macros of DuckDB that give a value from its catalogue, its settings, the process or a sequence. */
const HIDES_AS_VALUE =
  /^(pg_get_constraintdef|pg_get_viewdef|format_type|get_block_size|nextval|currval|stats|json_serialize_plan|write_log|txid_current|current_(setting|query|query_id|connection_id|transaction_id))$/;

/** Functions and macros of DuckDB that give the time of the run, or chance. */
const CHANGES =
  /^(now|today|ago|current_date|current_localtime(stamp)?|get_current_time(stamp)?|transaction_timestamp|random|setseed|uuid(v4|v7)?|gen_random_uuid|pg_(conf_load|postmaster_start)_time)$/;

/** What gives the time without parentheses. */
const CLOCK_WORD = /^(current_(date|time|timestamp)|localtime(stamp)?)$/i;

const READS_FILES = /^(read_(csv|csv_auto|json\w*|ndjson\w*|parquet|duckdb)|parquet_scan)$/;

/** Table functions that give, of a file, where it lies, when it was written or how. */
const TELLS_OF_FILES =
  /^(read_(blob|text)|parquet_(schema|metadata|file_metadata|kv_metadata|full_metadata|bloom_probe)|glob|sniff_csv)$/;

/** Where a function is called: in FROM, or where a value is expected. DuckDB's `histogram` is another one in each. */
export type Called = 'table' | 'value';

/** Whether a function of DuckDB reads something that its call does not show as a table. @param name lower-case */
export function hidesTables(name: string, called: Called): boolean {
  return (called === 'table' ? HIDES_AS_TABLE : HIDES_AS_VALUE).test(name);
}

/** Whether a function of DuckDB gives another value in every run. @param name lower-case */
export const changesByRun = (name: string) => CHANGES.test(name);

/** Whether a name of a column is one of those by which DuckDB gives the time, where no column has it. */
export const isClockWord = (name: string) => CLOCK_WORD.test(name);

/** Whether a table function of DuckDB reads what files hold, and nothing else of them. @param name lower-case */
export const readsFiles = (name: string) => READS_FILES.test(name);

/** Whether a table function of DuckDB gives more of a file than what it holds. @param name lower-case */
export const tellsOfFiles = (name: string) => TELLS_OF_FILES.test(name);
