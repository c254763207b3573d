import type { ExportFormatName } from '../project/configuration.ts';
import { csv } from './csv/csv.ts';
import type { ExportFormat } from './format.ts';
import { parquet } from './parquet/parquet.ts';
import { xpt } from './xpt/xpt.ts';

/** By the names that warehouse.yml knows them under. */
export const EXPORT_FORMATS: Readonly<Record<ExportFormatName, ExportFormat>> = { xpt, parquet, csv };
