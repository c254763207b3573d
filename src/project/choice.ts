/** Which project is meant, of which nothing has been read yet. */
export interface ProjectChoice {
  /** Absolute path of the folder of warehouse.yml. */
  readonly root: string;
  /** The name of the target, as it was asked for. */
  readonly target: string;
}

/** The target that a build makes when no other is asked for. */
export const DEFAULT_TARGET = 'main';

/** Where a target is built, relative to the project. */
export const workingFileOf = (target: string) => `.warehouse/${target}.duckdb`;
