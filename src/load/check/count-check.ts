import type { WarehouseEvent } from '../../lib/events.ts';
import { listed } from '../../lib/listed.ts';
import type { Connection } from '../../store/connection.ts';
import type { TakenDelivery } from '../pending-delivery.ts';

/** Elements in the file and rows that landed. */
interface Difference {
  part: number;
  element: string;
  in_file: bigint;
  landed: bigint;
}

interface FormDifference extends Difference {
  form: string | null;
}

/**
 * Says where a second scan of the bytes (raw.source_count) counted other elements than the reader landed. It compares
 * whole parts, and looks for the forms only of what differs; verify compares by form and site (recon.source_counts).
 */
export async function countsDiffer(
  connection: Connection,
  { parts }: TakenDelivery,
  deliveryKey: number,
): Promise<WarehouseEvent[]> {
  const differences = await connection.rows<Difference>(DIFFERENCES, [deliveryKey]);
  if (differences.length === 0) return [];
  const byForm = await connection.rows<FormDifference>(BY_FORM, [deliveryKey]);
  return parts.flatMap(({ file }, index) => {
    const ofPart = differences.filter(({ part }) => part === index + 1);
    if (ofPart.length === 0) return [];
    const texts = ofPart.flatMap((whole) => {
      const forms = byForm.filter(({ part, element }) => part === whole.part && element === whole.element);
      return (forms.length > 0 ? forms : [{ ...whole, form: null }]).map(described);
    });
    return [
      {
        event: 'notice',
        code: 'SOURCE_COUNTS_DIFFER',
        message: `${file.name} holds other elements than landed: ${listed(texts)}.`,
        next: 'What is not of ODM, or stands where ODM does not have it, is in raw.attribute. Compare: "FROM recon.source_counts WHERE NOT equal".',
      },
    ];
  });
}

function described({ element, form, in_file: inFile, landed }: FormDifference): string {
  return `${inFile} ${element}${form === null ? '' : ` in form ${form}`} (${landed} landed)`;
}

const DIFFERENCES = `
  WITH found AS (
    SELECT ordinal AS part, unnest([
      {element: 'ClinicalData', landed: clinical_data_count}, {element: 'SubjectData', landed: subject_data_count},
      {element: 'StudyEventData', landed: study_event_data_count}, {element: 'FormData', landed: form_data_count},
      {element: 'ItemGroupData', landed: item_group_data_count}, {element: 'ItemData', landed: item_data_count},
      {element: if(format = 'csv', 'row', 'fragment'), landed: file_row_count + (
        SELECT count(*) FROM raw.quarantine q
        WHERE q.delivery_key = p.delivery_key AND q.part_ordinal = p.ordinal AND q.code <> 'ODM_CONTROL_CHARACTER')}
    ], recursive := true)
    FROM raw.part p WHERE delivery_key = $1
  ),
  scanned AS (
    SELECT part_ordinal AS part, element, sum(elements)::BIGINT AS in_file
    FROM raw.source_count WHERE delivery_key = $1 GROUP BY ALL
  )
  SELECT part, element, coalesce(in_file, 0) AS in_file, coalesce(landed, 0) AS landed
  FROM found FULL JOIN scanned USING (part, element)
  WHERE coalesce(in_file, 0) <> coalesce(landed, 0) ORDER BY ALL`;

/** The same by form, of what stands in forms. Refused elements are counted outside of them, by both. */
const BY_FORM = `
  WITH part AS (SELECT ordinal AS part, first_key, last_key FROM raw.part WHERE delivery_key = $1),
  form AS (
    SELECT f.key, d.text AS form FROM raw.form_data f JOIN raw.dictionary d ON d.code = f.form_code
    WHERE f.key >= (SELECT min(first_key) FROM part)
  ),
  item_group AS (
    SELECT g.key, g.place, p.part, f.form
    FROM raw.item_group_data g JOIN part p ON g.key BETWEEN p.first_key AND p.last_key
    LEFT JOIN form f ON f.key = g.form_data_key
  ),
  landed AS (
    SELECT p.part, 'FormData' AS element, f.form, count(*) AS landed
    FROM form f JOIN part p ON f.key BETWEEN p.first_key AND p.last_key GROUP BY ALL
    UNION ALL
    SELECT part, 'ItemGroupData', form, count(DISTINCT place) FROM item_group GROUP BY ALL
    UNION ALL
    SELECT g.part, 'ItemData', g.form, count(DISTINCT (i.item_group_data_key, i.item_code))
    FROM raw.item_data i JOIN item_group g ON g.key = i.item_group_data_key GROUP BY ALL
    UNION ALL
    SELECT part_ordinal, element, NULL, elements FROM raw.refused WHERE delivery_key = $1
  ),
  total AS (SELECT part, element, form, sum(landed)::BIGINT AS landed FROM landed GROUP BY ALL),
  scanned AS (
    SELECT part_ordinal AS part, element, form_oid AS form, sum(elements)::BIGINT AS in_file
    FROM raw.source_count WHERE delivery_key = $1 GROUP BY ALL
  )
  SELECT coalesce(t.part, s.part) AS part, coalesce(t.element, s.element) AS element, coalesce(t.form, s.form) AS form,
    coalesce(in_file, 0) AS in_file, coalesce(landed, 0) AS landed
  FROM total t FULL JOIN scanned s ON t.part = s.part AND t.element = s.element AND t.form IS NOT DISTINCT FROM s.form
  WHERE coalesce(in_file, 0) <> coalesce(landed, 0)
    AND coalesce(t.element, s.element) IN ('FormData', 'ItemGroupData', 'ItemData')
  ORDER BY ALL`;
