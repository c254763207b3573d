// @ts-check
/**
 * The tests of the central laboratory, in its own codes and conventional units, with the way to SI.
 *
 * @typedef {object} LabTest
 * @property {string} code
 * @property {string} name
 * @property {string} loinc
 * @property {string} unit conventional
 * @property {number} digits
 * @property {number} low limits, mean and deviation in units of the last digit
 * @property {number} high
 * @property {number} mean
 * @property {number} deviation
 * @property {string} siUnit
 * @property {readonly [number, number]} toSi last-digit units of the SI value = units * first / second
 * @property {number} siDigits
 * @property {number} [limit] of quantification, in units of the last digit
 */

/**
 * @param {string} names `code|name|LOINC`
 * @param {string} conventional `unit digits low-high`
 * @param {[number, number]} draw mean and deviation
 * @param {string} si `unit digits first/second`
 * @param {number} [limit]
 * @returns {LabTest}
 */
function test(names, conventional, [mean, deviation], si, limit) {
  const [code, name, loinc] = names.split('|');
  const [unit, digits, range] = conventional.split(' ');
  const [low, high] = range.split('-').map(Number);
  const [siUnit, siDigits, factor] = si.split(' ');
  const [first, second] = factor.split('/').map(Number);
  return {
    code,
    name,
    loinc,
    unit,
    digits: Number(digits),
    low,
    high,
    mean,
    deviation,
    siUnit,
    toSi: [first, second],
    siDigits: Number(siDigits),
    limit,
  };
}

/** @type {readonly LabTest[]} */
export const LAB_TESTS = [
  test('E2|Estradiol|2243-4', 'pg/mL 0 15-350', [120, 30], 'pmol/L 0 3671/1000', 5),
  test('PROG|Progesterone|2839-9', 'ng/mL 1 1-250', [12, 6], 'nmol/L 1 318/100', 5),
  test('LH|Luteinizing hormone|10501-5', 'mIU/mL 1 19-125', [65, 15], 'IU/L 1 1/1'),
  test('FSH|Follicle stimulating hormone|15067-2', 'mIU/mL 1 25-102', [58, 12], 'IU/L 1 1/1'),
  test('CA125|Cancer antigen 125|10334-1', 'U/mL 0 0-35', [31, 8], 'kU/L 0 1/1'),
  test('HCG|Choriogonadotropin beta|21198-7', 'mIU/mL 1 0-50', [1, 1], 'IU/L 1 1/1', 5),
  test('HGB|Hemoglobin|718-7', 'g/dL 1 117-155', [130, 6], 'g/L 0 1/1'),
  test('WBC|White cell count|6690-2', '10^3/uL 1 38-108', [67, 10], '10^9/L 1 1/1'),
  test('PLT|Platelet count|777-3', '10^3/uL 0 140-400', [262, 35], '10^9/L 0 1/1'),
  test('ALT|Alanine aminotransferase|1742-6', 'U/L 0 6-34', [19, 4], 'U/L 0 1/1'),
  test('AST|Aspartate aminotransferase|1920-8', 'U/L 0 9-34', [20, 4], 'U/L 0 1/1'),
  test('ALP|Alkaline phosphatase|6768-6', 'U/L 0 35-104', [66, 10], 'U/L 0 1/1'),
  test('TBIL|Total bilirubin|1975-2', 'mg/dL 1 2-12', [6, 1], 'umol/L 0 171/100'),
  test('CREA|Creatinine|2160-0', 'mg/dL 2 50-110', [76, 7], 'umol/L 0 884/1000'),
];
