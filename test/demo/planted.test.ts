import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BuildResult } from '../../src/build/build.ts';
import type { Client } from '../helpers/client.ts';
import { Demonstration } from './demonstration.ts';

/** The planted trouble of data/README.md, line by line, in what the default build publishes. Values are that page's. */

let demonstration: Demonstration;
let result: BuildResult;
let published: Client;
beforeAll(async () => {
  demonstration = new Demonstration();
  result = await demonstration.build();
  published = await demonstration.open();
});
afterAll(() => {
  published?.close();
  demonstration?.remove();
});

const id = (number: string) => `'VEXIN-03-${number}'`;
const rows = (sql: string) => published.rows(sql);
const dm = (number: string, columns: string) => rows(`SELECT ${columns} FROM sdtm.dm WHERE USUBJID = ${id(number)}`);
const ae = (number: string, columns: string, where = 'true') =>
  rows(`SELECT ${columns} FROM sdtm.ae WHERE USUBJID = ${id(number)} AND ${where} ORDER BY AESPID`);

it('the build is whole: every model, and no test but the four that warn [SDTM-007]', async () => {
  expect(result.models.filter(({ state }) => state !== 'built')).toEqual([]);
  expect(result.tests).toMatchObject({ warned: 4, failed: 0 });
  expect(
    await rows(`SELECT model, test, failure_count FROM run.current_test WHERE state <> 'passed' ORDER BY ALL`),
  ).toEqual([
    ['sdtm.ae', 'coded', 1],
    ['sdtm.dm', 'treated_as_randomised', 1],
    ['sdtm.ds', 'death_on_one_date', 1],
    ['sdtm.vs', 'results_are_numbers', 1],
  ]);
});

it('the checks find the two values that are no integers, the records without repeat keys, and nothing else [CHECK-014]', async () => {
  expect(
    await rows(
      'SELECT rule, severity, subject_key, table_name, item_group_repeat_key, item_oid, value FROM recon.finding ORDER BY ALL',
    ),
  ).toEqual([
    ['rules/no_repeat_key', 'warn', 'VEX-101-013', 'ae', '1', null, null],
    ['rules/no_repeat_key', 'warn', 'VEX-101-013', 'ae', '3', null, null],
    ['rules/no_repeat_key', 'warn', 'VEX-107-006', 'ae', '1', null, null],
    ['rules/no_repeat_key', 'warn', 'VEX-107-006', 'ae', '2', null, null],
    ['rules/no_repeat_key', 'warn', 'VEX-111-008', 'lb', '1', null, null],
    ['rules/no_repeat_key', 'warn', 'VEX-111-008', 'lb', '2', null, null],
    ['rules/no_repeat_key', 'warn', 'VEX-111-008', 'lb', '3', null, null],
    ['type', 'error', 'VEX-104-003', 'ex', '1', 'IT.EX.EXTABR', '1.5'],
    ['type', 'error', 'VEX-110-006', 'vs', '1', 'IT.VS.PULSE', '0x1F'],
  ]);
  // Weights, heights and temperatures of sites 109 to 112 are in other units than the range checks.
  expect(await rows('SELECT DISTINCT rule, oid FROM recon.unchecked ORDER BY ALL')).toEqual([
    ['range', 'IT.VS.HEIGHT'],
    ['range', 'IT.VS.TEMP'],
    ['range', 'IT.VS.WEIGHT'],
  ]);
});

