import { editorLine, MODEL_LINE } from '../project/editor-line.ts';
import { literal } from '../store/connection.ts';
import type { GroupOutline, StudyOutline } from './study-outline.ts';

/** The files of a new project, by path. */
export type StarterFiles = Readonly<Record<string, string>>;

/** On one line, so that it can stand in a comment, whatever a file called it. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

/**
 * A YAML scalar: JSON's strings are YAML's, but for what is not printable. What looks like a reference to the
 * environment stands in single quotes, which mean the text itself.
 */
function quoted(text: string): string {
  if (/^\$\{[^}\p{Cc}]*\}$/u.test(text)) return `'${text.replaceAll("'", "''")}'`;
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

interface Settings {
  readonly name: string;
  readonly title: string;
  readonly id: string;
  /** Where the files have it. */
  readonly idFrom?: string;
  readonly oids: readonly string[];
  readonly environment: string;
  readonly sources: string;
}

const configuration = ({
  name,
  title,
  id,
  idFrom,
  oids,
  environment,
  sources,
}: Settings) => `${editorLine('warehouse.json')}# ${oneLine(title)}
# Every key is explained in docs/configuration.md of the package trial-warehouse.
name: ${name}

study:
  # STUDYID of the datasets${idFrom === undefined ? '' : `, here the ${idFrom} of the files`}.
  # It is part of every identity: decide on it before the first build, after which it can never be changed.
  id: ${quoted(id)}
  # Every StudyOID that the files may carry; data of any other is refused.
  oids:
${oids.map((oid) => `    - ${quoted(oid)}\n`).join('')}  environment: ${quoted(environment)}

sources:
${sources}
# What a build publishes, and where. Readers open this file, never the one in .warehouse/.
publications:
  main:
    file: target/main.duckdb
`;

const readme = (title: string, example: string, body: string, end = '') => `# ${oneLine(title)}

${body}
In this folder, where the command is installed:

\`\`\`
warehouse build     # load what is new, run the models, test, export, publish
warehouse list      # the models
warehouse query ${example}
warehouse verify    # whether everything agrees, and what no dataset uses yet
\`\`\`

Where it was installed with npm (\`npm install PATH-OF-THE-CLONE\` in this folder), or in the clone itself, write \`npx warehouse\`. From elsewhere say which project, with \`--project PATH\`.

- \`warehouse.yml\` says what is loaded and published.
- \`models/<schema>/<name>.sql\` is one dataset, \`<name>.yml\` beside it its specification.
- \`rules/<name>.sql\` is a rule over what arrived: a SELECT of the records at fault (\`_row\`). \`warehouse query "FROM recon.finding"\` shows what it and the checks of the definitions find.
- \`data/\` holds the source files.
- \`target/\` is derived and can be emptied; \`.warehouse/\` is the record and is to be kept.
${end}`;

/** The first rows of a staged table; the tables, where none is known. */
function exampleQuery(table?: string): string {
  return table === undefined ? '"SELECT schema, name FROM (SHOW ALL TABLES)"' : `"FROM staged.${table} LIMIT 5"`;
}

const GITIGNORE = `# The record. Back it up, but elsewhere: it holds the data of subjects, and grows with every load.
.warehouse/
# What can be made again.
target/
node_modules/
# Add data/ where data of subjects must not be in version control. package.json and package-lock.json belong there:
# they say with which version of warehouse the study is built.
`;

/** Where the copies of the files lie: those that hold data, and those of definitions alone. */
export interface Copies {
  readonly definitions: readonly string[];
  readonly data: readonly string[];
}

/** A project around copies of ODM files. */
export function starterOf(name: string, outline: StudyOutline, copies: Copies): StarterFiles {
  const title = outline.studyName ?? outline.id;
  const [group] = outline.groups;
  const id = oneLine(outline.id);
  const oids = outline.oids.length > 0 ? outline.oids : [id];
  const environment = oneLine(outline.environment);
  return {
    'warehouse.yml': configuration({
      name,
      title,
      id,
      idFrom: outline.idFrom,
      oids,
      environment,
      sources: sourcesOf(outline, copies),
    }),
    ...(group === undefined ? {} : exampleOver(group)),
    'README.md': readme(title, exampleQuery(group?.table), tableList(outline.groups), NEXT_DELIVERY),
    '.gitignore': GITIGNORE,
  };
}

function sourcesOf({ dialects }: StudyOutline, { definitions, data }: Copies): string {
  const first = `  # Definitions stand first: tables and columns are named when they first arrive, once and for ever.
  definitions:
    files: ${quotedList(definitions)}
`;
  const edc = `  edc:
    # The next delivery is loaded once it is named here, in a list, or by a pattern that matches it: data/*.xml
    files: ${quotedList(data)}
    # Recognised from the ${data.length > 1 ? 'files' : 'file'}: ${dialects.join(', ')}.
    # Where every file is a full snapshot of the study, such as a nightly export, say so: then what the newest does not
    # hold was removed. Without this line a file is an increment: it adds and changes, and what it leaves out stays.
    # covers: study
`;
  const later = `  # The data, when they come:
  # edc:
  #   files: data/edc/*.xml
`;
  return `${definitions.length > 0 ? first : ''}${data.length > 0 ? edc : later}`;
}

