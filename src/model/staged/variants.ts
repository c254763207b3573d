import type { Connection } from '../../store/connection.ts';

export interface Decode {
  readonly coded_value: string;
  readonly decode: string | null;
}

/** What versions of the definitions say otherwise than the newest, of one item (meta.item_variant). */
export interface Variant {
  /** The same for versions that say the same; values of records that name one have it in staged._cells. */
  readonly variant: number;
  readonly code_list_oid: string | null;
  /** Those of its codelist that differ; NULL for no decode. */
  readonly decodes: readonly Decode[] | null;
  /** The only unit. */
  readonly unit: string | null;
  /** Those of its units whose name differs. */
  readonly units: readonly { readonly measurement_unit_oid: string; readonly name: string }[] | null;
}

/** Whether versions disagree on any item. */
export async function hasVariants(connection: Connection): Promise<boolean> {
  return (
    (await hasSeveralVersions(connection)) &&
    (await connection.row('SELECT 1 FROM meta.item_variant LIMIT 1')) !== undefined
  );
}

/** Whether there are several versions of the definitions: one cannot disagree, and asking that first keeps the common case fast. */
export async function hasSeveralVersions(connection: Connection): Promise<boolean> {
  return (await connection.rows('FROM meta.version_in_force LIMIT 2')).length > 1;
}

/** The variants of each ItemOID. */
export async function variantsByItem(connection: Connection): Promise<ReadonlyMap<string, readonly Variant[]>> {
  const variants = new Map<string, Variant[]>();
  if (!(await hasSeveralVersions(connection))) return variants;
  const rows = await connection.rows<{ item_oid: string; says: string }>(`
    SELECT DISTINCT item_oid, variant, to_json({variant: variant, code_list_oid: code_list_oid, decodes: decodes, unit: unit,
      units: units})::VARCHAR AS says
    FROM meta.item_variant ORDER BY item_oid, variant`);
  for (const { item_oid: item, says } of rows) {
    variants.set(item, [...(variants.get(item) ?? []), JSON.parse(says) as Variant]);
  }
  return variants;
}