describe('counts [SDTM-008]', () => {
  it('DM has 260 women by dummy arm, 60 of them screen failures', async () => {
    expect(
      await rows(`SELECT coalesce(ARM, ARMNRS), count(*), count(DISTINCT USUBJID) FROM sdtm.dm GROUP BY 1 ORDER BY 1`),
    ).toEqual([
      ['Pelvinexinol 100 mg', 67, 67],
      ['Pelvinexinol 200 mg', 67, 67],
      ['Placebo', 66, 66],
      ['SCREEN FAILURE', 60, 60],
    ]);
  });

  it('screen failures have no arm and no row in the randomisation list, and the criterion as DSTERM', async () => {
    expect(
      await rows(
        `SELECT count(ARM), count(ARMCD), count(ACTARM), count(ACTARMCD), count(RFSTDTC) FROM sdtm.dm WHERE ARMNRS = 'SCREEN FAILURE'`,
      ),
    ).toEqual([[0, 0, 0, 0, 0]]);
    expect(
      await rows(`SELECT left(max_by(DSTERM, DSSTDTC), 3) AS criterion, count(*) OVER (PARTITION BY left(max_by(DSTERM, DSSTDTC), 3)) AS women
        FROM sdtm.ds JOIN sdtm.dm USING (USUBJID) WHERE ARMNRS = 'SCREEN FAILURE' AND DSDECOD = 'SCREEN FAILURE'
        GROUP BY USUBJID QUALIFY row_number() OVER (PARTITION BY criterion ORDER BY USUBJID) = 1 ORDER BY criterion`),
    ).toEqual([
      ['E01', 6],
      ['E02', 2],
      ['E03', 3],
      ['E04', 8],
      ['E05', 7],
      ['I02', 2],
      ['I03', 14],
      ['I04', 18],
    ]);
    expect(
      await rows(
        `SELECT count(*) FROM sdtm.ds WHERE DSDECOD = 'RANDOMIZED' AND USUBJID IN (SELECT USUBJID FROM sdtm.dm WHERE ARMNRS = 'SCREEN FAILURE')`,
      ),
    ).toEqual([[0]]);
  });

  it('ends of participation', async () => {
    expect(
      await rows(
        `SELECT DSDECOD, count(*) FROM sdtm.ds WHERE DSSCAT = 'STUDY PARTICIPATION' AND DSDECOD <> 'SCREEN FAILURE' GROUP BY 1 ORDER BY 2 DESC, 1`,
      ),
    ).toEqual([
      ['COMPLETED', 159],
      ['ADVERSE EVENT', 7],
      ['WITHDRAWAL BY SUBJECT', 6],
      ['LACK OF EFFICACY', 5],
      ['LOST TO FOLLOW-UP', 2],
      ['PROTOCOL DEVIATION', 2],
      ['DEATH', 1],
      ['PHYSICIAN DECISION', 1],
      ['PREGNANCY', 1],
    ]);
    expect(
      await rows(`SELECT count(*) FROM sdtm.dm WHERE ARM IS NOT NULL
        AND USUBJID NOT IN (SELECT USUBJID FROM sdtm.ds WHERE DSSCAT = 'STUDY PARTICIPATION' AND DSDECOD <> 'SCREEN FAILURE')`),
    ).toEqual([[16]]);
  });

  it('records in the datasets: events, exposures, laboratory results', async () => {
    expect(await rows('SELECT count(*) FROM sdtm.ae')).toEqual([[461]]);
    expect(await rows(`SELECT count(*), count(*) FILTER (EXLOT = '1E5') FROM sdtm.ex`)).toEqual([[1102, 281]]);
    expect(await rows(`SELECT LBNAM LIKE 'LOCAL%' AS local, count(*) FROM sdtm.lb GROUP BY 1 ORDER BY 1`)).toEqual([
      [false, 14016],
      [true, 77],
    ]);
    expect(await rows('SELECT count(*) FROM sdtm.ts')).toEqual([[53]]);
  });

  it('unscheduled visits: 26 of 21 women, five with two', async () => {
    const visits = `SELECT usubjid, count(*) AS n FROM staged.subject_visit WHERE study_event_oid = 'SE.UNS' GROUP BY 1`;
    expect(await rows(`SELECT count(*), sum(n)::INTEGER FROM (${visits})`)).toEqual([[21, 26]]);
    expect(await rows(`SELECT right(usubjid, 7) FROM (${visits}) WHERE n = 2 ORDER BY 1`)).toEqual(
      ['104-005', '108-008', '109-006', '109-016', '111-008'].map((number) => [number]),
    );
  });
});

