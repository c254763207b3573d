import { bound, textArgument, wholeArgument } from './arguments.ts';
import { Complaint, wrongValue } from './complaint.ts';
import { Return } from './evaluate.ts';
import { fromPlain, jsonText, printed } from './print.ts';
import { itemsOf, Namespace, Thing, Tuple, type Value } from './value.ts';

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
    const [first, second, step] = bound('range', call, ['start', 'stop', 'step']).map((value) =>
      value === undefined ? undefined : wholeArgument('range', value),
    );
    if (first === undefined || step === 0) throw wrongValue('range needs a whole number, and steps that are not 0.');
    const [from, to, by] = second === undefined ? [0, first, 1] : [first, second, step ?? 1];
    const length = Math.max(Math.ceil((to - from) / by), 0);
    call.budget.list(length);
    return Array.from({ length }, (_, index) => BigInt(from + index * by));
  },
  namespace: ({ args, named }) => {
    const namespace = new Namespace();
    const [dict] = args;
    if (dict instanceof Map) for (const [key, value] of dict) namespace.members.set(printed(key), value);
    for (const [key, value] of named) namespace.members.set(key, value);
    return namespace;
  },
  dict: ({ args, named }) => new Map([...(args[0] instanceof Map ? args[0] : []), ...named]),
  zip: ({ args }) => {
    const lists = args.map(itemsOf);
    const length = lists.length === 0 ? 0 : Math.min(...lists.map((list) => list.length));
    return Array.from({ length }, (_, index) => new Tuple(lists.map((list) => list[index])));
  },
  tojson: (call) => jsonText(bound('tojson', call, ['value', 'default'])[0] ?? null),
  fromjson: (call) => {
    const [text] = bound('fromjson', call, ['string', 'default']);
    try {
      return fromPlain(JSON.parse(textArgument('fromjson', text)));
    } catch {
      throw wrongValue('fromjson is given a text that is no JSON.');
    }
  },
  return: (call) => {
    throw new Return(bound('return', call, ['data'])[0] ?? null);
  },
  log: () => '',
  print: () => '',
  exceptions: new Thing('exceptions', {
    raise_compiler_error: (call) => {
      const [message] = bound('raise_compiler_error', call, ['msg']);
      throw new Complaint('TEMPLATE_RAISED', printed(message ?? 'The template stops here.'));
    },
    warn: () => '',
  }),
};
