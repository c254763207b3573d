// @ts-check
/**
 * Two small dictionaries made up for the demonstration study. Neither is MedDRA nor any other published dictionary:
 * terms, levels and codes are ours.
 */
export const EVENT_DICTIONARY = 'FICTMED 1.0 (fictitious)';
export const DRUG_DICTIONARY = 'FICTDRUG 1.0 (fictitious)';

/**
 * @typedef {object} EventTerm
 * @property {string} pt preferred term
 * @property {string} hlt
 * @property {string} hlgt
 * @property {string} soc
 * @property {string[]} verbatims as sites write it
 * @property {string[]} llts the lowest-level term of each verbatim
 * @property {number} placebo weight on placebo
 * @property {number} active weight on treatment
 * @property {boolean} interest of special interest
 */

/**
 * @param {string} place `SOC / HLGT / HLT`
 * @param {string} pt
 * @param {number} placebo
 * @param {number} active
 * @param {...string} texts verbatims, each with ` => LLT` where the lowest-level term reads otherwise
 * @returns {EventTerm}
 */
function term(place, pt, placebo, active, ...texts) {
  const [soc, hlgt, hlt] = place.split(' / ');
  const pairs = texts.map((text) => text.split(' => '));
  const verbatims = pairs.map(([verbatim]) => verbatim);
  const llts = pairs.map(([verbatim, llt]) => llt ?? verbatim);
  return {
    pt,
    hlt,
    hlgt,
    soc,
    verbatims,
    llts,
    placebo,
    active,
    interest: pt === 'Hot flush' || pt === 'Night sweats',
  };
}

const NERVOUS = 'Nervous system / Aches and sensation / Headaches';
const BALANCE = 'Nervous system / Aches and sensation / Balance';
const VESSELS = 'Heart and vessels / Vessel tone / Flushing';
const GUT = 'Digestion / Stomach and bowel / Stomach upset';
const MIND = 'Mind and sleep / Mood / Low mood';
const SLEEP = 'Mind and sleep / Sleep / Sleeplessness';
const BONES = 'Muscles, joints and bones / Pains of movement / Joint and back pain';
const AIRWAYS = 'Infections / Infections of the airways / Colds';
const URINARY = 'Infections / Infections of the urinary tract / Bladder infections';
const WOMB = 'Womb and breast / Bleeding / Unexpected bleeding';
const PELVIS = 'Womb and breast / Pelvic disease / Endometrial tissue elsewhere';
const SKIN = 'Skin / Glands of the skin / Spots';
const WHOLE = 'Whole body / Energy / Tiredness';
const TESTS = 'Test results / Liver tests / Liver enzymes';
const INJURY = 'Injuries / Accidents / Traffic';
const GLANDS = 'Glands and metabolism / Thyroid / Low thyroid';
const ALLERGY = 'Immune system / Allergy / Seasonal allergy';

/** What may befall a woman in the trial. @type {readonly EventTerm[]} */
export const EVENT_TERMS = [
  term(
    NERVOUS,
    'Headache',
    14,
    14,
    'Headache',
    'headache => Headache',
    'HEADACHE => Headache',
    'Head ache => Headache',
  ),
  term(NERVOUS, 'Migraine', 4, 4, 'Migraine', 'Migraine attack'),
  term(BALANCE, 'Dizziness', 4, 5, 'Dizziness', 'Dizzy spells'),
  term(VESSELS, 'Hot flush', 3, 18, 'Hot flush', 'Hot flashes', 'hot flashes => Hot flashes'),
  term(VESSELS, 'Night sweats', 2, 8, 'Night sweats', 'Sweating at night'),
  term(GUT, 'Nausea', 8, 9, 'Nausea', 'nausea => Nausea', 'Feeling sick'),
  term(GUT, 'Bloating', 5, 5, 'Bloating', 'Abdominal bloating'),
  term(GUT, 'Constipation', 4, 4, 'Constipation'),
  term(MIND, 'Low mood', 3, 6, 'Low mood', 'Mood swings'),
  term(SLEEP, 'Insomnia', 4, 7, 'Insomnia', 'Trouble sleeping', 'insomnia  => Insomnia'),
  term(BONES, 'Joint pain', 3, 6, 'Joint pain', 'Arthralgia'),
  term(BONES, 'Back pain', 5, 5, 'Back pain', 'Low back pain'),
  term(AIRWAYS, 'Common cold', 8, 8, 'Nasopharyngitis', 'Common cold', 'Cold => Common cold'),
  term(AIRWAYS, 'COVID-19', 4, 4, 'COVID-19', 'Covid 19 => COVID-19'),
  term(URINARY, 'Bladder infection', 5, 5, 'Urinary tract infection', 'UTI => Urinary tract infection'),
  term(WOMB, 'Spotting', 4, 7, 'Spotting', 'Irregular bleeding, "spotting" => Irregular bleeding'),
  term(SKIN, 'Acne', 3, 3, 'Acne'),
  term(WHOLE, 'Tiredness', 5, 6, 'Fatigue', 'Tiredness'),
  term(TESTS, 'Liver enzyme raised', 1, 2, 'ALT increased', 'Liver enzymes raised'),
];