describe('subjects [SDTM-008]', () => {
  it('103-005 was screened twice and is one subject', async () => {
    expect(await dm('103-005', 'SUBJID, RFICDTC, left(RFSTDTC, 10)')).toEqual([
      ['103-005R', '2024-11-08T08:03', '2025-01-13'],
    ]);
    expect(
      await rows(
        `SELECT DSDECOD, DSSTDTC FROM sdtm.ds WHERE USUBJID = ${id('103-005')} AND EPOCH = 'SCREENING' ORDER BY DSSEQ`,
      ),
    ).toEqual([
      ['INFORMED CONSENT OBTAINED', '2024-11-08T08:03'],
      ['SCREEN FAILURE', '2024-11-15'],
      ['INFORMED CONSENT OBTAINED', '2024-12-23T08:25'],
      ['RANDOMIZED', '2025-01-13T08:39'],
    ]);
    for (const [dataset, dtc] of [
      ['vs', 'VSDTC'],
      ['lb', 'LBDTC'],
    ]) {
      expect(
        await rows(
          `SELECT count(DISTINCT left(${dtc}, 10)) FROM sdtm.${dataset} WHERE USUBJID = ${id('103-005')} AND VISITNUM = 1`,
        ),
        dataset,
      ).toEqual([[2]]);
    }
  });

  it('110-012 was screened twice and failed twice', async () => {
    expect(await dm('110-012', 'SUBJID, ARMNRS')).toEqual([['110-012R', 'SCREEN FAILURE']]);
    expect(
      await rows(
        `SELECT left(DSTERM, 3), DSSTDTC FROM sdtm.ds WHERE USUBJID = ${id('110-012')} AND DSDECOD = 'SCREEN FAILURE' ORDER BY DSSEQ`,
      ),
    ).toEqual([
      ['I04', '2025-03-10'],
      ['E04', '2025-04-21'],
    ]);
  });

  it('106-009 was randomised and never treated', async () => {
    expect(await dm('106-009', 'ARM, ACTARM, ACTARMCD, ARMNRS, RFXSTDTC')).toEqual([
      ['Pelvinexinol 100 mg', null, null, 'ASSIGNED, NOT TREATED', null],
    ]);
    expect(await rows(`SELECT count(*) FROM sdtm.ex WHERE USUBJID = ${id('106-009')}`)).toEqual([[0]]);
    expect(
      await rows(
        `SELECT DSDECOD, DSSCAT, DSSTDTC FROM sdtm.ds WHERE USUBJID = ${id('106-009')} AND DSCAT = 'DISPOSITION EVENT'`,
      ),
    ).toEqual([['WITHDRAWAL BY SUBJECT', 'STUDY PARTICIPATION', '2025-03-20']]);
  });

  it('108-011 was given the wrong kit', async () => {
    expect(await dm('108-011', 'ARM, ACTARM, ARMNRS')).toEqual([['Pelvinexinol 100 mg', 'Pelvinexinol 200 mg', null]]);
    expect(await rows(`SELECT EXREFID, EXTRT, EXDOSE FROM sdtm.ex WHERE USUBJID = ${id('108-011')}`)).toEqual([
      ['0150', 'PELVINEXINOL', 200],
    ]);
    expect(await rows(`SELECT USUBJID FROM sdtm.dm WHERE ARM <> ACTARM`)).toEqual([['VEXIN-03-108-011']]);
  });

  it('102-010 died, on two forms with two dates', async () => {
    expect(await dm('102-010', 'DTHFL, DTHDTC')).toEqual([['Y', '2025-07-14']]);
    expect(
      await rows(
        `SELECT DSSCAT, DSSTDTC FROM sdtm.ds WHERE USUBJID = ${id('102-010')} AND DSDECOD = 'DEATH' ORDER BY 2`,
      ),
    ).toEqual([
      ['STUDY TREATMENT', '2025-07-13'],
      ['STUDY PARTICIPATION', '2025-07-15'],
    ]);
    expect(await ae('102-010', 'AESPID, AEENDTC, AESDTH', `AEOUT = 'FATAL'`)).toEqual([['2', '2025-07-14', 'Y']]);
    expect(await rows('SELECT USUBJID FROM failures.sdtm_ds__death_on_one_date')).toEqual([['VEXIN-03-102-010']]);
    expect(await rows('SELECT count(DTHFL) FROM sdtm.dm')).toEqual([[1]]);
  });

  it('the test subject is in no dataset, and excluded by name and reason', async () => {
    const reason = 'Test subject entered by trainers in the production system; not a woman of the trial';
    expect(
      await rows(`SELECT table_name, count(*), any_value(rules[1]), any_value(reason) FROM recon.row_accounting JOIN excluded.test_subject USING (_row)
        WHERE table_name NOT IN ('mh', 'cm', 'pd') GROUP BY 1 ORDER BY 1`),
    ).toEqual([
      ['ae', 1, 'test subject', reason],
      ['central_lab', 2, 'test subject', reason],
      ['dm', 1, 'test subject', reason],
      ['ic', 1, 'test subject', reason],
      ['vs', 1, 'test subject', reason],
    ]);
    expect(
      await rows(
        `SELECT count(*) FROM recon.row_accounting JOIN excluded.test_subject USING (_row) WHERE len(datasets) > 0`,
      ),
    ).toEqual([[0]]);
  });

  it('104-021 moved from site 104 to 109', async () => {
    expect(await dm('104-021', 'SITEID, SUBJID')).toEqual([['109', '104-021']]);
    expect(
      await rows(`SELECT site.text, coalesce(p.as_of_datetime, a.datetime) IS NOT NULL FROM raw.subject_data s
        JOIN raw.dictionary site ON site.code = s.site_code LEFT JOIN raw.audit_record a ON a.element_key = s.key
        JOIN raw.part p ON s.key BETWEEN p.first_key AND p.last_key WHERE s.subject_key = 'VEX-104-021' ORDER BY 1`),
    ).toEqual([
      ['LOC.104', true],
      ['LOC.109', true],
    ]);
  });

  it('107-006, 111-008 and 101-013 had siblings without repeat keys', async () => {
    expect(await ae('107-006', 'AETERM')).toEqual([['Back pain'], ['Urinary tract infection']]);
    expect(await ae('101-013', 'AESPID, AETERM')).toEqual([
      ['1', 'Headache'],
      ['3', 'Insomnia'],
    ]);
    expect(
      await rows(`SELECT LBTESTCD, LBORRES, LBORRESU, LBORNRLO, LBORNRHI, LBNRIND FROM sdtm.lb
        WHERE USUBJID = ${id('111-008')} AND LBNAM LIKE 'LOCAL%' AND LBDTC LIKE '2025-04-17%' ORDER BY LBORRES::DOUBLE`),
    ).toMatchObject([
      ['HGB', '11.2', 'g/dL', '12.0', '16.0', 'LOW'],
      ['AST', '27', 'U/L', '8', '33', 'NORMAL'],
      ['ALT', '31', 'U/L', '7', '35', 'NORMAL'],
    ]);
  });
});

