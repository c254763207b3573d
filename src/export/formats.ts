import { csv } from './csv/csv.ts';
import type { ExportFormat } from './format.ts';
import { parquet } from './parquet/parquet.ts';
import { xpt } from './xpt/xpt.ts';

export const EXPORT_FORMATS = { xpt, parquet, csv } as const satisfies Record<string, ExportFormat>;

export type ExportFormatName = keyof typeof EXPORT_FORMATS;
