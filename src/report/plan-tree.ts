import { listed } from '../lib/listed.ts';
import { count } from './figures.ts';
import { table } from './table.ts';
import { type Branch, treeRows } from './tree.ts';

interface PlannedDelivery {
  readonly source: string;
  readonly file: string;
  readonly reason: string;
}

/** A model, in order of building, with the models that it reads. */
interface PlannedStep {
  readonly name: string;
  readonly action: string;
  readonly reason: string;
  readonly reads: readonly string[];
  /** Where its rows are written to, beside the table. */
  readonly file?: string;
}

interface Planned {
  readonly deliveries: readonly PlannedDelivery[];
  readonly models: readonly PlannedStep[];
  /** Those that are run though their model is left as it is. */
  readonly tests: readonly { readonly model: string; readonly name: string }[];
}

interface Options {
  /** Display columns that it may take. */
  readonly width: number;
  /** Whether what is left as it is is shown too. */
  readonly all: boolean;
}

/** What a build would do, deliveries first, each step with its reason; then how many of each kind there are. */
export function planTree({ deliveries, models, tests }: Planned, options: Options): string {
  return [deliveryTree(deliveries, options), modelTree(models, options), countsOf(models) + testsOf(tests)].join('\n');
}

/** `tests      2 to run on models that are left as they are: unique_AESEQ of sdtm.ae, late` */
function testsOf(tests: Planned['tests']): string {
  if (tests.length === 0) return '';
  const names = tests.map(({ model, name }) => (model === '' ? name : `${name} of ${model}`));
  return `tests      ${count(tests.length)} to run on models that are left as they are: ${listed(names)}\n`;
}

/** The files below their source, in the order in which they are loaded: a source may have its turn twice. */
function deliveryTree(deliveries: readonly PlannedDelivery[], { width }: Options): string {
  if (deliveries.length === 0) return 'Nothing to load.\n';
  const sources: { cells: Branch['cells']; below: Branch[] }[] = [];
  for (const { source, file, reason } of deliveries) {
    if (sources.at(-1)?.cells[0] !== source) sources.push({ cells: [source], below: [] });
    sources.at(-1)!.below.push({ cells: [file, reason], below: [] });
  }
  return table(['delivery', 'reason'], treeRows(sources), { width });
}

/** Each model once, below the one that it is done for; those that nothing is done with are counted by schema. */
function modelTree(models: readonly PlannedStep[], { width, all }: Options): string {
  const isShown = ({ action }: PlannedStep) => all || action !== 'skip';
  const shown = models.filter(isShown);
  const hidden = models.filter((model) => !isShown(model));
  const none = models.length === 0 ? 'No models.\n' : 'No model to build.\n';
  const tree = shown.length === 0 ? none : table(['model', 'action', 'reason'], treeRows(branchesOf(shown)), { width });
  return hidden.length === 0
    ? tree
    : `${tree}(${count(hidden.length)} unchanged: ${bySchema(hidden)}; --all shows them)\n`;
}

/** A model that has its place in the tree. */
interface Done {
  readonly action: string;
  readonly place: number;
  readonly below: Branch[];
}

function branchesOf(models: readonly PlannedStep[]): readonly Branch[] {
  const roots: Branch[] = [];
  const done = new Map<string, Done>();
  for (const model of models) {
    const { name, action, file } = model;
    const isMade = action === 'build' || action === 'depends';
    const reason = file !== undefined && isMade ? `${model.reason}; writes ${file}` : model.reason;
    const below: Branch[] = [];
    (parentOf(model, done)?.below ?? roots).push({ cells: [name, action, reason], below });
    done.set(name, { action, below, place: done.size });
  }
  return roots;
}

/** What a model reads that explains its own action: what stops it, or what it waits for. */
const EXPLAINS: Readonly<Record<string, readonly string[]>> = {
  blocked: ['blocked'],
  depends: ['build', 'depends'],
};

/** Of the models that it reads the last in order of building, before which it cannot be dealt with; first those that explain it. */
function parentOf({ action, reads }: PlannedStep, done: ReadonlyMap<string, Done>): Done | undefined {
  const before = reads.flatMap((name) => done.get(name) ?? []).sort((a, b) => a.place - b.place);
  return before.findLast((other) => EXPLAINS[action]?.includes(other.action)) ?? before.at(-1);
}

/** `sdtm 10, staged 20` */
function bySchema(models: readonly PlannedStep[]): string {
  const schemaOf = ({ name }: PlannedStep) => name.slice(0, name.indexOf('.'));
  const schemas = [...new Set(models.map(schemaOf))].sort();
  return schemas
    .map((schema) => `${schema} ${count(models.filter((model) => schemaOf(model) === schema).length)}`)
    .join(', ');
}

/** What each action means, in the order in which a person wants to know. */
const MEANINGS: readonly (readonly [action: string, meaning: string])[] = [
  ['build', 'to build'],
  ['depends', 'to build only if what they read changes'],
  ['skip', 'unchanged'],
  ['blocked', 'blocked'],
  ['drop', 'to drop'],
];

/** `models     1 to build, 12 to build only if what they read changes, 30 unchanged` */
function countsOf(models: readonly PlannedStep[]): string {
  const counts = MEANINGS.map(
    ([action, meaning]) => [models.filter((model) => model.action === action).length, meaning] as const,
  );
  const said = counts.filter(([many]) => many > 0).map(([many, meaning]) => `${count(many)} ${meaning}`);
  return `models     ${said.join(', ') || 'none'}\n`;
}