describe('removals and corrections [SDTM-008]', () => {
  it('105-007: an adverse event is removed, with who said why', async () => {
    expect(await ae('105-007', 'AESPID, AETERM')).toEqual([
      ['1', 'Nausea'],
      ['3', 'Hot flush'],
    ]);
  });

  it('103-016: the end date of an adverse event is removed', async () => {
    expect(await ae('103-016', 'AEENDTC, AEOUT, AEENRTPT', `AESPID = '1'`)).toEqual([
      [null, 'NOT RECOVERED/NOT RESOLVED', 'ONGOING'],
    ]);
  });

  it('108-017: the vital signs of an unscheduled visit are removed, its four local results stay', async () => {
    expect(
      await rows(`SELECT count(*) FROM sdtm.vs WHERE USUBJID = ${id('108-017')} AND VSDTC LIKE '2025-09-04%'`),
    ).toEqual([[0]]);
    expect(
      await rows(
        `SELECT count(*) FROM sdtm.lb WHERE USUBJID = ${id('108-017')} AND LBDTC LIKE '2025-09-04%' AND LBNAM LIKE 'LOCAL%'`,
      ),
    ).toEqual([[4]]);
  });

  it('106-015: of two corrections the later by audit time stands', async () => {
    expect(
      await rows(
        `SELECT VSORRES FROM sdtm.vs WHERE USUBJID = ${id('106-015')} AND VISIT = 'WEEK 8' AND VSTESTCD = 'SYSBP'`,
      ),
    ).toEqual([['118']]);
  });

  it('37 typing errors of 34 women are put right', async () => {
    const wrong = `SELECT x.subject_key, d.text AS item FROM (
        SELECT item_group_data_key, item_code FROM state.superseded_item
        UNION SELECT item_group_data_key, item_code FROM state.superseded_element
          JOIN raw.item_data USING (item_group_data_key) WHERE reason = 'replaced'
      ) s
      JOIN raw.item_data i USING (item_group_data_key, item_code) JOIN raw.dictionary d ON d.code = i.item_code
      JOIN raw.item_group_data g ON g.key = i.item_group_data_key JOIN raw.subject_data x ON x.key = g.subject_data_key
      WHERE d.text = 'IT.VS.SYSBP' AND i.value::INTEGER > 200 OR d.text = 'IT.PD.PDNMPP' AND i.value = '11'
        OR d.text = 'IT.CM.CMDOSE' AND i.value = '4000' OR d.text = 'IT.AE.AESEV'`;
    expect(await rows(`SELECT count(*), count(DISTINCT subject_key) FROM (${wrong})`)).toEqual([[37, 34]]);
    expect(
      await rows(`SELECT (SELECT count(*) FROM staged.vs WHERE sysbp_n > 200), (SELECT count(*) FROM staged.pd WHERE pdnmpp = '11'),
        (SELECT count(*) FROM staged.cm WHERE cmdose = '4000')`),
    ).toEqual([[0, 0, 0]]);
  });
});

