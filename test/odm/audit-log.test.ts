import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEVELS } from '../../src/odm/layout.ts';
import { chunkLengths, documents, inTurn } from './generated.ts';
import { comparable, group, odm, type Reading, read } from './read.ts';
import { describeWithFiles, realFile } from './shared.ts';

const NAMESPACE = 'http://www.openclinica.org/ns/odm_ext_v130/v3.1';
const more = ` xmlns:OpenClinica="${NAMESPACE}"`;
const AUDIT_LEVEL = LEVELS.indexOf('AuditRecord');

const ENTRY =
  'ID="AL_1901" UserID="USR_6" UserName="jdoe" DateTimeStamp="2011-07-06T20:30:27" AuditType="Item data value updated" ReasonForChange="typo" OldValue="50" NewValue="80"';

/** An item with an audit log of its own and one more element after it. */
const logged = (entries: string, before = '', after = '') =>
  group(
    `<ItemData ItemOID="I" Value="80">${before}<OpenClinica:AuditLogs EntityID="I">${entries}</OpenClinica:AuditLogs>${after}</ItemData>`,
    { more },
  );

/** What an entry said, from its row and the attributes below it. */
function attributesOf({ rows }: Reading): Record<string, unknown>[] {
  const below = rows('attribute').filter(({ level, node }) => level === AUDIT_LEVEL && node === 0);
  return rows('audit_record').map((row) => {
    const columns = { ID: row.id, UserID: row.user_code, DateTimeStamp: row.datetime, ReasonForChange: row.reason };
    const others = below.filter(({ element_key }) => element_key === row.key);
    return Object.fromEntries(
      [...Object.entries(columns), ...others.map((one) => [String(one.name_code), one.value] as const)].filter(
        ([, value]) => value !== null,
      ),
    );
  });
}

const entryNodes = ({ rows }: Reading) =>
  rows('attribute').filter(({ kind, name_code }) => kind === 2 && name_code === 'AuditLog');

describe.each(['tokenizer', 'sax'] as const)('the audit log of OpenClinica, read by %s', (engine) => {
  it('lands in the columns of audit records, on the item that it is about [ODM-120]', () => {
    const { pick, rows } = read(logged(`<OpenClinica:AuditLog ${ENTRY}/>`), { engine });
    const [row] = rows('audit_record');
    expect(row).toMatchObject({
      element_key: rows('item_group_data')[0].key,
      item_code: 'I',
      id: 'AL_1901',
      user_code: 'USR_6',
      location_code: null,
      datetime: '2011-07-06T20:30:27',
      datetime_utc: BigInt(Date.UTC(2011, 6, 6, 20, 30, 27)) * 1000n,
      zone_origin_code: 'unknown',
      reason: 'typo',
      source_id: null,
      category_code: 'Item data value updated',
    });
    expect(rows('item_data')).toHaveLength(1);
    expect(
      pick('attribute', 'level', 'node', 'parent_node', 'name_code', 'value').filter(([level]) => level === 7),
    ).toEqual([
      [7, 0, 0, 'UserName', 'jdoe'],
      [7, 0, 0, 'AuditType', 'Item data value updated'],
      [7, 0, 0, 'OldValue', '50'],
      [7, 0, 0, 'NewValue', '80'],
    ]);
  });

  it('is marked where it stood by a node with its name and place [ODM-121]', () => {
    const reading = read(
      logged(`<OpenClinica:AuditLog ${ENTRY}/><OpenClinica:AuditLog ID="2"> x
</OpenClinica:AuditLog>`),
      {
        engine,
      },
    );
    const [one, two] = reading.rows('audit_record');
    const nodes = reading.rows('attribute').filter(({ level, kind }) => level === 6 && kind === 2);
    expect(nodes.map((node) => [node.name_code, node.namespace_code, node.node, node.parent_node, node.place])).toEqual(
      [
        ['AuditLogs', NAMESPACE, 1, 0, expect.any(Number)],
        ['AuditLog', NAMESPACE, 2, 1, one.place],
        ['AuditLog', NAMESPACE, 3, 1, two.place],
      ],
    );
    const content = reading
      .rows('attribute')
      .filter(({ element_key, level }) => element_key === two.key && level === 7);
    expect(content).toMatchObject([{ kind: 3, node: 1, value: ' x\n' }]);
  });

  it('keeps what a column cannot say as it was written, beside the column [ODM-121]', () => {
    const { rows } = read(logged('<OpenClinica:AuditLog ID="1" Type="a" ReasonForChange="one\ntwo"/>'), { engine });
    expect(rows('audit_record')).toMatchObject([{ id: '1', reason: 'one\ntwo', category_code: 'a', datetime: null }]);
    expect(rows('attribute').filter(({ level }) => level === 7)).toMatchObject([
      { name_code: 'Type', kind: 1, value: 'a' },
      { name_code: 'ReasonForChange', kind: 4, value: 'one\ntwo' },
    ]);
  });

  it('leaves what stands around it as it was: a reference to a unit, a note, an audit record [ODM-121]', () => {
    const unit = '<MeasurementUnitRef MeasurementUnitOID="MU"/>';
    const record = '<AuditRecord><UserRef UserOID="U"/></AuditRecord>';
    const entry = `<OpenClinica:AuditLog ${ENTRY}/>`;
    const before = read(logged(entry, record + unit), { engine });
    expect(before.pick('item_data', 'unit_code')).toEqual([['MU']]);
    expect(before.pick('audit_record', 'user_code')).toEqual([['U'], ['USR_6']]);
    expect(before.rows('attribute').filter(({ name_code }) => name_code === 'MeasurementUnitRef')).toEqual([]);
    const after = read(logged(entry, '', unit), { engine });
    expect(after.pick('item_data', 'unit_code')).toEqual([['MU']]);
    // It stands behind the log and not where the standard has it: a node says so.
    expect(after.rows('attribute').filter(({ name_code }) => name_code === 'MeasurementUnitRef')).toHaveLength(1);
  });

  it('is a node where it is not in a subject, or stands in an audit record [ODM-121]', () => {
    const inside = group(
      `<ItemData ItemOID="I" Value="1"><AuditRecord><OpenClinica:AuditLog ${ENTRY}/></AuditRecord></ItemData>`,
      {
        more,
      },
    );
    const definition = odm(`<AdminData><OpenClinica:AuditLog ${ENTRY}/></AdminData>`, { more });
    const outside = odm(`<ClinicalData StudyOID="S"><OpenClinica:AuditLog ${ENTRY}/></ClinicalData>`, { more });
    for (const [document, records] of [
      [inside, 1],
      [outside, 0],
      [odm(`<OpenClinica:AuditLog ${ENTRY}/>`, { more }), 0],
      [definition, 0],
    ] as const) {
      const reading = read(document, { engine });
      expect(reading.rows('audit_record')).toHaveLength(records);
      const [node] = entryNodes(reading);
      expect(reading.rows('attribute').filter((one) => one.kind === 1 && one.node === node.node)).toHaveLength(8);
    }
  });

  it('is of the kind that AuditType says, else Type, whichever stands first [ODM-120]', () => {
    const entries = '<OpenClinica:AuditLog Type="a" AuditType="b"/><OpenClinica:AuditLog AuditType="b" Type="a"/>';
    expect(read(logged(entries), { engine }).pick('audit_record', 'category_code')).toEqual([['b'], ['b']]);
  });

  it('is no AuditRecord of the standard, by the count of them [ODM-120]', () => {
    expect(read(logged(`<OpenClinica:AuditLog ${ENTRY}/>`), { engine }).summary.counts.AuditRecord).toBe(0);
  });

  it('is only nodes in any other dialect [ODM-120]', () => {
    const reading = read(logged(`<OpenClinica:AuditLog ${ENTRY}/>`), { engine, dialect: 'plain' });
    expect(reading.rows('audit_record')).toEqual([]);
    expect(reading.rows('attribute').filter(({ kind }) => kind === 1)).toHaveLength(1 + 8);
  });
});

