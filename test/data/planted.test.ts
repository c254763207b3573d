import { describe, expect, it } from 'vitest';
import { DELTA, form, groups, rows, SNAPSHOT, source, within } from './committed.ts';

/** The table of planted trouble in data/README.md, line by line, against the committed sources. */

const snapshot = source(SNAPSHOT);
const delta = source(DELTA);
const subject = (xml: string, key: string) => within(xml, 'SubjectData', `SubjectKey="${key}"`);
const items = (xml: string, key: string, event: string, formOid: string) =>
  groups(form(xml, key, event, formOid)).map((group) => group.items);
const events = (key: string) => items(snapshot, key, 'SE.LOG', 'FO.AE');
const randomised = (number: string, list = 'randomisation') =>
  rows(`rand/${list}.csv`).find((row) => row.SUBJECT === number);

describe('nothing but what is planted [DEMO-009]', () => {
  /** Of each SubjectKey, when something was measured or sampled at a site, and consent and first dose. */
  const subjects = [...snapshot.matchAll(/<SubjectData SubjectKey="VEX-([^"]*)"[\s\S]*?<\/SubjectData>/g)].map(
    ([text, number]) => {
      const found = groups(text).map((group) => group.items);
      const times = (date: string, time: string) => found.filter((g) => g[time]).map((g) => `${g[date]}T${g[time]}`);
      return {
        number,
        consent: found.find((g) => g.ICDTM)?.ICDTM?.slice(0, 16) ?? '9',
        dose: times('EXSTDAT', 'EXSTTIM')[0],
        seen: [...times('VSDAT', 'VSTIM'), ...times('LBDAT', 'LBTIM')],
      };
    },
  );
  const samples = rows('lab/central_lab.csv');
  const sampled = (number: string) => samples.filter((row) => row.SCRNUM === number).map((row) => row.COLLDTM);

  it('nothing was measured or sampled before consent', () => {
    expect(subjects).toHaveLength(263);
    for (const { number, consent, seen } of subjects) {
      expect(
        [...seen, ...sampled(number)].filter((time) => time < consent),
        number,
      ).toEqual([]);
    }
  });

  it('nothing was measured or sampled on the day of the first dose after it', () => {
    const treated = subjects.filter(({ dose }) => dose !== undefined);
    expect(treated).toHaveLength(199);
    for (const { number, dose, seen } of treated) {
      const sameDay = [...seen, ...sampled(number)].filter((time) => time.slice(0, 10) === dose.slice(0, 10));
      expect(sameDay.length, number).toBeGreaterThan(1);
      expect(
        sameDay.filter((time) => time >= dose),
        number,
      ).toEqual([]);
    }
  });
});