describe('values [SDTM-008]', () => {
  it('partial dates stay partial', async () => {
    expect(await ae('112-019', 'AESTDTC, AESTDY', `AESPID = '1'`)).toEqual([['2025-11', null]]);
    expect(await ae('109-018', 'AESTDTC, AESTDY, AEOUT', `AESPID = '1'`)).toEqual([
      ['2025', null, 'NOT RECOVERED/NOT RESOLVED'],
    ]);
    expect(
      await rows(
        `SELECT length(AESTDTC), count(DISTINCT USUBJID) FROM sdtm.ae WHERE length(AESTDTC) < 10 GROUP BY 1 ORDER BY 1`,
      ),
    ).toEqual([
      [4, 1],
      [7, 12],
    ]);
    expect(await rows(`SELECT mhspid, mhstdat FROM staged.mh WHERE subject_key = 'VEX-101-002' ORDER BY 1`)).toEqual([
      ['1', '2021-10'],
      ['2', '2021-10'],
    ]);
    expect(
      await rows('SELECT length(mhstdat), count(*) FROM staged.mh WHERE length(mhstdat) < 10 GROUP BY 1 ORDER BY 1'),
    ).toEqual([
      [4, 369],
      [7, 401],
    ]);
  });

  it('1.5 and 0x1F in integer items are texts, and the only two conversion failures', async () => {
    expect(await rows('SELECT subject_key, item_oid, value FROM recon.conversion_failures ORDER BY 1')).toEqual([
      ['VEX-104-003', 'IT.EX.EXTABR', '1.5'],
      ['VEX-110-006', 'IT.VS.PULSE', '0x1F'],
    ]);
    expect(
      await rows(
        `SELECT extabr, extabr_n FROM staged.ex WHERE subject_key = 'VEX-104-003' AND study_event_oid = 'SE.WK04'`,
      ),
    ).toEqual([['1.5', null]]);
    expect(
      await rows(
        `SELECT VSORRES, VSSTRESN FROM sdtm.vs WHERE USUBJID = ${id('110-006')} AND VISIT = 'WEEK 8' AND VSTESTCD = 'PULSE'`,
      ),
    ).toEqual([['0x1F', null]]);
  });

  it('NA, leading zeros and 1E5 are texts', async () => {
    expect(await ae('102-004', 'AEACNOTH', `AESPID = '1'`)).toEqual([['NA']]);
    expect(await rows(`SELECT EXREFID FROM sdtm.ex WHERE USUBJID = ${id('108-006')} AND EXSEQ = 1`)).toEqual([
      ['0012'],
    ]);
    expect(
      await rows(`SELECT EXREFID, EXLOT FROM sdtm.ex WHERE USUBJID = ${id('104-003')} AND EXREFID = '0919'`),
    ).toEqual([['0919', '1E5']]);
    expect(await rows(`SELECT count(*) FROM sdtm.ex WHERE EXLOT = '731'`)).toEqual([[0]]);
    expect(await rows(`SELECT count(*) FROM sdtm.lb WHERE LBREFID IS NOT NULL AND length(LBREFID) <> 8`)).toEqual([
      [0],
    ]);
  });

  it('112-003: the weight of week 4 was not done', async () => {
    expect(
      await rows(`SELECT USUBJID, VISIT, VSTESTCD, VSSTAT, VSORRES FROM sdtm.vs WHERE VSSTAT IS NOT NULL`),
    ).toEqual([['VEXIN-03-112-003', 'WEEK 4', 'WEIGHT', 'NOT DONE', null]]);
  });

  it('line breaks are kept in staged, and are blanks in the datasets', async () => {
    const comment = (key: string) => rows(`SELECT aecom FROM staged.ae WHERE subject_key = '${key}' AND aespid = '1'`);
    expect(await comment('VEX-107-012')).toEqual([['Started at work.\nSlept it off;\nno aura.']]);
    expect(await comment('VEX-105-014')).toEqual([['Three to four a day,\nworse in the evening.']]);
    const coval = (number: string) => rows(`SELECT COVAL FROM sdtm.co WHERE USUBJID = ${id(number)}`);
    expect(await coval('107-012')).toEqual([['Started at work. Slept it off; no aura.']]);
    expect(await coval('105-014')).toEqual([['Three to four a day, worse in the evening.']]);
  });

  it('111-015: typographic characters are kept in staged, and printable ASCII in the datasets', async () => {
    expect(
      await rows(`SELECT aeterm, aecom FROM staged.ae WHERE subject_key = 'VEX-111-015' AND aespid = '1'`),
    ).toEqual([['“Brain fog” after café visit', 'Patient’s own word; took 400 µg folate – naïve to triptans.']]);
    expect(await ae('111-015', 'AETERM, AEDECOD', `AESPID = '1'`)).toEqual([
      ['"Brain fog" after cafe visit', 'Clouded thinking'],
    ]);
    expect(await rows(`SELECT COVAL FROM sdtm.co WHERE USUBJID = ${id('111-015')}`)).toEqual([
      ["Patient's own word; took 400 ug folate - naive to triptans."],
    ]);
    expect(await rows(`SELECT cmcom FROM staged.cm WHERE subject_key = 'VEX-109-011' AND cmspid = '1'`)).toEqual([
      ['漢方茶も併用 (also takes a herbal tea)'],
    ]);
    expect(
      await rows(`SELECT DISTINCT name FROM raw.location JOIN raw.dictionary d ON d.code = location_code
      WHERE d.text IN ('LOC.103', 'LOC.107') ORDER BY 1`),
    ).toEqual([['Site 103 – Cañon City'], ['Site 107 – Doña Ana']]);
  });

  it('109-005: one verbatim is not coded', async () => {
    expect(
      await rows(
        `SELECT USUBJID, AETERM, AELLT, AELLTCD, AEDECOD, AEPTCD, AEHLT, AEHLGT, AEBODSYS, AESOC FROM sdtm.ae WHERE AEDECOD IS NULL`,
      ),
    ).toEqual([['VEXIN-03-109-005', 'Felt strange in lift', null, null, null, null, null, null, null, null]]);
    expect(await rows(`SELECT count(*) FROM sdtm.ae WHERE AETERM = 'insomnia' AND AEDECOD = 'Insomnia'`)).not.toEqual([
      [0],
    ]);
  });
});

