// @ts-check
import { element, escapeText } from '../lib/xml.mjs';
import { METADATA_VERSION, SITES, STUDY, VISITS } from '../study/design.mjs';
import { CODE_LISTS, UNITS } from './code-lists.mjs';
import { CONDITIONS, EVENT_FORMS } from './events.mjs';
import { FORMS } from './forms.mjs';

/**
 * @param {string} en
 * @param {string} [es]
 */
function translated(en, es) {
  const english = element('TranslatedText', { 'xml:lang': 'en' }, escapeText(en));
  return es === undefined ? english : english + element('TranslatedText', { 'xml:lang': 'es' }, escapeText(es));
}

/** @param {number} position from 0 */
const order = (position) => ({ OrderNumber: position + 1 });

/** The Study element: the whole definition of the casebook (ODM 1.3.2, 3.1.1). */
export function study() {
  return element(
    'Study',
    { OID: STUDY },
    '\n',
    element(
      'GlobalVariables',
      {},
      element('StudyName', {}, STUDY),
      element(
        'StudyDescription',
        {},
        'Synthetic demonstration study: pelvinexinol in endometriosis-associated pain, randomised, double-blind, placebo-controlled, Phase III',
      ),
      element('ProtocolName', {}, STUDY),
    ),
    '\n',
    element(
      'BasicDefinitions',
      {},
      '\n',
      ...UNITS.map(
        ([oid, symbol, name]) =>
          `${element('MeasurementUnit', { OID: oid, Name: name }, element('Symbol', {}, translated(symbol)))}\n`,
      ),
    ),
    '\n',
    element(
      'MetaDataVersion',
      { OID: METADATA_VERSION, Name: 'Version 1', Description: 'Casebook of protocol version 1.0' },
      '\n',
      ...[
        protocol(),
        ...events(),
        ...FORMS.map(formDef),
        ...itemGroups(),
        ...items(),
        ...CODE_LISTS.map(codeList),
        ...conditions(),
      ].map((definition) => `${definition}\n`),
    ),
    '\n',
  );
}

const EVENT_OIDS = Object.keys(EVENT_FORMS);

function protocol() {
  return element(
    'Protocol',
    {},
    EVENT_OIDS.map((oid, i) =>
      element('StudyEventRef', { StudyEventOID: oid, ...order(i), Mandatory: i < 2 ? 'Yes' : 'No' }),
    ),
  );
}

/** Events that are no visit of the plan: name, Spanish, repeating, type. @type {Record<string, [string, string, 'Yes' | 'No', string]>} */
const OTHER_EVENTS = {
  'SE.UNS': ['UNSCHEDULED', 'No programada', 'Yes', 'Unscheduled'],
  'SE.LOG': ['LOG FORMS', 'Formularios continuos', 'No', 'Common'],
  'SE.EOS': ['END OF STUDY', 'Fin del estudio', 'No', 'Common'],
};

function events() {
  return EVENT_OIDS.map((oid) => {
    const visit = VISITS.find((v) => v.event === oid);
    const [name, es, repeating, type] = OTHER_EVENTS[oid] ?? [visit?.name, visit?.es, 'No', 'Scheduled'];
    return element(
      'StudyEventDef',
      { OID: oid, Name: name, Repeating: repeating, Type: type },
      element('Description', {}, translated(name, es)),
      EVENT_FORMS[oid].map((form, i) => element('FormRef', { FormOID: form, ...order(i), Mandatory: 'No' })),
    );
  });
}

/** @param {import('./definitions.mjs').Form} form */
function formDef(form) {
  return element(
    'FormDef',
    { OID: form.oid, Name: form.name, Repeating: 'No' },
    element('Description', {}, translated(form.name, form.es)),
    form.groups.map((g, i) =>
      element('ItemGroupRef', { ItemGroupOID: g.oid, ...order(i), Mandatory: i === 0 ? 'Yes' : 'No' }),
    ),
  );
}

