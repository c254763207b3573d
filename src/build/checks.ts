import { WarehouseError } from '../lib/errors.ts';
import { listed } from '../lib/listed.ts';
import { limitText, reaches, thresholdsOf } from '../project/checks.ts';
import type { Project } from '../project/project.ts';
import { count, counted } from '../report/figures.ts';
import type { Connection } from '../store/connection.ts';
import { defineFindings, gatherFindings } from './findings.ts';
import { commandFor } from './warehouse.ts';

/** What one rule found. */
export interface RuleFindings {
  readonly rule: string;
  readonly findings: number;
  /** Those of severity error. */
  readonly errors: number;
  /** Values or records that it looked at. */
  readonly checked: number;
}

/** What the rules found that is worth telling. */
export interface Checks {
  /** Those with as many findings as are to be told, or to stop a build, by rule. */
  readonly found: readonly RuleFindings[];
  /** Those with as many as are to stop a build. */
  readonly stopping: readonly RuleFindings[];
  /** Checks of definitions that are not carried out: rows of recon.unchecked. */
  readonly unchecked: number;
}

/** What the rules found, held against the thresholds of warehouse.yml. The views have to be there. */
export async function readChecks(connection: Connection, project: Project): Promise<Checks> {
  const rows = await connection.rows<{ rule: string; findings: bigint; errors: bigint; checked: bigint }>(
    'SELECT rule, finding_count AS findings, error_count AS errors, checked_count AS checked FROM recon.finding_summary ORDER BY rule',
  );
  const all = rows.map(({ rule, findings, errors, checked }) => ({
    rule,
    findings: Number(findings),
    errors: Number(errors),
    checked: Number(checked),
  }));
  const unchecked = await connection.row<{ count: bigint }>('SELECT count(*) AS count FROM recon.unchecked');
  const stopping = all.filter(({ rule, findings, checked }) => {
    const { stop } = thresholdsOf(project.checks, rule);
    return stop !== undefined && reaches(stop, findings, checked);
  });
  return {
    found: all.filter(
      (one) =>
        stopping.includes(one) || reaches(thresholdsOf(project.checks, one.rule).warn, one.findings, one.checked),
    ),
    stopping,
    unchecked: Number(unchecked?.count ?? 0),
  };
}

/** Checks what arrived, by the definitions and by the rules that are in place. Needs the macros of the warehouse. */
export async function checkArrivals(connection: Connection, project: Project): Promise<Checks> {
  await gatherFindings(connection);
  await defineFindings(connection, project);
  return readChecks(connection, project);
}

/** The error of a build that checks have stopped. */
export function stopError(checks: Checks, project: Project): WarehouseError | undefined {
  const message = stopText(checks, project);
  if (message === undefined) return undefined;
  const [{ rule }] = checks.stopping;
  const rules = checks.stopping.map((one) => `'${one.rule}'`);
  const which = rules.length === 1 ? `rule = ${rules[0]}` : `rule IN (${rules.join(', ')})`;
  const see = `${commandFor(project.target, 'query')} "FROM recon.finding WHERE ${which}"`;
  return new WarehouseError({
    kind: 'data',
    code: 'CHECKS_STOP',
    message,
    place: project.locate(['checks', Object.hasOwn(project.checks, rule) ? rule : 'default', 'stop']),
    next: `See them: ${see}. What arrived has landed and stands in staged; have it corrected, or say another stop.`,
  });
}

/** Why checks stop a build, in a sentence; undefined where they do not. */
export function stopText({ stopping }: Checks, project: Project): string | undefined {
  if (stopping.length === 0) return undefined;
  const said = stopping.map(({ rule, findings, checked }) => {
    const limit = limitText(thresholdsOf(project.checks, rule).stop!);
    return `${rule} has ${counted(findings, 'finding')} in ${count(checked)} and stops at ${limit}`;
  });
  return `Checks of what arrived: ${listed(said)}.`;
}
