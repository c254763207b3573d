import type { Dataset } from '../dataset.ts';
import type { ExportFormat, FilePlan, FormatContext } from '../format.ts';
import { checkNames } from './check-names.ts';
import { checkValues } from './check-values.ts';
import { layOut } from './variable.ts';
import { verifyXpt } from './verify.ts';
import { writeXpt } from './writer.ts';

/** SAS XPORT version 5 (TS-140), the form in which FDA and PMDA take tabulation data. */
export const xpt: ExportFormat = { name: 'xpt', extension: 'xpt', plan };

async function plan(dataset: Dataset, context: FormatContext): Promise<FilePlan> {
  const { refusals, longest } = await checkValues(context.connection, dataset);
  const variables = layOut(dataset.columns, longest);
  return {
    refusals: [...checkNames(dataset), ...refusals],
    write: async (path) => {
      const trailingBlank = await writeXpt(dataset, variables, context, path);
      if (trailingBlank > 0) warn(dataset, trailingBlank, context);
    },
    verify: (path) => verifyXpt(context.connection, dataset, variables, path),
  };
}

function warn(dataset: Dataset, rows: number, { events }: FormatContext): void {
  events({
    event: 'notice',
    code: 'XPT_TRAILING_BLANK',
    message: `${dataset.name}: the last ${rows === 1 ? 'row has' : `${rows} rows have`} no value, and readers of XPT v5 take that for padding.`,
    next: 'Leave rows without any value out of the dataset.',
  });
}
