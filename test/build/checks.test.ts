import { describe, expect, it } from 'vitest';
import { element, event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { configuration, type TemporaryProject, withProject } from '../helpers/project.ts';

/** `GE 18`, `IN A B`, with further attributes of RangeCheck and what stands in it behind the values. */
function range(said: string, attributes: Record<string, string> = {}, ...children: string[]): string {
  const [comparator, ...values] = said.split(' ');
  return element(
    'RangeCheck',
    { Comparator: comparator, SoftHard: 'Hard', ...attributes },
    ...values.map((value) => element('CheckValue', {}, value)),
    ...children,
  );
}

const itemDef = (oid: string, type: string, attributes: Record<string, string> = {}, ...children: string[]) =>
  element('ItemDef', { OID: oid, Name: oid, DataType: type, ...attributes }, ...children);

const reference = (name: 'Form' | 'ItemGroup' | 'Item', oid: string, mandatory = 'No', attributes = {}) =>
  element(`${name}Ref`, { [`${name}OID`]: oid, Mandatory: mandatory, ...attributes });

const version = (oid: string, ...children: string[]) =>
  element('MetaDataVersion', { OID: oid, Name: oid }, ...children);

const units = (...oids: string[]) =>
  oids.map((oid) => element('MeasurementUnitRef', { MeasurementUnitOID: oid })).join('');

const study = (...versions: string[]) => element('Study', { OID: 'S' }, ...versions);

const withStudy = (document: string, definitions: string) =>
  document.replace('<ClinicalData', `${definitions}<ClinicalData`);

/** A record of group G for each value of item I, in a form of its own, numbered from 1. */
function valuesOf(values: readonly string[]): string {
  const forms = values.map((value, index) =>
    form('F', { FormRepeatKey: String(index + 1) }, group('G', {}, item('I', value))),
  );
  return odm({ created: '2026-03-01T00:00:00Z' }, subject('1', {}, event('V', {}, ...forms)));
}

const oneItem = (definition: string, ...further: string[]) =>
  study(
    version(
      '1',
      element('ItemGroupDef', { OID: 'G', Name: 'G', Repeating: 'No' }, reference('Item', 'I')),
      definition,
      ...further,
    ),
  );

const files = (document: string, more: Record<string, unknown> = {}) => ({
  'warehouse.yml': JSON.stringify({ ...JSON.parse(configuration()), ...more }),
  'data/1.xml': document,
});

/** What one item of a type is asked, and values of it. */
interface Asked {
  readonly type: string;
  readonly attributes?: Record<string, string>;
  readonly within?: readonly string[];
  readonly values: readonly string[];
}

/** The findings of each, as `value rule`, in the order of the values: all in one load, each an item of its own. */
async function findingsOf(asked: readonly Asked[], ...further: string[]): Promise<string[][]> {
  const oid = (index: number) => `I${index}`;
  const definitions = asked.map(({ type, attributes, within = [] }, index) =>
    itemDef(oid(index), type, attributes, ...within),
  );
  const references = asked.map((_, index) => reference('Item', oid(index)));
  const forms = asked.flatMap(({ values }, index) =>
    values.map((value, place) =>
      form('F', { FormRepeatKey: `${index}.${place}` }, group('G', {}, item(oid(index), value))),
    ),
  );
  const document = odm({ created: '2026-03-01T00:00:00Z' }, subject('1', {}, event('V', {}, ...forms)));
  const itemGroup = element('ItemGroupDef', { OID: 'G', Name: 'G', Repeating: 'No' }, ...references);
  const all = study(version('1', itemGroup, ...definitions, ...further));
  return withProject(files(withStudy(document, all)), async (project) => {
    await project.load();
    const rows = await project.rows(
      `SELECT item_oid, value || ' ' || rule FROM recon.finding
       ORDER BY split_part(form_repeat_key, '.', 2)::INTEGER, rule`,
    );
    return asked.map((_, index) => rows.filter(([item]) => item === oid(index)).map(([, text]) => text as string));
  });
}

describe('range checks', () => {
  // Each value with whether it fails; by hand from ODM 1.3.2, 3.1.1.3.6.4: item value, Comparator, CheckValue.
  const cases: readonly [type: string, check: string, holds: string[], fails: string[]][] = [
    ['integer', 'LT 5', ['4', '-7'], ['5', '+6']],
    ['integer', 'LE 5', ['5', '05'], ['6']],
    ['integer', 'GT 5', ['6'], ['5', '-6']],
    ['integer', 'GE 5', ['5', '10'], ['4']],
    ['integer', 'EQ 5', ['5', '05', '+5'], ['6']],
    ['integer', 'NE 5', ['6'], ['5', '05']],
    ['integer', 'IN 1 3', ['1', '03'], ['2']],
    ['integer', 'NOTIN 1 3', ['2'], ['3', '01']],
    ['integer', 'LE 9007199254740992', ['9007199254740992'], ['9007199254740993']],
    ['float', 'LE 0.3', ['0.3', '.3', '0.300'], ['0.30000000000000001']],
    ['double', 'LT 1000', ['1E2', '999.5'], ['1e3', '1.5E+3']],
    ['date', 'GE 2020-05-15', ['2020-05-15'], ['2020-05-14']],
    ['partialDate', 'GE 2020-05-15', ['2020-05', '2020', '2020-05-15'], ['2020-04', '2019', '2020-05-14']],
    ['partialDate', 'GT 2020-05-15', ['2020-05-16', '2020-05'], ['2020-05-15', '2020-04']],
    ['partialDate', 'LE 2020-05-15', ['2020-05', '2020'], ['2020-06', '2021']],
    ['partialDate', 'LT 2020-02', ['2020-01', '2020-02-28'], ['2020-03', '2020-02-29']],
    ['partialDate', 'EQ 2020-05', ['2020-05-20', '2020'], ['2020-06', '2019']],
    ['partialDate', 'NE 2020-05-20', ['2020-05'], ['2020-05-20']],
    ['partialDate', 'IN 2020-05-20 2021', ['2021-07', '2020'], ['2022', '2020-06']],
    ['datetime', 'LT 2020-01-01T00:00:00', ['2019-12-31T23:59:59'], ['2020-01-01T00:00:00']],
    ['datetime', 'LT 2020-01-01T00:00:00Z', ['2020-01-01T00:30:00+01:00'], ['2019-12-31T23:30:00-01:00']],
    ['partialDatetime', 'GE 2020-05-15T12:00:00', ['2020-05-15', '2020-05-15T12'], ['2020-05-15T11', '2020-05-14']],
    ['time', 'GE 08:00:00', ['08:00:00', '08:00:00.5'], ['07:59:59']],
    ['partialTime', 'LT 07:30:00', ['07', '07:29'], ['08', '07:30']],
    ['text', 'IN A B', ['A', 'B'], ['a', 'AB']],
    ['text', 'GE M', ['M', 'Z', 'm'], ['A']],
    ['boolean', 'EQ true', ['true', '1'], ['false', '0']],
    ['URI', 'NE urn:x', ['urn:y'], ['urn:x']],
  ];
  it('compare numbers exactly, dates and times as far as they are given, and texts by the letter [CHECK-001]', async () => {
    const asked = cases.map(([type, check, holds, fails]) => ({
      type,
      within: [range(check)],
      values: [...holds, ...fails],
    }));
    expect(await findingsOf(asked)).toEqual(cases.map(([, , , fails]) => fails.map((value) => `${value} range`)));
  });

  it('a finding has the ErrorMessage, or says what was asked, and is of severity warn where SoftHard is Soft [CHECK-001]', async () => {
    const message = element('ErrorMessage', {}, element('TranslatedText', {}, 'Too young'));
    const definition = itemDef('I', 'integer', {}, range('GE 18', { SoftHard: 'Soft' }, message), range('IN 18 20'));
    await withProject(files(withStudy(valuesOf(['17']), oneItem(definition))), async (project) => {
      await project.load();
      expect(await project.rows('SELECT severity, message FROM recon.finding ORDER BY ALL')).toEqual([
        ['error', 'Not IN 18, 20.'],
        ['warn', 'Too young'],
      ]);
    });
  });

  it('is of the values of its own unit, and says how many others there are [CHECK-002]', async () => {
    const kg = 'K';
    const lb = 'L';
    const weight = itemDef('I', 'integer', {}, units(kg, lb), range('LE 160', {}, units(kg)));
    const sent = (value: string, unit?: string) =>
      group(
        'G',
        { ItemGroupRepeatKey: `${value}${unit ?? ''}` },
        item('I', value, {}, unit === undefined ? '' : units(unit)),
      );
    const document = odm(
      { created: '2026-03-01T00:00:00Z' },
      subject('1', {}, event('V', {}, form('F', {}, sent('161', kg), sent('160', kg), sent('170', lb), sent('180')))),
    );
    await withProject(files(withStudy(document, oneItem(weight))), async (project) => {
      await project.load();
      expect(await project.rows('SELECT value, message FROM recon.finding')).toEqual([['161', 'Not LE 160 (K).']]);
      expect(await project.rows('SELECT rule, oid, value_count FROM recon.unchecked')).toEqual([['range', 'I', 2]]);
      // One unit in the definition is that of values without one; none at all is any.
      await project.write({
        'data/2.xml': withStudy(
          document.replace('2026-03-01', '2026-03-02'),
          oneItem(weight.replace(units(kg, lb), units(kg))),
        ),
      });
      await project.load();
      expect(await project.rows('SELECT value FROM recon.finding ORDER BY ALL')).toEqual([['161'], ['180']]);
    });
  });

  it('tells what it does not carry out, and why [CHECK-002]', async () => {
    const formal = element(
      'RangeCheck',
      { SoftHard: 'Hard' },
      element('FormalExpression', { Context: 'SQL' }, 'I > 1'),
    );
    const definition = itemDef(
      'I',
      'datetime',
      {},
      formal,
      range('GE 1 2'),
      range('GE soon'),
      range('GE 2020-01-01T00:00:00'),
    );
    const document = valuesOf(['2020-01-01T00:00:00Z', '2020-01-01T00:00:00']);
    await withProject(files(withStudy(document, oneItem(definition))), async (project) => {
      await project.load();
      expect(await project.rows('SELECT * FROM recon.finding')).toEqual([]);
      expect(await project.rows('SELECT reason, value_count FROM recon.unchecked ORDER BY ALL')).toEqual([
        ['A CheckValue is not of DataType datetime, or has too many digits.', 2],
        [
          'A value cannot be compared: one of the two has an offset and the other has none, or it has too many digits.',
          1,
        ],
        ['Comparator GE takes one CheckValue.', 2],
        ['No CheckValue: a FormalExpression is not evaluated.', 2],
      ]);
    });
  });
});

describe('DataType, Length and SignificantDigits', () => {
  // ODM 1.3.2, 2.13 and 3.1.1.3.6: an integer of Length N is below 10^N; a float below 10^(N-S), a multiple of 10^-S.
  const cases: readonly [type: string, attributes: Record<string, string>, good: string[], bad: [string, string][]][] =
    [
      [
        'integer',
        { Length: '2' },
        ['99', '-99', '0012'],
        [
          ['100', 'length'],
          ['1.0', 'type'],
          ['1E5', 'type'],
        ],
      ],
      [
        'float',
        { Length: '5', SignificantDigits: '1' },
        ['9999.9', '1.50', '-0.5'],
        [
          ['10000', 'length'],
          ['1.25', 'significant_digits'],
          ['1e2', 'type'],
        ],
      ],
      ['float', { Length: '3' }, ['12345.678'], [['1,5', 'type']]],
      ['double', {}, ['1E5', '-INF', 'NaN', '.5'], [['0x1F', 'type']]],
      ['text', { Length: '3' }, ['äöü', 'ab'], [['abcd', 'length']]],
      [
        'date',
        {},
        ['2024-02-29'],
        [
          ['2023-02-29', 'type'],
          ['2023-02', 'type'],
          ['20230201', 'type'],
        ],
      ],
      [
        'datetime',
        {},
        ['2023-02-01T10:00:00', '2023-02-01T10:00:00.25+01:00'],
        [
          ['2023-02-01 10:00:00', 'type'],
          ['2023-02-01T10:00', 'type'],
        ],
      ],
      [
        'time',
        {},
        ['23:59:59', '10:00:00Z'],
        [
          ['24:01:00', 'type'],
          ['10:00', 'type'],
        ],
      ],
      [
        'partialDate',
        {},
        ['2023', '2023-02', '2023-02-01'],
        [
          ['2023-13', 'type'],
          ['UN-2023', 'type'],
        ],
      ],
      ['incompleteDatetime', {}, ['2003---15T-:15:-', '-----T-:-:-'], [['2003', 'type']]],
      [
        'durationDatetime',
        {},
        ['P1Y2M', 'PT5M', '-P3W'],
        [
          ['P', 'type'],
          ['5 minutes', 'type'],
          ['P1DT', 'type'],
        ],
      ],
      ['boolean', {}, ['true', '0'], [['yes', 'type']]],
      ['hexBinary', {}, ['0aFF'], [['0a1', 'type']]],
      ['base64Binary', {}, ['aGk='], [['a', 'type']]],
    ]; // prettier-ignore
  it('a value has the form of its DataType, and is no larger or finer than its definition says [CHECK-003]', async () => {
    const asked = cases.map(([type, attributes, good, bad]) => ({
      type,
      attributes,
      values: [...good, ...bad.map(([value]) => value)],
    }));
    expect(await findingsOf(asked)).toEqual(cases.map(([, , , bad]) => bad.map(([value, rule]) => `${value} ${rule}`)));
  });

  it('a blank is not longer than anything [CHECK-003]', async () => {
    const asked = [{ type: 'text', attributes: { Length: '-1' }, values: ['', 'abc'] }];
    expect(await findingsOf(asked)).toEqual([['abc length']]);
  });

  it('says of a number all that is wrong with it, and of what is no number that alone [CHECK-003]', async () => {
    const attributes = { Length: '3', SignificantDigits: '1' };
    const asked = { type: 'float', attributes, within: [range('LE 5')], values: ['123.45', 'high'] };
    expect(await findingsOf([asked])).toEqual([
      ['123.45 length', '123.45 range', '123.45 significant_digits', 'high type'],
    ]);
  });
});

const codeList = (oid: string, ...codes: string[]) =>
  element(
    'CodeList',
    { OID: oid, Name: oid, DataType: 'text' },
    ...codes.map((code) =>
      element('CodeListItem', { CodedValue: code }, element('Decode', {}, element('TranslatedText', {}, code))),
    ),
  );
const codeListRef = (oid: string) => element('CodeListRef', { CodeListOID: oid });

describe('codelists', () => {
  it('are closed, and compared by the letter; one without codes is not judged [CHECK-004]', async () => {
    const enumerated = element(
      'CodeList',
      { OID: 'C', Name: 'C', DataType: 'integer' },
      element('EnumeratedItem', { CodedValue: '1' }),
      element('EnumeratedItem', { CodedValue: '2' }),
    ); // prettier-ignore
    const asked = { type: 'integer', within: [codeListRef('C')], values: ['1', '2', '3', '01'] };
    expect(await findingsOf([asked], enumerated)).toEqual([['3 codelist', '01 codelist']]);
    const external = element(
      'CodeList',
      { OID: 'C', Name: 'C', DataType: 'text' },
      element('ExternalCodeList', { Dictionary: 'MedDRA' }),
    );
    await withProject(
      files(withStudy(valuesOf(['x']), oneItem(itemDef('I', 'text', {}, codeListRef('C')), external))),
      async (project) => {
        await project.load();
        expect(await project.rows('FROM recon.finding')).toEqual([]);
        expect(await project.rows('SELECT rule, oid, value_count FROM recon.unchecked')).toEqual([
          ['codelist', 'I', 1],
        ]);
      },
    );
  });
});

describe('Mandatory', () => {
  const definitions = (attributes = {}) =>
    study(
      version(
        '1',
        element(
          'StudyEventDef',
          { OID: 'V', Name: 'V', Repeating: 'No', Type: 'Scheduled' },
          reference('Form', 'F', 'Yes'),
          reference('Form', 'F2', 'Yes'),
        ),
        element(
          'StudyEventDef',
          { OID: 'W', Name: 'W', Repeating: 'No', Type: 'Scheduled' },
          reference('Form', 'F', 'Yes'),
        ),
        element(
          'FormDef',
          { OID: 'F', Name: 'F', Repeating: 'No' },
          reference('ItemGroup', 'G', 'Yes'),
          reference('ItemGroup', 'H', 'Yes'),
        ),
        element('FormDef', { OID: 'F2', Name: 'F2', Repeating: 'No' }, reference('ItemGroup', 'H')),
        element(
          'ItemGroupDef',
          { OID: 'G', Name: 'G', Repeating: 'Yes' },
          reference('Item', 'I', 'Yes', attributes),
          reference('Item', 'J'),
        ),
        element('ItemGroupDef', { OID: 'H', Name: 'H', Repeating: 'No' }, reference('Item', 'J')),
        itemDef('I', 'text'),
        itemDef('J', 'text'),
      ),
    ); // prettier-ignore
  const data = odm(
    { created: '2026-03-01T00:00:00Z' },
    subject(
      '1',
      {},
      event(
        'V',
        {},
        form(
          'F',
          {},
          group('G', { ItemGroupRepeatKey: '1' }, item('I', 'x')),
          group('G', { ItemGroupRepeatKey: '2' }, item('J', 'x')),
          group('G', { ItemGroupRepeatKey: '3' }, item('I', '')),
          group('G', { ItemGroupRepeatKey: '4' }, item('I', undefined, { IsNull: 'Yes' }), item('J', 'x')),
        ),
      ),
    ),
  );
  const missing =
    'SELECT study_event_oid, form_oid, item_group_oid, item_group_repeat_key, item_oid, column_name, severity FROM recon.finding ORDER BY ALL';

  it('is asked of what is there: items of records, groups of forms and forms of visits, and of no visit that has not been [CHECK-005]', async () => {
    await withProject(files(withStudy(data, definitions())), async (project) => {
      await project.load();
      expect(await project.rows(missing)).toEqual([
        ['V', 'F', 'G', '2', 'I', 'i', 'warn'],
        ['V', 'F', 'G', '3', 'I', 'i', 'warn'],
        ['V', 'F', 'G', '4', 'I', 'i', 'warn'],
        ['V', 'F', 'H', null, null, null, 'warn'],
        ['V', 'F2', null, null, null, null, 'warn'],
      ]);
      // 4 records, 2 groups of the form, 2 forms of the visit.
      expect(
        await project.rows("SELECT finding_count, checked_count FROM recon.finding_summary WHERE rule = 'mandatory'"),
      ).toEqual([[5, 8]]);
    });
  });

  it('is not judged where a condition says when it may be missing [CHECK-005]', async () => {
    const conditional = definitions({ CollectionExceptionConditionOID: 'C' });
    await withProject(files(withStudy(data, conditional)), async (project) => {
      await project.load();
      expect(await project.rows('SELECT item_oid FROM recon.finding WHERE item_oid IS NOT NULL')).toEqual([]);
      expect(await project.rows('SELECT rule, element, oid FROM recon.unchecked')).toEqual([
        ['mandatory', 'ItemRef', 'I'],
      ]);
    });
  });
});

describe('what is checked', () => {
  const DEFINITION = itemDef('I', 'integer', {}, range('LE 5'));
  const keys =
    'SELECT study_oid, site_oid, subject_key, study_event_oid, study_event_repeat_key, form_oid, form_repeat_key, item_group_oid, item_group_repeat_key, item_oid, table_name, column_name, source, part, delivery_key FROM recon.finding'; // prettier-ignore

  it('is the same in whatever order deliveries arrive: a record is read as its latest row is [CHECK-007]', async () => {
    const group2 = (mandatory: string) =>
      element('ItemGroupDef', { OID: 'G', Name: 'G' }, reference('Item', 'I'), reference('Item', 'J', mandatory));
    const items = ['I', 'J', 'K'].map((oid) => itemDef(oid, 'text'));
    const definitions = study(version('1', group2('No'), ...items), version('2', group2('Yes'), ...items));
    const said = (day: number, ...values: string[]) =>
      withStudy(
        odm(
          {
            type: 'Transactional',
            created: `2026-03-0${day}T00:00:00Z`,
            clinical: { MetaDataVersionOID: String(day) },
          },
          subject('1', {}, event('V', {}, form('F', {}, group('G', { TransactionType: 'Upsert' }, ...values)))),
        ),
        definitions,
      );
    const [first, second] = [said(1, item('I', 'old'), item('K', 'k')), said(2, item('I', 'new'))];
    for (const order of [
      [first, second],
      [second, first],
    ]) {
      await withProject({ 'warehouse.yml': configuration(), 'data/1.xml': order[0] }, async (project) => {
        await project.load();
        await project.write({ 'data/2.xml': order[1] });
        await project.load();
        const found = await project.rows("SELECT item_oid, delivery_key FROM recon.finding WHERE rule = 'mandatory'");
        expect(found).toEqual([['J', order[0] === first ? 2 : 1]]);
      });
    }
  });

  it('is what is live: a finding has the keys of its record and the file that brought it, and goes with its value [CHECK-006]', async () => {
    const document = odm(
      { created: '2026-03-01T00:00:00Z' },
      subject(
        '01',
        {},
        element('SiteRef', { LocationOID: 'L' }),
        event(
          'V',
          { StudyEventRepeatKey: '2' },
          form('F', { FormRepeatKey: 'a' }, group('G', { ItemGroupRepeatKey: '7' }, item('I', '6'))),
        ),
      ),
    ); // prettier-ignore
    const corrected = odm(
      { type: 'Transactional', created: '2026-03-02T00:00:00Z' },
      subject(
        '01',
        {},
        event(
          'V',
          { StudyEventRepeatKey: '2' },
          form(
            'F',
            { FormRepeatKey: 'a' },
            group('G', { ItemGroupRepeatKey: '7' }, item('I', '5', { TransactionType: 'Update' })),
          ),
        ),
      ),
    ); // prettier-ignore
    await withProject(files(withStudy(document, oneItem(DEFINITION))), async (project) => {
      await project.load();
      expect(await project.rows(keys)).toEqual([
        ['S', 'L', '01', 'V', '2', 'F', 'a', 'G', '7', 'I', 'g', 'i', 'edc', 'data/1.xml', 1],
      ]);
      expect(
        await project.rows('SELECT count(*) FROM recon.finding f JOIN state.item_group_data g ON g.identity = f._row'),
      ).toEqual([[1]]);
      await project.write({ 'data/2.xml': corrected });
      await project.load();
      expect(await project.rows(keys)).toEqual([]);
    });
  });

  it('is held against the version of the definitions that the record names [CHECK-007]', async () => {
    const versions = study(
      ...['1', '2'].map((oid) =>
        version(
          oid,
          element(
            'ItemGroupDef',
            { OID: 'G', Name: 'G', Repeating: 'No' },
            reference('Item', 'I', oid === '2' ? 'Yes' : 'No'),
            reference('Item', 'J'),
          ),
          itemDef('I', 'text', {}, codeListRef('C')),
          itemDef('J', 'integer', {}, range(oid === '1' ? 'LE 5' : 'LE 9')),
          codeList('C', ...(oid === '1' ? ['A', 'B'] : ['A', 'D'])),
        ),
      ),
    ); // prettier-ignore
    const records = (key: string, ...items: string[]) =>
      subject(key, {}, event('V', {}, form('F', {}, group('G', {}, ...items))));
    const clinical = (oid: string, ...subjects: string[]) =>
      element('ClinicalData', { StudyOID: 'S', MetaDataVersionOID: oid }, ...subjects);
    const document = odm({ created: '2026-03-01T00:00:00Z' }).replace(
      /<ClinicalData[^>]*\/>/,
      [
        versions,
        clinical('1', records('1B', item('I', 'B'), item('J', '7')), records('1-', item('J', '1'))),
        clinical(
          '2',
          records('2B', item('I', 'B'), item('J', '7')),
          records('2D', item('I', 'D')),
          records('2-', item('J', '10')),
        ),
      ].join(''),
    );
    await withProject(files(document), async (project) => {
      await project.load();
      expect(await project.rows('SELECT subject_key, rule, item_oid FROM recon.finding ORDER BY ALL')).toEqual([
        ['1B', 'range', 'J'],
        ['2-', 'mandatory', 'I'],
        ['2-', 'range', 'J'],
        ['2B', 'codelist', 'I'],
      ]);
    });
  });

  it('is told in the summary with its views, and noted by verify [CHECK-008]', async () => {
    await withProject(files(withStudy(valuesOf(['6', 'x']), oneItem(DEFINITION))), async (project) => {
      const { checks } = await project.build();
      expect(checks).toEqual({
        found: [
          { rule: 'range', findings: 1, errors: 1, checked: 2 },
          { rule: 'type', findings: 1, errors: 1, checked: 2 },
        ],
        stopping: [],
        unchecked: 0,
      });
      expect(await checkOf(project)).toMatchObject({ ok: true, detail: 'checks: 2 findings: range 1, type 1' });
    });
  });
});

async function checkOf(project: TemporaryProject) {
  return (await project.checks()).find(({ name }) => name === 'checks');
}