describe('planted trouble [DEMO-003]', () => {
  it('60 women failed screening, for the criteria counted in the README', () => {
    const failures = [
      ...snapshot.matchAll(/SubjectKey="([^"]*)"(?:(?!<\/SubjectData>)[\s\S])*?IT\.IEX\.IETESTCD" Value="(\w+)"/g),
    ];
    const last = new Map(failures.map(([, key, criterion]) => [key.replace(/R$/, ''), criterion]));
    last.delete('VEX-103-005');
    const tally = (code: string) => [...last.values()].filter((criterion) => criterion === code).length;
    expect(['I02', 'I03', 'I04', 'E01', 'E02', 'E03', 'E04', 'E05'].map(tally)).toEqual([2, 14, 18, 6, 2, 3, 8, 7]);
    expect(last.size).toBe(60);
  });

  it('two women were screened twice', () => {
    const usubjid = (number: string) =>
      rows('crosswalk/subjects.csv')
        .filter((row) => row.USUBJID === `VEXIN-03-${number}`)
        .map((row) => row.SOURCE_SUBJECT);
    expect(usubjid('103-005')).toEqual(['VEX-103-005', '103-005', 'VEX-103-005R', '103-005R', '103005R']);
    expect(usubjid('110-012')).toEqual(['VEX-110-012', '110-012', 'VEX-110-012R', '110-012R']);
    expect(subject(snapshot, 'VEX-103-005R')).toContain('IT.IC.ICDTM" Value="2024-12-23T08:25:00"');
    expect(subject(snapshot, 'VEX-103-005')).toContain('IT.IC.ICDTM" Value="2024-11-08T08:03:00"');
    const ended = (key: string) =>
      items(snapshot, key, 'SE.EOS', 'FO.DS').map((ds) => `${ds.DSSCAT} ${ds.DSDECOD} ${ds.DSSTDAT}`);
    expect(ended('VEX-103-005')).toEqual(['EOS SF 2024-11-15']);
    expect(ended('VEX-110-012')).toEqual(['EOS SF 2025-03-10']);
    expect(ended('VEX-110-012R')).toEqual(['EOS SF 2025-04-21']);
    expect(randomised('103005R')).toMatchObject({ RANDNO: 'R0039', RANDDTM: '2025-01-13T08:39' });
  });

  it('one was randomised and never treated', () => {
    expect(subject(snapshot, 'VEX-106-009')).not.toContain('FO.EX');
    expect(items(snapshot, 'VEX-106-009', 'SE.EOS', 'FO.DS')).toMatchObject([
      { DSSCAT: 'EOS', DSDECOD: 'WBS', DSSTDAT: '2025-03-20' },
    ]);
    expect(randomised('106009')).toMatchObject({ RANDNO: 'R0078', ARMCD: 'PEL100' });
    expect(randomised('106009', 'randomisation_unblinded')).toMatchObject({ ARMCD: 'PEL200' });
  });

  it('one was given the wrong kit', () => {
    const dispensed = [...subject(snapshot, 'VEX-108-011').matchAll(/IT\.EX\.EXKIT" Value="(\w+)"/g)].map(
      ([, kit]) => kit,
    );
    expect(dispensed).toEqual(['0150']);
    const kit = (number: string, list: string) => rows(`rand/${list}.csv`).find((row) => row.KITNO === number);
    expect(kit('0150', 'kits')).toMatchObject({
      TREATMENT: 'PELVINEXINOL',
      DOSE: '200',
      STATUS: 'AVAILABLE',
      RANDNO: '',
    });
    expect(kit('0150', 'kits_unblinded')).toMatchObject({ TREATMENT: 'PELVINEXINOL', DOSE: '100' });
    expect(kit('1224', 'kits')).toMatchObject({ DOSE: '100', STATUS: 'ASSIGNED', RANDNO: 'R0098' });
    expect(randomised('108011')).toMatchObject({ RANDNO: 'R0098', ARMCD: 'PEL100' });
    expect(randomised('108011', 'randomisation_unblinded')).toMatchObject({ ARMCD: 'PBO' });
  });

  it('every other kit that was dispensed is the one that was assigned', () => {
    const assigned = new Set(
      rows('rand/kits.csv')
        .filter((row) => row.STATUS === 'ASSIGNED')
        .map((row) => row.KITNO),
    );
    const dispensed = [...`${snapshot}${delta}`.matchAll(/IT\.EX\.EXKIT"[^>]* Value="(\w+)"/g)].map(([, kit]) => kit);
    expect(dispensed).toHaveLength(1102);
    expect(dispensed.filter((kit) => !assigned.has(kit))).toEqual(['0150']);
  });

  it('one died, on two forms with two dates', () => {
    expect(items(snapshot, 'VEX-102-010', 'SE.LOG', 'FO.DD')).toMatchObject([{ DTHDAT: '2025-07-14' }]);
    expect(items(snapshot, 'VEX-102-010', 'SE.EOS', 'FO.DS')).toMatchObject([
      { DSSCAT: 'EOT', DSSTDAT: '2025-07-13', DSDECOD: 'DTH' },
      { DSSCAT: 'EOS', DSSTDAT: '2025-07-15', DSDECOD: 'DTH' },
    ]);
    expect(events('VEX-102-010')[1]).toMatchObject({ AEENDAT: '2025-07-14', AEOUT: '5', AESDTH: 'Y' });
  });

  it('the test subject is in EDC and laboratory, and excluded with a reason', () => {
    expect(rows('crosswalk/exclusions.csv').map((row) => [row.SOURCE, row.SOURCE_SUBJECT])).toEqual([
      ['EDC', 'VEX-101-T01'],
      ['LAB', '101-T01'],
    ]);
    expect(rows('crosswalk/exclusions.csv').every((row) => row.REASON.startsWith('Test subject'))).toBe(true);
    expect(rows('crosswalk/subjects.csv').some((row) => row.SOURCE_SUBJECT.includes('T01'))).toBe(false);
    expect(subject(snapshot, 'VEX-101-T01')).toContain('TEST TEST');
    expect(rows('lab/central_lab.csv').filter((row) => row.SCRNUM === '101-T01')).toHaveLength(2);
  });

  it('one moved between sites', () => {
    expect(subject(snapshot, 'VEX-104-021')).toContain('<SiteRef LocationOID="LOC.104"/>');
    const moved = subject(delta, 'VEX-104-021');
    expect(moved).toMatch(/^<SubjectData SubjectKey="VEX-104-021" TransactionType="Update"><AuditRecord>/);
    expect(moved).toContain('2026-02-03T09:00:00-06:00');
    expect(moved).toContain('<SiteRef LocationOID="LOC.109"/>');
    expect(items(delta, 'VEX-104-021', 'SE.WK20', 'FO.VS')).toMatchObject([{ VSDAT: '2026-02-02' }]);
  });

  it('adverse events were removed, one by its key and one by its place', () => {
    expect(events('VEX-105-007').map((ae) => ae.AETERM)).toEqual(['Nausea', 'Dizziness', 'Hot flush']);
    const keyed = groups(form(delta, 'VEX-105-007', 'SE.LOG', 'FO.AE'));
    expect(keyed.map((group) => group.tag)).toEqual([
      'ItemGroupOID="IG.AE" ItemGroupRepeatKey="2" TransactionType="Remove"',
    ]);
    expect(events('VEX-101-013').map((ae) => ae.AETERM)).toEqual(['Headache', 'Fatigue', 'Insomnia']);
    const placed = groups(form(delta, 'VEX-101-013', 'SE.LOG', 'FO.AE'));
    expect(placed.map((group) => group.tag)).toEqual([
      'ItemGroupOID="IG.AE" TransactionType="Context"',
      'ItemGroupOID="IG.AE" TransactionType="Remove"',
    ]);
  });

  it('siblings have no repeat keys', () => {
    const tags = (key: string, event: string, formOid: string) =>
      groups(form(snapshot, key, event, formOid)).map((group) => group.tag);
    expect(tags('VEX-107-006', 'SE.LOG', 'FO.AE')).toEqual(Array(2).fill('ItemGroupOID="IG.AE"'));
    expect(tags('VEX-101-013', 'SE.LOG', 'FO.AE')).toEqual(Array(3).fill('ItemGroupOID="IG.AE"'));
    expect(tags('VEX-111-008', 'SE.UNS', 'FO.LB')).toEqual(Array(3).fill('ItemGroupOID="IG.LB"'));
    expect(items(snapshot, 'VEX-111-008', 'SE.UNS', 'FO.LB').map((lb) => [lb.LBTESTCD, lb.LBORRES, lb.LBDAT])).toEqual([
      ['HB', '11.2', '2025-04-17'],
      ['SGPT', '31', '2025-04-17'],
      ['SGOT', '27', '2025-04-17'],
    ]);
    expect(events('VEX-107-006').map((ae) => ae.AETERM)).toEqual(['Back pain', 'Urinary tract infection']);
  });

  it('an item and a form were removed', () => {
    expect(events('VEX-103-016')[0].AEENDAT).toBe('2025-10-28');
    expect(form(delta, 'VEX-103-016', 'SE.LOG', 'FO.AE')).toContain(
      '<ItemData ItemOID="IT.AE.AEENDAT" TransactionType="Remove"><AuditRecord>',
    );
    expect(items(delta, 'VEX-103-016', 'SE.LOG', 'FO.AE')).toMatchObject([{ AEONGO: 'Y', AEOUT: '4' }]);
    expect(items(snapshot, 'VEX-108-017', 'SE.UNS', 'FO.VS')).toMatchObject([{ VSDAT: '2025-09-04' }]);
    expect(form(delta, 'VEX-108-017', 'SE.UNS', 'FO.VS')).toMatch(
      /^<FormData FormOID="FO.VS" TransactionType="Remove"><AuditRecord>/,
    );
  });

  it('a value was corrected twice, and the later correction stands first', () => {
    expect(items(snapshot, 'VEX-106-015', 'SE.WK08', 'FO.VS')[0].SYSBP).toBe('128');
    const first = delta.indexOf('<SubjectData SubjectKey="VEX-106-015"');
    const found = [
      ...delta
        .slice(first)
        .matchAll(/IT\.VS\.SYSBP" TransactionType="Update" Value="(\d+)">.*?<DateTimeStamp>([^<]*)/g),
    ].slice(0, 2);
    expect(found.map(([, value, at]) => [value, at, new Date(at).toISOString()])).toEqual([
      ['118', '2026-02-10T21:30:00-08:00', '2026-02-11T05:30:00.000Z'],
      ['182', '2026-02-11T00:10:00-05:00', '2026-02-11T05:10:00.000Z'],
    ]);
  });

  it('dates are partial', () => {
    expect(events('VEX-112-019')[0].AESTDAT).toBe('2025-11');
    expect(events('VEX-109-018')[0].AESTDAT).toBe('2025');
    expect(items(snapshot, 'VEX-101-002', 'SE.LOG', 'FO.MH').map((mh) => mh.MHSTDAT)).toEqual(['2021-10', '2021-10']);
    const starts = [...`${snapshot}${delta}`.matchAll(/IT\.AE\.AESTDAT"[^>]* Value="([^"]*)"/g)].map(
      ([, date]) => date.length,
    );
    expect([4, 7].map((length) => starts.filter((l) => l === length).length)).toEqual([1, 12]);
  });

  it('integers hold 1.5 and 0x1F; texts hold NA, 1E5 and leading zeros', () => {
    expect(items(snapshot, 'VEX-104-003', 'SE.WK04', 'FO.EX')).toMatchObject([
      { EXTABR: '1.5', EXLOT: '1E5', EXKIT: '0919' },
    ]);
    expect(items(snapshot, 'VEX-110-006', 'SE.WK08', 'FO.VS')[0].PULSE).toBe('0x1F');
    expect(events('VEX-102-004')[0].AEACNOTH).toBe('NA');
    expect(items(snapshot, 'VEX-108-006', 'SE.BL', 'FO.EX')[0].EXKIT).toBe('0012');
    expect(rows('rand/kits.csv').find((row) => row.KITNO === '0012')?.RANDNO).toBe(randomised('108006')?.RANDNO);
    expect(form(snapshot, 'VEX-112-003', 'SE.WK04', 'FO.VS')).toContain(
      '<ItemData ItemOID="IT.VS.WEIGHT" IsNull="Yes"/>',
    );
  });

  it('free text has line breaks, raw and as references, and characters beyond ASCII', () => {
    expect(events('VEX-107-012')[0].AECOM).toBe('Started at work.&#10;Slept it off;&#10;no aura.');
    expect(events('VEX-105-014')[0].AECOM).toBe('Three to four a day,\nworse in the evening.');
    expect(events('VEX-111-015')[0]).toMatchObject({
      AETERM: '“Brain fog” after café visit',
      AECOM: 'Patient’s own word; took 400 µg folate – naïve to triptans.',
    });
    expect(items(snapshot, 'VEX-109-011', 'SE.LOG', 'FO.CM')[0].CMCOM).toBe('漢方茶も併用 (also takes a herbal tea)');
    expect(snapshot).toContain('Name="Site 103 – Cañon City"');
    expect(snapshot).toContain('Name="Site 107 – Doña Ana"');
  });

  it('one verbatim is not coded', () => {
    expect(events('VEX-109-005')[0].AETERM).toBe('Felt strange in lift');
    const uncoded = rows('coding/coding.csv').filter((row) => row.STATUS !== 'CODED');
    expect(uncoded.map((row) => [row.VERBATIM, row.STATUS, row.PT])).toEqual([['Felt strange in lift', 'QUERY', '']]);
  });

  it('the coding file has every verbatim of the EDC, once for each domain', () => {
    const sent = (item: string) =>
      new Set(
        [...`${snapshot}${delta}`.matchAll(new RegExp(`ItemOID="${item}"[^>]* Value="([^"]*)"`, 'g'))].map(([, text]) =>
          text.replaceAll('&quot;', '"'),
        ),
      );
    const coded = (domain: string) =>
      rows('coding/coding.csv')
        .filter((row) => row.DOMAIN === domain)
        .map((row) => row.VERBATIM);
    const events = [...sent('IT.AE.AETERM')].filter((term) => term !== 'TEST TEST');
    expect(coded('AE').sort()).toEqual(events.sort());
    expect(coded('MH').sort()).toEqual([...sent('IT.MH.MHTERM')].sort());
    expect(coded('CM').sort()).toEqual([...sent('IT.CM.CMTRT')].sort());
    expect(coded('AE')).toContain('insomnia ');
  });

  it('a local range changed with the date', () => {
    const haemoglobin = rows('lab/local_ranges.csv').filter((row) => row.SITEID === '104' && row.LBTESTCD === 'HB');
    expect(haemoglobin.map((row) => [row.LBORRESU, row.LOW, row.HIGH, row.VALIDFROM, row.VALIDTO])).toEqual([
      ['G/DL', '11.7', '15.5', '2024-10-01', '2025-03-31'],
      ['G/L', '117', '155', '2025-04-01', ''],
    ]);
    const results = groups(subject(snapshot, 'VEX-104-005')).filter((group) => group.tag.includes('IG.LB'));
    expect(results.map(({ items: lb }) => [lb.LBDAT, lb.LBTESTCD, lb.LBORRES, lb.LBORRESU])).toEqual([
      ['2025-02-28', 'HB', '12.4', 'G/DL'],
      ['2025-05-27', 'HB', '119', 'G/L'],
    ]);
  });

  it('the central laboratory repeated, cancelled and could not measure', () => {
    const lab = rows('lab/central_lab.csv');
    const alt = lab.filter((row) => row.SCRNUM === '102-007' && row.TESTCODE === 'ALT' && row.FLAG === 'H');
    expect(alt.map((row) => [row.ACCESSION, row.VISITCODE, row.RESULT, row.REPEATOF])).toEqual([
      ['00001171', 'W004', '98', ''],
      ['00001174', 'RPT', '41', '00001171'],
    ]);
    const cancelled = lab.filter((row) => row.STATUS === 'X');
    expect(cancelled.map((row) => [row.SCRNUM, row.ACCESSION, row.TESTCODE, row.RESULT, row.COMMENT])).toEqual([
      ['106-004', '00000660', 'ALT', '', 'Specimen hemolyzed'],
      ['106-004', '00000660', 'AST', '', 'Specimen hemolyzed'],
    ]);
    const below = lab.filter((row) => row.RESULT === '<0.5');
    expect(below.filter((row) => row.TESTCODE === 'PROG')).toHaveLength(111);
    expect(below).toHaveLength(1074);
    expect(below.find((row) => row.ACCESSION === '00000273' && row.TESTCODE === 'PROG')).toMatchObject({
      SCRNUM: '106-002',
      UNIT: 'ng/mL',
      SIRESULT: '<1.6',
      SIUNIT: 'nmol/L',
    });
  });

  it('26 unscheduled visits of 21 women', () => {
    const unscheduled = [...snapshot.matchAll(/<SubjectData SubjectKey="([^"]*)"[\s\S]*?<\/SubjectData>/g)]
      .map(([text, key]) => [key, text.split('StudyEventOID="SE.UNS"').length - 1] as const)
      .filter(([, n]) => n > 0);
    expect([unscheduled.length, unscheduled.reduce((sum, [, n]) => sum + n, 0)]).toEqual([21, 26]);
    expect(
      unscheduled
        .filter(([, n]) => n === 2)
        .map(([key]) => key)
        .sort(),
    ).toEqual(['104-005', '108-008', '109-006', '109-016', '111-008'].map((place) => `VEX-${place}`));
  });
});
