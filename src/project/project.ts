import type { ErrorPlace } from '../lib/errors.ts';
import type { Classification } from './classification.ts';
import type {
  Configuration,
  Exports,
  Policy,
  PublicationProjection,
  QuarantinePolicy,
  Study,
} from './configuration.ts';
import type { ModelProperties } from './properties.ts';
import type { Source } from './source.ts';
import type { RenderedSql, SqlFile } from './sql-file.ts';
import type { Severity } from './test-kinds.ts';
import type { Threshold } from './threshold.ts';
import type { UnitTest } from './unit-test.ts';
import type { Scalar } from './vocabulary.ts';

/** A file of tests/: its SELECT must return nothing. */
export interface TestFile extends SqlFile {
  readonly severity?: Severity;
  readonly errorIf?: Threshold;
  readonly warnIf?: Threshold;
  readonly description?: string;
}

/** A place in a YAML file, by keys from the top: `['columns', 'AETERM', 'label']`. The nearest one that exists. */
export type Locate = (path: readonly PropertyKey[]) => ErrorPlace;

export interface ModelSource extends SqlFile {
  /** Folder and file: `sdtm.ae` for models/sdtm/ae.sql. */
  readonly name: string;
  readonly schema: string;
  readonly properties: ModelProperties;
  /** Relative to the root; absent where the model has no YAML file. */
  readonly propertiesPath?: string;
  /** Where a property stands in its file; absent where the model has no YAML file. */
  readonly locate?: Locate;
  /** What it is to make of given rows, from its properties and their fixtures; absent where there are none. */
  readonly unitTests?: readonly UnitTest[];
  /** The SELECT of what is brought into the table that is there, of a template that is_incremental() makes another. */
  readonly incremental?: RenderedSql;
  /** Whether the warehouse wrote it (staged tables) rather than a person. */
  readonly generated: boolean;
  /** The item group whose records a generated model picks from staged._cells. */
  readonly itemGroupOid?: string;
  /** Where the columns of a generated model come from, where its SELECT does not tell. */
  readonly origins?: Readonly<Record<string, ColumnOrigin>>;
}

/** Where a column of a generated model comes from. */
export interface ColumnOrigin {
  readonly table: string;
  /** Of raw.item_data, the ItemOID. */
  readonly column: string;
  /** Whether it is the value there, unchanged. */
  readonly isCopy: boolean;
}

/** A rule over what arrived, in rules/: a SELECT of the records that are at fault, made a table of its own. */
export interface Rule {
  /** `rules/ae_before_visit` */
  readonly id: string;
  /** The model `rules.ae_before_visit`. */
  readonly source: ModelSource;
  readonly severity: Severity;
  /** The message of its findings that have none of their own. */
  readonly description?: string;
}

/** A second version of a model, in qc/, written independently to validate it: a table of its own, compared with it. */
export interface Qc {
  /** The model that it validates. */
  readonly of: ModelSource;
  /** The model `qc.ae`. */
  readonly source: ModelSource;
  /** Of the test that both give the same. */
  readonly severity: Severity;
}

/** A kind of test of tests/generic/. */
export interface TestKind {
  readonly name: string;
  /** The names of its arguments, `model` first. */
  readonly parameters: readonly string[];
}

/** What is published under one name: a projection of the working file, and where it goes. */
export interface Publication extends Omit<PublicationProjection, 'file' | 'level'> {
  readonly name: string;
  /** The highest classification that it shows. */
  readonly level: Classification;
  /** Relative to the root, in target/. */
  readonly file: string;
}

/** What is exported, and where to. */
export interface ExportSettings extends Omit<Exports, 'level'> {
  /** The highest classification that it shows. */
  readonly level: Classification;
}

export interface Target {
  readonly name: string;
  /** `.warehouse/<target>.duckdb`, relative to the root. */
  readonly workingFile: string;
}

/**
 * A project for one target: everything a person wrote, validated, with defaults filled in and the target's own files
 * in place. Frozen to its leaves.
 */
export interface Project {
  /** Absolute path of the folder of warehouse.yml. */
  readonly root: string;
  readonly name: string;
  readonly study: Study;
  readonly target: Target;
  /** In the order of warehouse.yml. */
  readonly sources: readonly Source[];
  readonly policy: Policy;
  /** What is kept of fragments that cannot be used. */
  readonly quarantine: QuarantinePolicy;
  readonly vars: Readonly<Record<string, Scalar>>;
  readonly publications: readonly Publication[];
  readonly exports: ExportSettings;
  readonly removalThreshold: number;
  /** How many findings of a rule are told, and how many stop a build; by rule. */
  readonly checks: Configuration['checks'];
  /** warehouse.yml as written, before the target was chosen. */
  readonly configuration: Configuration;
  /** Where a key of warehouse.yml stands. */
  readonly locate: Locate;
  /** models/<schema>/<name>.sql, by name. */
  readonly models: readonly ModelSource[];
  /** rules/<name>.sql, by name. */
  readonly rules: readonly Rule[];
  /** qc/<name>.sql, by name. */
  readonly qc: readonly Qc[];
  /** macros/*.sql, by name, but for those that hold macros of templates. */
  readonly macros: readonly SqlFile[];
  /** tests/*.sql, by name: each must return nothing. */
  readonly tests: readonly TestFile[];
  /** tests/generic/*.sql, by name. */
  readonly testKinds: readonly TestKind[];
}