function quotedList(files: readonly string[]): string {
  return files.length === 1 ? quoted(files[0]) : `[${files.map(quoted).join(', ')}]`;
}

const NEXT_DELIVERY = `
## The next delivery

Only files that \`warehouse.yml\` names are loaded. Put the next one into \`data/\`, beside those before, and name it under \`files:\` of its source: in a list, \`files: [data/first.xml, data/second.xml]\`, or by a pattern that matches every delivery and nothing else, \`files: data/edc-*.xml\`. Then run \`warehouse build\`: what was loaded before is not loaded again, and \`warehouse plan\` says beforehand what would be.

- A _Transactional_ file (\`FileType\` of its first element) says what was inserted, changed and removed. What it does not mention stays.
- A _Snapshot_ says how things stand. What it leaves out stays too, unless the source says \`covers: study\`, which means that every Snapshot is the whole study: then what the newest does not hold was removed.
`;

const MOST_LISTED = 20;

function tableList(groups: readonly GroupOutline[]): string {
  if (groups.length === 0) return '';
  const lines = groups.slice(0, MOST_LISTED).map(({ table, name, isEmpty }) => {
    return `- \`staged.${table}\`: ${oneLine(name)}${isEmpty ? ' (defined, without data in these files)' : ''}\n`;
  });
  const more = groups.length > MOST_LISTED ? `- and ${groups.length - MOST_LISTED} more\n` : '';
  return `Tables that the first build makes of the files, one for each item group:

${lines.join('')}${more}
Item groups that come later get tables of their own: \`warehouse list\` shows all that there are.
`;
}

/** Called as no dataset is: a model `ae` beside sdtm.ae would make a second meaning of that name. */
const EXAMPLE = 'models/overview/records_by_event';

function exampleOver({ table, name }: GroupOutline): StarterFiles {
  return {
    [`${EXAMPLE}.sql`]: `-- Records and subjects of ${oneLine(name)} by study event. An example: change it, or remove it.
SELECT
  study_event_oid,
  count(*) AS records,
  count(DISTINCT subject_key) AS subjects
FROM staged."${table}"
GROUP BY study_event_oid
ORDER BY study_event_oid
`,
    [`${EXAMPLE}.yml`]: `${MODEL_LINE}label: ${quoted(`${oneLine(name)} by study event`)}
columns:
  study_event_oid: { label: Study event, tests: [unique] }
  records: { label: Live records, tests: [not_null] }
  subjects: { label: Subjects with a record, tests: [not_null] }
`,
  };
}

/** A project with a small example of its own: three fictitious subjects. */
export function exampleStarter(name: string): StarterFiles {
  const id = name.toUpperCase();
  const sources = `  subjects:
    files: data/subjects.csv
    # What identifies a row.
    keys: [SUBJECT]
`;
  return {
    'warehouse.yml': configuration({ name, title: name, id, oids: [id], environment: 'Prod', sources }),
    'data/subjects.csv': 'SUBJECT,SITE,SEX,AGE\n0001,01,F,34\n0002,01,F,41\n0003,02,F,29\n',
    'models/sdtm/dm.sql': `-- One row a subject. An example over three fictitious subjects: put your own in its place.
SELECT
  ${literal(id)} AS STUDYID,
  'DM' AS DOMAIN,
  ${literal(`${id}-`)} || subject AS USUBJID,
  subject AS SUBJID,
  site AS SITEID,
  age::INTEGER AS AGE,
  CASE WHEN age IS NOT NULL THEN 'YEARS' END AS AGEU,
  sex AS SEX,
  [_row] AS _rows
FROM staged.subjects
`,
    'models/sdtm/dm.yml': `${MODEL_LINE}label: Demographics
class: SPECIAL PURPOSE
structure: One record per subject
keys: [STUDYID, USUBJID]
repeating: false
purpose: Tabulation
columns:
  STUDYID: { label: Study Identifier, type: text, core: Req }
  DOMAIN: { label: Domain Abbreviation, type: text, core: Req }
  USUBJID: { label: Unique Subject Identifier, type: text, core: Req, tests: [not_null, unique] }
  SUBJID: { label: Subject Identifier for the Study, type: text, core: Req }
  SITEID: { label: Study Site Identifier, type: text, core: Req }
  AGE: { label: Age, type: integer, core: Exp }
  AGEU: { label: Age Units, type: text, core: Exp }
  SEX: { label: Sex, type: text, core: Req, tests: [{ accepted_values: [F, M, U] }] }
  _rows: { label: Identities of the rows it came from }
`,
    'README.md': readme(name, exampleQuery('subjects'), ''),
    '.gitignore': GITIGNORE,
  };
}
