import { WarehouseError } from '../../lib/errors.ts';
import { nearest } from '../../project/nearest.ts';
import type { Connection } from '../../store/connection.ts';
import { placeOf, type SqlText } from '../sql/sql-error.ts';

interface Found {
  readonly oid: string;
  readonly name: string | null;
  readonly values: bigint;
}

const NEXT =
  'Name a codelist of the study definitions by its OID or Name (meta.code_list), or list its values in accepted_values.';

/**
 * Refuses a codelist that the study's definitions do not have, one that they have without values (an external one), and
 * a name that several have.
 * @throws usage TEST_CODELIST
 */
export async function checkCodelist(connection: Connection, text: SqlText, codelist: string): Promise<void> {
  const all = await connection.rows<Found>(
    `SELECT DISTINCT oid, name, (SELECT count(*) FROM meta.decode WHERE code_list_oid = oid) AS values
     FROM meta.code_list ORDER BY ALL`,
  );
  const byOid = all.filter(({ oid }) => oid === codelist);
  const found = byOid.length > 0 ? byOid : all.filter(({ name }) => name === codelist);
  const oids = [...new Set(found.map(({ oid }) => oid))];
  if (oids.length === 0) {
    const near = nearest(
      codelist,
      all.flatMap(({ oid, name }) => (name === null ? [oid] : [oid, name])),
    );
    const next = near === undefined ? NEXT : `Did you mean ${near}?`;
    throw refused(text, `There is no codelist ${codelist} in the study definitions.`, next);
  }
  if (oids.length > 1) {
    throw refused(text, `Several codelists have the name ${codelist}: ${oids.join(', ')}.`, 'Name one by its OID.');
  }
  if (found.every(({ values }) => values === 0n)) {
    throw refused(text, `The codelist ${codelist} has no values in the study definitions.`, NEXT);
  }
}

function refused(text: SqlText, message: string, next: string): WarehouseError {
  return new WarehouseError({ kind: 'usage', code: 'TEST_CODELIST', message, place: placeOf(text), next });
}
