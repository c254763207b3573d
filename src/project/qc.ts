import { z } from 'zod';
import { readText } from './files.ts';
import { likeliest, shortName } from './model-name.ts';
import { nearest } from './nearest.ts';
import { orProblem, type Problem } from './problem.ts';
import type { ModelSource, Qc } from './project.ts';
import { NO_PROPERTIES } from './properties.ts';
import { findSqlFolder, type SqlWithProperties } from './sql-folder.ts';
import type { Templates } from './template/render.ts';
import { SEVERITIES } from './test-kinds.ts';
import { validateYaml } from './validate.ts';
import { modelName } from './vocabulary.ts';
import { writtenSql } from './written-sql.ts';

/** The folder of second versions, and the schema in which each is a table. */
export const QC = 'qc';

/** qc/<name>.yml */
export const qcSchema = z.strictObject({
  /** The model that it is a second version of; where it is left out, the one of its name. */
  model: modelName.optional(),
  severity: z.enum(SEVERITIES).default('warn'),
});

interface Known {
  readonly models: readonly ModelSource[];
  readonly templates: Templates;
}

interface Read {
  readonly qc: readonly Qc[];
  readonly problems: readonly Problem[];
}

/** Reads qc/<name>.sql and the .yml beside each, in the order of their names. */
export async function readQc(root: string, models: readonly ModelSource[], templates: Templates): Promise<Read> {
  const { found, problems } = await findSqlFolder(root, QC, { misnamed: badName, withoutSql });
  const read = await Promise.all(
    found.map((file) => orProblem(readOne(root, file, { models, templates }), { qc: [] })),
  );
  return { qc: read.flatMap(({ qc }) => qc), problems: [...problems, ...read.flatMap((one) => one.problems)] };
}

async function readOne(
  root: string,
  { name, path, yml }: SqlWithProperties,
  { models, templates }: Known,
): Promise<Read> {
  const { sql, template, problems } = writtenSql(templates, { path, text: await readText(root, path) });
  const read = yml === undefined ? undefined : validateYaml(yml, await readText(root, yml), qcSchema);
  if (read !== undefined && read.valid === undefined) return { qc: [], problems: [...problems, ...read.problems] };
  const { model, severity } = read?.valid ?? qcSchema.parse({});
  const meant = models.filter((one) => (model === undefined ? shortName(one.name) === name : one.name === model));
  if (meant.length !== 1) return { qc: [], problems: [noModel(path, model ?? name, meant, models)] };
  const [{ name: of, properties }] = meant;
  if (properties.keys.length === 0) return { qc: [], problems: [noKeys(path, meant[0])] };
  const source: ModelSource = {
    name: `${QC}.${name}`,
    schema: QC,
    path,
    sql,
    ...(template && { template }),
    properties: { ...NO_PROPERTIES, label: `Second version of ${of}, written independently to validate it.` },
    ...(yml !== undefined && { propertiesPath: yml }),
    ...(read !== undefined && { locate: read.locate }),
    generated: false,
  };
  return { qc: [{ of: meant[0], source, severity }], problems };
}

function noModel(path: string, name: string, meant: readonly ModelSource[], models: readonly ModelSource[]): Problem {
  const names = models.map((model) => (name.includes('.') ? model.name : shortName(model.name)));
  const near = nearest(name, names);
  const several = meant.map((model) => model.name).sort();
  return {
    kind: 'usage',
    code: 'QC_MODEL',
    message:
      several.length > 0
        ? `${path} may be a second version of ${several.join(' or ')}.`
        : `${path} is a second version of ${name}, and there is no model of that name.`,
    place: { file: path },
    next:
      several.length > 0 || near === undefined
        ? `Name the model in ${path.replace(/sql$/, 'yml')}: model: ${likeliest(several) ?? 'sdtm.ae'}.`
        : `Did you mean ${near}?`,
  };
}

function noKeys(path: string, { name, propertiesPath, path: sql }: ModelSource): Problem {
  return {
    kind: 'usage',
    code: 'QC_KEYS',
    message: `${path} cannot be compared with ${name}, which has no keys: records are compared by them.`,
    place: { file: propertiesPath ?? sql.replace(/sql$/, 'yml') },
    next: 'Say there what identifies a row, for example keys: [STUDYID, USUBJID, AESEQ].',
  };
}

function badName(path: string): Problem {
  return {
    kind: 'usage',
    code: 'QC_NAME',
    message:
      'A second version must be exactly qc/<name>.sql, with its properties in <name>.yml beside it; names are lower-case letters, digits and _, beginning with a letter.',
    place: { file: path },
    next: 'Rename the file after the model that it validates, for example to qc/ae.sql.',
  };
}

function withoutSql(name: string, path: string): Problem {
  return {
    kind: 'usage',
    code: 'QC_WITHOUT_SQL',
    message: `The properties of ${QC}/${name} stand without a second version: there is no ${QC}/${name}.sql.`,
    place: { file: path },
    next: 'Write its SELECT there, or rename or remove this file as it was.',
  };
}