describe('laboratory [SDTM-008]', () => {
  it('104-005: range and unit of the local laboratory change with the date', async () => {
    expect(
      await rows(`SELECT left(LBDTC, 10), LBORRES, LBORRESU, LBORNRLO, LBORNRHI, LBNRIND FROM sdtm.lb
        WHERE USUBJID = ${id('104-005')} AND LBTESTCD = 'HGB' AND LBNAM LIKE 'LOCAL%' ORDER BY 1`),
    ).toEqual([
      ['2025-02-28', '12.4', 'g/dL', '11.7', '15.5', 'NORMAL'],
      ['2025-05-27', '119', 'g/L', '117', '155', 'NORMAL'],
    ]);
  });

  it('102-007: a repeated sample belongs to the visit of the first', async () => {
    expect(
      await rows(`SELECT LBREFID, VISIT, left(LBDTC, 10), LBORRES, LBNRIND FROM sdtm.lb
        WHERE USUBJID = ${id('102-007')} AND LBTESTCD = 'ALT' AND LBREFID IN ('00001171', '00001174') ORDER BY 1`),
    ).toEqual([
      ['00001171', 'WEEK 4', '2025-03-11', '98', 'HIGH'],
      ['00001174', 'WEEK 4', '2025-03-18', '41', 'HIGH'],
    ]);
    expect(await rows(`SELECT count(DISTINCT accession) FROM staged.central_lab WHERE repeatof IS NOT NULL`)).toEqual([
      [12],
    ]);
  });

  it('106-004: two tests were cancelled', async () => {
    expect(
      await rows(
        `SELECT USUBJID, LBREFID, VISIT, LBTESTCD, LBORRES, LBREASND FROM sdtm.lb WHERE LBSTAT = 'NOT DONE' ORDER BY LBTESTCD`,
      ),
    ).toEqual([
      ['VEXIN-03-106-004', '00000660', 'WEEK 12', 'ALT', null, 'Specimen hemolyzed'],
      ['VEXIN-03-106-004', '00000660', 'WEEK 12', 'AST', null, 'Specimen hemolyzed'],
    ]);
  });

  it('106-002: results below the limit of quantification stay as sent', async () => {
    expect(
      await rows(
        `SELECT LBORRES, LBORRESU, LBSTRESC, LBSTRESN, LBSTRESU FROM sdtm.lb WHERE LBREFID = '00000273' AND LBTESTCD = 'PROGEST'`,
      ),
    ).toEqual([['<0.5', 'ug/L', '<1.6', null, 'nmol/L']]);
    expect(
      await rows(
        `SELECT LBTESTCD, count(*), count(LBSTRESN) FROM sdtm.lb WHERE LBORRES = '<0.5' GROUP BY 1 ORDER BY 1`,
      ),
    ).toEqual([
      ['HCG', 963, 0],
      ['PROGEST', 111, 0],
    ]);
  });
});
