import { listed } from '../lib/listed.ts';
import { count, counted } from './figures.ts';

/** What the checks of what arrived found. */
export interface CheckCounts {
  /** The rules with as many findings as are to be told. */
  readonly found: readonly { readonly rule: string; readonly findings: number }[];
  /** Those with as many as are to stop a build. */
  readonly stopping: readonly { readonly rule: string }[];
  /** What definitions ask and nobody judges: rows of recon.unchecked. */
  readonly unchecked: number;
}

const MOST_RULES = 8;

/** What is to be said of checks, and the view that lists it; nothing where they found nothing. */
export function checkTexts({ found, unchecked }: CheckCounts): { label: string; text: string; view: string }[] {
  const all = found.reduce((sum, { findings }) => sum + findings, 0);
  const rules = found.map(({ rule, findings }) => `${rule} ${count(findings)}`);
  const judged = unchecked === 1 ? 'is not judged' : 'are not judged';
  return [
    ...(all > 0
      ? [{ label: 'checks', text: `${counted(all, 'finding')}: ${listed(rules, MOST_RULES)}`, view: 'recon.finding' }]
      : []),
    ...(unchecked > 0
      ? [
          {
            label: 'unchecked',
            text: `${counted(unchecked, 'check')} of the definitions ${judged}`,
            view: 'recon.unchecked',
          },
        ]
      : []),
  ];
}
