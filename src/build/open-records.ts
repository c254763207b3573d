import { listed } from '../lib/listed.ts';
import { counted } from '../report/figures.ts';
import { type Connection, qualified } from '../store/connection.ts';

interface Open {
  table_name: string;
  open: bigint;
  /** Those among them that rows cite, without standing for them. */
  cited: bigint;
  /** By whom. */
  datasets: string[];
}

/** What does not close in the accounting of rows, in words; nothing where it closes. */
export async function openRecords(connection: Connection): Promise<string[]> {
  const rows = await connection.rows<Omit<Open, 'datasets'> & { datasets: string }>(`
    SELECT table_name, count(*) AS open, count(*) FILTER (len(datasets) > 0) AS cited,
      to_json(list_sort(list_distinct(flatten(list(datasets)))))::VARCHAR AS datasets
    FROM recon.row_accounting WHERE NOT accounted AND table_name <> '(not live)'
    GROUP BY table_name ORDER BY table_name`);
  const open = rows.map((row) => openText({ ...row, datasets: JSON.parse(row.datasets) }));
  return [...open, ...(await notLive(connection))];
}

function openText({ table_name: table, open, cited, datasets }: Open): string {
  const text = `${open} of ${table}`;
  if (cited === 0n) return text;
  const those = cited === open ? '' : `${cited} of them `;
  return `${text} (${those}cited by ${listed(datasets)}, but no row stands for them: docs/models.md, Datasets)`;
}

/** Identities in `_rows` that no live record has, by the model that names them. */
async function notLive(connection: Connection): Promise<string[]> {
  const models = await connection.rows<{ model: string; identities: bigint }>(`
    SELECT model, count(*) AS identities
    FROM (SELECT unnest(datasets) AS model FROM recon.row_accounting WHERE table_name = '(not live)')
    GROUP BY model ORDER BY model`);
  const texts: string[] = [];
  for (const { model, identities } of models) {
    const row = await connection.row<{ citing: bigint }>(`
      SELECT count(*) AS citing FROM ${qualified(model)}
      WHERE list_has_any(_rows, (SELECT list(_row) FROM recon.row_accounting WHERE table_name = '(not live)'))`);
    const many = identities === 1n ? 'an identity' : `${identities} identities`;
    texts.push(`${counted(row!.citing, 'row')} of ${model} with ${many} in _rows that no live record has`);
  }
  return texts;
}