/** Terms of the cast and of medical history. @type {readonly EventTerm[]} */
export const OTHER_TERMS = [
  term(INJURY, 'Road traffic accident', 0, 0, 'Road traffic accident'),
  term(NERVOUS, 'Clouded thinking', 0, 0, '“Brain fog” after café visit => Brain fog'),
  term(
    PELVIS,
    'Endometriosis',
    0,
    0,
    'Endometriosis',
    'endometriosis stage III => Endometriosis stage III',
    'Endometriosis, stage II => Endometriosis stage II',
  ),
  term(GLANDS, 'Underactive thyroid', 0, 0, 'Hypothyroidism'),
  term(ALLERGY, 'Hay fever', 0, 0, 'Seasonal allergies', 'Hay fever'),
  term('Operations / Operations of the belly / Appendix', 'Removal of appendix', 0, 0, 'Appendectomy'),
  term(
    'Operations / Operations of the pelvis / Keyhole surgery',
    'Laparoscopy',
    0,
    0,
    'Laparoscopy',
    'Diagnostic laparoscopy',
  ),
  term('Breathing / Airways / Narrow airways', 'Asthma', 0, 0, 'Asthma', 'Childhood asthma'),
  term('Blood / Red cells / Too few red cells', 'Iron deficiency anaemia', 0, 0, 'Iron deficiency anemia'),
  term('Mind and sleep / Worry / Anxiety', 'Anxiety', 0, 0, 'Anxiety'),
];

/**
 * @typedef {object} Drug
 * @property {string} name preferred name
 * @property {string} classCode in the manner of ATC, from the fictitious dictionary
 * @property {string} className
 * @property {string[]} verbatims
 * @property {string} indication
 * @property {string} dose
 * @property {string} unit code of CL.CMDOSU
 * @property {string} frequency code of CL.FREQ
 * @property {string} route code of CL.ROUTE
 */
/**
 * @param {string} name
 * @param {string} drugClass
 * @param {string} indication
 * @param {string} dosing `400 mg PRN PO`
 * @param {...string} verbatims
 * @returns {Drug}
 */
function drug(name, drugClass, indication, dosing, ...verbatims) {
  const [classCode, className] = drugClass.split(' ~ ');
  const [dose, unit, frequency, route] = dosing.split(' ');
  return { name, classCode, className, verbatims, indication, dose, unit, frequency, route };
}

/** @type {readonly Drug[]} */
export const DRUGS = [
  drug(
    'IBUPROFEN',
    'ZA01 ~ Pain relievers, anti-inflammatory',
    'Pelvic pain',
    '400 mg PRN PO',
    'Ibuprofen',
    'ibuprofen 400',
    'Ibuprofen (rescue)',
  ),
  drug('NAPROXEN', 'ZA01 ~ Pain relievers, anti-inflammatory', 'Dysmenorrhea', '250 mg BID PO', 'Naproxen'),
  drug('PARACETAMOL', 'ZA02 ~ Pain relievers, other', 'Headache', '500 mg PRN PO', 'Acetaminophen', 'APAP 500'),
  drug(
    'LEVOTHYROXINE',
    'ZH01 ~ Thyroid hormones',
    'Hypothyroidism',
    '75 ug QD PO',
    'Levothyroxine',
    'L-thyroxine 75 µg',
  ),
  drug('CETIRIZINE', 'ZR01 ~ Antihistamines', 'Seasonal allergies', '10 mg QD PO', 'Cetirizine'),
  drug('SALBUTAMOL', 'ZR02 ~ Inhaled bronchodilators', 'Asthma', '2 PUFF PRN INH', 'Albuterol inhaler'),
  drug('IRON', 'ZB01 ~ Iron', 'Iron deficiency anemia', '65 mg QD PO', 'Ferrous sulfate', 'Iron'),
  drug('COLECALCIFEROL', 'ZV01 ~ Vitamins', 'Supplement', '25 ug QD PO', 'Vitamin D3'),
  drug('SUMATRIPTAN', 'ZN01 ~ Migraine medicines', 'Migraine', '50 mg PRN PO', 'Sumatriptan'),
  drug('NITROFURANTOIN', 'ZJ01 ~ Antibacterials', 'Urinary tract infection', '100 mg BID PO', 'Nitrofurantoin'),
  drug('SERTRALINE', 'ZN02 ~ Antidepressants', 'Anxiety', '50 mg QD PO', 'Sertraline'),
  drug('HYDROCORTISONE', 'ZD01 ~ Skin steroids', 'NA', '0.5 g BID TOP', 'Hydrocortisone cream'),
];