function itemGroups() {
  return FORMS.flatMap((form) => form.groups).map((g) =>
    element(
      'ItemGroupDef',
      {
        OID: g.oid,
        Name: g.name,
        Repeating: g.repeating ? 'Yes' : 'No',
        SASDatasetName: g.oid.slice(3),
        Domain: g.domain,
      },
      g.items.map((item, i) =>
        element('ItemRef', {
          ItemOID: item.oid,
          ...order(i),
          Mandatory: item.mandatory ? 'Yes' : 'No',
          CollectionExceptionConditionOID: item.condition,
        }),
      ),
    ),
  );
}

function items() {
  return FORMS.flatMap((form) => form.groups)
    .flatMap((g) => g.items)
    .map((item) =>
      element(
        'ItemDef',
        {
          OID: item.oid,
          Name: item.en,
          DataType: item.type,
          Length: item.length,
          SignificantDigits: item.digits,
          SASFieldName: item.name,
          Origin: 'CRF',
        },
        element('Question', {}, translated(item.en, item.es)),
        item.units.map((unit) => element('MeasurementUnitRef', { MeasurementUnitOID: unit })),
        rangeChecks(item),
        item.list ? element('CodeListRef', { CodeListOID: item.list }) : '',
        element('Alias', { Context: 'CDASH', Name: item.cdash }),
        item.sdtm ? element('Alias', { Context: 'SDTM', Name: item.sdtm }) : '',
      ),
    );
}

/** @param {import('./definitions.mjs').Item} item */
function rangeChecks(item) {
  if (!item.range) return '';
  const [low, high] = item.range;
  const unit = item.units.length > 0 ? element('MeasurementUnitRef', { MeasurementUnitOID: item.units[0] }) : '';
  /** @param {string} comparator @param {number} limit @param {string} en @param {string} es */
  const check = (comparator, limit, en, es) =>
    element(
      'RangeCheck',
      { Comparator: comparator, SoftHard: 'Soft' },
      element('CheckValue', {}, String(limit)),
      unit,
      element('ErrorMessage', {}, translated(en, es)),
    );
  return (
    check('GE', low, `Expected ${low} or more`, `Se espera ${low} o más`) +
    check('LE', high, `Expected ${high} or less`, `Se espera ${high} o menos`)
  );
}

/** @param {import('./code-lists.mjs').CodeList} list */
function codeList(list) {
  return element(
    'CodeList',
    { OID: list.oid, Name: list.name, DataType: list.type },
    list.items.map(([code, en, es], i) =>
      element('CodeListItem', { CodedValue: code, OrderNumber: i + 1 }, element('Decode', {}, translated(en, es))),
    ),
  );
}

function conditions() {
  return CONDITIONS.map(([oid, words, expression]) =>
    element(
      'ConditionDef',
      { OID: oid, Name: words },
      element('Description', {}, translated(words)),
      element('FormalExpression', { Context: 'plain' }, escapeText(expression)),
    ),
  );
}

/** The AdminData element: sites as locations; an investigator and a coordinator at each, and data management. */
export function adminData() {
  const users = [
    ...SITES.map((s) => user(`U${s.id}`, 'Investigator', `Investigator of site ${s.id}`, s.location)),
    ...SITES.map((s) => user(`C${s.id}`, 'Other', `Coordinator of site ${s.id}`, s.location)),
    user('D001', 'Sponsor', 'Data management', 'LOC.SPONSOR'),
  ];
  const version = element('MetaDataVersionRef', {
    StudyOID: STUDY,
    MetaDataVersionOID: METADATA_VERSION,
    EffectiveDate: '2024-10-01',
  });
  const locations = [
    ...SITES.map((s) => element('Location', { OID: s.location, Name: s.name, LocationType: 'Site' }, version)),
    element('Location', { OID: 'LOC.SPONSOR', Name: 'Sponsor', LocationType: 'Sponsor' }, version),
  ];
  return element(
    'AdminData',
    { StudyOID: STUDY },
    '\n',
    [...users, ...locations].map((line) => `${line}\n`),
  );
}

/**
 * @param {string} oid
 * @param {string} type
 * @param {string} name
 * @param {string} location
 */
function user(oid, type, name, location) {
  return element(
    'User',
    { OID: oid, UserType: type },
    element('LoginName', {}, oid.toLowerCase()),
    element('DisplayName', {}, name),
    element('LocationRef', { LocationOID: location }),
  );
}
