// The models that the benchmark of the runner gives to every tool: plain SQL in layers, the first of them made from
// range(), so that nothing is loaded; each with two tests.

/** What the tools call the schema. */
export const SCHEMA = 'clinic';

const numbered = (layer, number) => `${layer}_${String(number).padStart(4, '0')}`;

/** Of 60 models so many are in each layer. */
const SHARES = { base: 10, clean: 20, derived: 20, summary: 10 };

const COLUMNS = {
  base: ['id', 'subject', 'visit', 'value', 'term'],
  clean: ['id', 'subject', 'visit', 'value', 'term'],
  derived: ['id', 'subject', 'visit', 'change', 'sequence'],
  summary: ['id', 'records', 'change', 'last_sequence', 'others'],
};

/** The column of each model that is tested: it holds no NULL, and no value twice. */
export const TESTED = 'id';

/**
 * `count` models in order of building: `{name, columns, sql(ref)}`, where `ref(name)` is what a tool
 * writes for another model.
 *
 * @param {number} count
 * @param {number} rows of each model of the first layer
 */
export function modelsOf(count, rows) {
  const many = Object.fromEntries(
    Object.entries(SHARES).map(([layer, share]) => [layer, Math.round((count * share) / 60)]),
  );
  const models = [];
  for (const [layer, sql] of Object.entries(LAYERS)) {
    for (let n = 0; n < many[layer]; n++) {
      const pick = (of, step) => numbered(of, (n * step) % many[of]);
      models.push({
        name: numbered(layer, n),
        columns: COLUMNS[layer],
        sql: (ref) => sql({ n, rows, ref, pick }),
      });
    }
  }
  return models;
}

/** Integers only: sums of others depend on the order in which threads come to them. */
const LAYERS = {
  base: ({ n, rows }) => `SELECT
  i AS id,
  i % 500 AS subject,
  (i * 7919) % 12 AS visit,
  (i * 104729 + ${n}) % 1000 AS value,
  'term ' || (i % 97) AS term
FROM range(${rows}) AS r(i)`,
  clean: ({ n, ref, pick }) => `SELECT
  id,
  subject,
  visit,
  CASE WHEN value % ${n + 3} = 0 THEN NULL ELSE value END AS value,
  upper(trim(term)) AS term
FROM ${ref(pick('base', 1))}
WHERE visit <> ${n % 12}`,
  derived: ({ ref, pick }) => `WITH baseline AS (
  SELECT subject, min(visit) AS first_visit, CAST(sum(value) AS BIGINT) AS total
  FROM ${ref(pick('clean', 1))}
  GROUP BY subject
)
SELECT
  c.id,
  c.subject,
  c.visit - b.first_visit AS visit,
  c.value - b.total % 100 AS change,
  row_number() OVER (PARTITION BY c.subject ORDER BY c.visit, c.id) AS sequence
FROM ${ref(pick('clean', 3))} AS c
JOIN baseline AS b ON b.subject = c.subject`,
  summary: ({ ref, pick }) => `SELECT
  d.subject AS id,
  count(*) AS records,
  CAST(sum(d.change) AS BIGINT) AS change,
  max(d.sequence) AS last_sequence,
  any_value(o.others) AS others
FROM ${ref(pick('derived', 1))} AS d
JOIN (SELECT subject, count(*) AS others FROM ${ref(pick('derived', 7))} GROUP BY subject) AS o ON o.subject = d.subject
GROUP BY d.subject`,
};

/** The models after one of the third layer has changed, which summaries read. */
export function oneChanged(models) {
  const changed = numbered('derived', 7);
  return models.map((model) => {
    if (model.name !== changed) return model;
    return { ...model, sql: (ref) => model.sql(ref).replace('% 100 AS change', '% 99 AS change') };
  });
}