it('every generated entry of a log is a node or is marked by one, whatever the engine and the chunks [ODM-121]', () => {
  let rows = 0;
  fc.assert(
    fc.property(documents(false), chunkLengths, (generated, lengths) => {
      const document = generated
        .replaceAll('http://www.mdsol.com/ns/odm/metadata', NAMESPACE)
        .replaceAll('w:Query', 'w:AuditLog')
        .replaceAll('v:x', 'ID');
      const whole = read(document);
      expect(whole.summary.dialect).toBe('openclinica');
      expect(comparable(read(document, { engine: 'sax', cut: inTurn(lengths) }))).toEqual(comparable(whole));
      const nodes = entryNodes(whole).filter(({ namespace_code }) => namespace_code === NAMESPACE);
      expect(nodes).toHaveLength([...document.matchAll(/<w:AuditLog\b/g)].length);
      const places = new Set(nodes.map(({ place }) => place));
      const entries = whole.rows('audit_record').filter(({ place }) => places.has(place));
      expect(whole.rows('audit_record')).toHaveLength(whole.summary.counts.AuditRecord + entries.length);
      rows += entries.length;
    }),
    { numRuns: Number(process.env.ODM_RUNS ?? 300), seed: 5 },
  );
  expect(rows).toBeGreaterThan(10);
});

// Counted by another XML parser.
describeWithFiles('the audit log of extract.xml (needs ../shared/data/odm)', () => {
  const extract = () => realFile('openclinica/extract.xml').toString();

  it('has its 179 entries: 39 on subjects, 65 on events, 55 on forms, 20 on items [ODM-120]', () => {
    const { rows } = read(extract());
    const keys = (table: 'subject_data' | 'study_event_data' | 'form_data') =>
      new Set(rows(table).map(({ key }) => key));
    const on = (table: Parameters<typeof keys>[0]) =>
      rows('audit_record').filter(({ element_key, item_code }) => item_code === null && keys(table).has(element_key))
        .length;
    expect(rows('audit_record')).toHaveLength(179);
    expect([on('subject_data'), on('study_event_data'), on('form_data')]).toEqual([39, 65, 55]);
    const onItems = rows('audit_record').filter(({ item_code }) => item_code !== null);
    expect(onItems).toHaveLength(20);
    expect(onItems.filter(({ category_code }) => category_code === 'Item data value updated')).toHaveLength(14);
    expect(onItems.filter(({ reason }) => reason === 'initial value')).toHaveLength(6);
    expect(rows('audit_record').filter(({ user_code }) => user_code === 'USR_12')).toHaveLength(1 + 2 + 6);
  });

  it('can be told from its rows and what is below them, attribute by attribute [ODM-121]', () => {
    const text = extract();
    const written = [...text.matchAll(/<OpenClinica:AuditLog\s([^>]*)\/>/g)].map(([, attributes]) =>
      Object.fromEntries([...attributes.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value])),
    );
    expect(written).toHaveLength(179);
    const reading = read(text);
    expect(attributesOf(reading)).toEqual(written);
    const places = reading.rows('audit_record').map(({ place }) => place);
    expect(entryNodes(reading).map(({ place }) => place)).toEqual(places);
    expect(places).toEqual(
      [...text.matchAll(/<OpenClinica:AuditLog\s/g)].map(({ index }) => Buffer.byteLength(text.slice(0, index))),
    );
  });
});
