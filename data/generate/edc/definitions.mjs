// @ts-check
/**
 * What a form is made of, and short ways to write it down.
 *
 * @typedef {object} Item
 * @property {string} oid `IT.AE.AETERM`
 * @property {string} name SASFieldName
 * @property {string} type ODM DataType
 * @property {number} [length]
 * @property {number} [digits] SignificantDigits
 * @property {string} en question
 * @property {string} es question
 * @property {boolean} mandatory
 * @property {string} cdash CDASH variable
 * @property {string} [sdtm] SDTM target
 * @property {string} [list] CodeListOID
 * @property {readonly string[]} units MeasurementUnitOIDs
 * @property {readonly [number, number]} [range] soft check, in the first unit
 * @property {string} [condition] CollectionExceptionConditionOID
 *
 * @typedef {object} Group
 * @property {string} oid
 * @property {string} name
 * @property {string} domain
 * @property {boolean} repeating
 * @property {readonly Item[]} items
 *
 * @typedef {object} Form
 * @property {string} oid
 * @property {string} name
 * @property {string} es
 * @property {readonly Group[]} groups
 *
 * @typedef {object} More
 * @property {boolean} [must]
 * @property {string} [cdash]
 * @property {string} [sdtm]
 * @property {string} [list]
 * @property {string[]} [units]
 * @property {[number, number]} [range]
 * @property {string} [unless] condition under which it is not collected
 */

/**
 * @param {string} name
 * @param {string} type `text 200`, `integer 3`, `float 5.1`, `date`
 * @param {string} en
 * @param {string} es
 * @param {More} [more]
 * @returns {Omit<Item, 'oid'>}
 */
export function item(name, type, en, es, more = {}) {
  const [kind, size] = type.split(' ');
  const [length, digits] = (size ?? '').split('.');
  return {
    name,
    type: kind,
    length: length ? Number(length) : undefined,
    digits: digits ? Number(digits) : undefined,
    en,
    es,
    mandatory: more.must ?? false,
    cdash: more.cdash ?? name,
    sdtm: more.sdtm,
    list: more.list && `CL.${more.list}`,
    units: (more.units ?? []).map((unit) => `MU.${unit}`),
    range: more.range,
    condition: more.unless,
  };
}

/**
 * @param {string} code
 * @param {string} name
 * @param {string} domain
 * @param {boolean} repeating
 * @param {...Omit<Item, 'oid'>} items
 * @returns {Group}
 */
export function group(code, name, domain, repeating, ...items) {
  return {
    oid: `IG.${code}`,
    name,
    domain,
    repeating,
    items: items.map((i) => ({ oid: `IT.${code}.${i.name}`, ...i })),
  };
}

/**
 * @param {string} code
 * @param {string} name
 * @param {string} es
 * @param {...Group} groups
 * @returns {Form}
 */
export const form = (code, name, es, ...groups) => ({ oid: `FO.${code}`, name, es, groups });
