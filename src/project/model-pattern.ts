import { matches } from './glob.ts';
import { shortName } from './model-name.ts';

/**
 * Whether a pattern means a model, in every place where models are named: `sdtm.ae`, `sdtm.*`, `*.ae`, or without a
 * schema `ae`, `supp*` in any. `*` is any characters and `?` one; case does not count, as in SQL.
 */
export function matchesModel(pattern: string, model: string): boolean {
  const wanted = pattern.toLowerCase();
  const name = wanted.includes('.') ? model : shortName(model);
  return matches(wanted, name.toLowerCase());
}

/** Whether it may mean several: a name without `*` and `?` means one. */
export const isPattern = (text: string) => /[*?]/.test(text);
