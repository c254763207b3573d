import { bound, pairArguments, textArgument, unnamed, wholeArgument } from './arguments.ts';
import { Complaint, wrongValue } from './complaint.ts';
import { Return } from './evaluate.ts';
import { fromJson } from './json.ts';
import { jsonText, printed } from './print.ts';
import { type Callable, itemsOf, Namespace, Thing, Tuple, type Value } from './value.ts';

/** What dbt writes to its log, which is not kept. */
function silent(name: string, names: readonly string[]): Callable {
  return (call) => {
    bound(name, call, names);
    return '';
  };
}

/** What every template knows: functions of Jinja, and those of dbt that need nothing of the project. */
export const GLOBALS: Readonly<Record<string, Value>> = {
  true: true,
  false: false,
  none: null,
  True: true,
  False: false,
  None: null,
  /** As where dbt makes the SQL that is run. */
  execute: true,
  range: (call) => {
    const args = unnamed('range', call);
    const [first, second, step] = bound('range', { args, named: new Map() }, ['start', 'stop', 'step']).map((value) =>
      value === undefined ? undefined : wholeArgument('range', value),
    );
    if (first === undefined || step === 0) throw wrongValue('range needs a whole number, and steps that are not 0.');
    const [from, to, by] = second === undefined ? [0, first, 1] : [first, second, step ?? 1];
    const length = Math.max(Math.ceil((to - from) / by), 0);
    call.budget.list(length);
    return Array.from({ length }, (_, index) => BigInt(from + index * by));
  },
  namespace: (call) => {
    const namespace = new Namespace();
    for (const [key, value] of pairArguments('namespace', call)) namespace.members.set(printed(key), value);
    return namespace;
  },
  dict: (call) => new Map(pairArguments('dict', call)),
  zip: (call) => {
    const lists = unnamed('zip', call).map(itemsOf);
    const length = lists.length === 0 ? 0 : Math.min(...lists.map((list) => list.length));
    return Array.from({ length }, (_, index) => new Tuple(lists.map((list) => list[index])));
  },
  tojson: (call) => jsonText(bound('tojson', call, ['value'])[0] ?? null),
  fromjson: (call) => {
    const [text, fallback] = bound('fromjson', call, ['string', 'default']);
    const value = fromJson(textArgument('fromjson', text), call.budget) ?? fallback;
    if (value === undefined) throw wrongValue('fromjson is given a text that is no JSON.');
    return value;
  },
  return: (call) => {
    throw new Return(bound('return', call, ['data'])[0] ?? null);
  },
  log: silent('log', ['msg', 'info']),
  print: silent('print', ['msg']),
  exceptions: new Thing('exceptions', {
    raise_compiler_error: (call) => {
      const [message] = bound('raise_compiler_error', call, ['msg']);
      throw new Complaint('TEMPLATE_RAISED', printed(message ?? 'The template stops here.'));
    },
    warn: silent('warn', ['msg']),
  }),
};
