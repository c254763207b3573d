import { parseSelection } from '../model/select/selector.ts';
import type { OpenOptions } from './warehouse.ts';

export interface SelectOptions extends OpenOptions {
  /** `--select`; empty: all. */
  readonly select: readonly string[];
  /** `--exclude` */
  readonly exclude?: readonly string[];
}

/** Whether it may leave something out. */
export const isPartial = ({ select, exclude = [] }: SelectOptions) => select.length + exclude.length > 0;

/**
 * Which models there are is known only once deliveries have landed; what can be no selection is refused before that.
 * @throws usage SELECT_METHOD, SELECT_SYNTAX
 */
export function checkSelection({ select, exclude }: SelectOptions): void {
  parseSelection(select, exclude);
}

/** As a person has to type it: `--select "dm+" --exclude "supp*"`. */
export function selectionFlags({ select, exclude = [] }: SelectOptions): string {
  const flags = (name: string, texts: readonly string[]) => texts.map((text) => `--${name} "${text}"`);
  return [...flags('select', select), ...flags('exclude', exclude)].join(' ');
}
