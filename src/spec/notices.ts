import type { WarehouseEvent } from '../lib/events.ts';
import { listed } from '../lib/listed.ts';
import type { Comparison } from './compare.ts';
import type { Notes } from './notes.ts';

type Notice = Extract<WarehouseEvent, { event: 'notice' }>;

/** What an import tells beside what it changes: nothing of a workbook is passed over in silence. */
export function tellOf(
  { foreign, hidden, unused }: Notes,
  { left, codelist, blanks, commentless }: Comparison & { readonly commentless: readonly string[] },
): Notice[] {
  const told: (Omit<Notice, 'event'> & { isSo: boolean })[] = [
    {
      isSo: foreign.length > 0,
      code: 'SPEC_NOT_KEPT',
      message: `Properties have no place for what stands in ${listed(foreign, 20)}: it is not imported.`,
      next: 'Keep the workbook where it is needed.',
    },
    {
      isSo: codelist !== undefined,
      code: 'SPEC_READ_ONLY',
      message: `The sheet Codelists shows what the variables name and is for reading only; what was changed there, first ${codelist}, is not imported.`,
      next: 'Change the codelist of a variable on Variables or ValueLevel, and terms where they come from.',
    },
    {
      isSo: unused.length > 0,
      code: 'SPEC_UNUSED',
      message: `Rows that no other row names are not imported: ${listed(unused, 20)}.`,
      next: 'Name their ID where they belong, or remove them.',
    },
    {
      isSo: hidden.length > 0,
      code: 'SPEC_HIDDEN',
      message: `Hidden rows count like all others: ${listed(hidden, 20)}.`,
      next: 'Look at them, or clear the filter.',
    },
    {
      isSo: blanks.length > 0,
      code: 'SPEC_BLANKS',
      message: `Texts that are new begin or end with a blank: ${listed(blanks, 20)}.`,
      next: 'Take the blanks away and import again, unless they are meant.',
    },
    {
      isSo: left.length > 0,
      code: 'SPEC_LEFT',
      message: `Models that the workbook has not stay as they are: ${listed(left, 20)}.`,
    },
    {
      isSo: commentless.length > 0,
      code: 'SPEC_COMMENTS',
      message: `Comments of what changes or goes are not in the files any more: ${listed(commentless, 20)}.`,
      next: 'Compare the files with what they were before, and put back the comments that still hold.',
    },
  ];
  return told.filter(({ isSo }) => isSo).map(({ isSo: _, ...notice }) => ({ event: 'notice', ...notice }));
}
