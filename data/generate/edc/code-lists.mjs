// @ts-check
/**
 * Codelists of the EDC. Some decode straight to a term of the SDTM terminology once in upper case, others have to be
 * recoded; `data/README.md` says which.
 *
 * @typedef {object} CodeList
 * @property {string} oid
 * @property {string} name
 * @property {'text' | 'integer'} type
 * @property {readonly (readonly [string, string, string])[]} items code, English, Spanish
 */

/**
 * @param {string} oid
 * @param {string} name
 * @param {'text' | 'integer'} type
 * @param {string} items one `code | English | Spanish` a line
 * @returns {CodeList}
 */
function list(oid, name, type, items) {
  const rows = items.trim().split('\n');
  return {
    oid: `CL.${oid}`,
    name,
    type,
    items: rows.map((row) => /** @type {[string, string, string]} */ (row.split('|').map((part) => part.trim()))),
  };
}

/** @type {readonly CodeList[]} */
export const CODE_LISTS = [
  list(
    'NY',
    'No, yes',
    'text',
    `
    Y | Yes | Sí
    N | No | No`,
  ),
  list(
    'SEX',
    'Sex',
    'text',
    `
    F | Female | Femenino
    M | Male | Masculino`,
  ),
  list(
    'RACE',
    'Race',
    'integer',
    `
    1 | White | Blanca
    2 | Black or African American | Negra o afroamericana
    3 | Asian | Asiática
    4 | American Indian or Alaska Native | India americana o nativa de Alaska
    5 | Native Hawaiian or Other Pacific Islander | Nativa de Hawái o de otra isla del Pacífico
    6 | Other | Otra
    9 | Not reported | No informada`,
  ),
  list(
    'ETHNIC',
    'Ethnicity',
    'text',
    `
    H | Hispanic or Latino | Hispana o latina
    NH | Not Hispanic or Latino | Ni hispana ni latina
    NR | Not reported | No informado`,
  ),
  list(
    'IETEST',
    'Eligibility criteria',
    'text',
    `
    I01 | Woman aged 18 to 49 years | Mujer de 18 a 49 años
    I02 | Endometriosis confirmed by surgery | Endometriosis confirmada por cirugía
    I03 | Mean dysmenorrhea score of 4 or more in screening | Dismenorrea media de 4 o más en la selección
    I04 | At least 80 % of diary days completed in screening | Al menos el 80 % de los días del diario completados
    E01 | ALT or AST above twice the upper limit | ALT o AST por encima del doble del límite superior
    E02 | Pregnant or planning pregnancy | Embarazada o con planes de embarazo
    E03 | Chronic pelvic pain of another cause | Dolor pélvico crónico de otra causa
    E04 | Uncontrolled hypertension | Hipertensión no controlada
    E05 | Withdrew consent before randomization | Retiró el consentimiento antes de la aleatorización`,
  ),
  list(
    'MHCAT',
    'Category of medical history',
    'text',
    `
    ENDO | Endometriosis history | Antecedentes de endometriosis
    GEN | General medical history | Antecedentes médicos generales`,
  ),
  list(
    'POSITION',
    'Position',
    'text',
    `
    SIT | Sitting | Sentada
    SUP | Supine | Decúbito supino
    STA | Standing | De pie`,
  ),
  list(
    'AESEV',
    'Severity',
    'integer',
    `
    1 | Mild | Leve
    2 | Moderate | Moderada
    3 | Severe | Grave`,
  ),
  list(
    'AEREL',
    'Relationship to study drug',
    'integer',
    `
    1 | Not related | No relacionado
    2 | Unlikely related | Relación improbable
    3 | Possibly related | Posiblemente relacionado
    4 | Related | Relacionado`,
  ),
  list(
    'AEACN',
    'Action taken with study drug',
    'text',
    `
    NONE | No change | Sin cambios
    INT | Study drug interrupted | Fármaco interrumpido
    WDN | Study drug stopped for good | Fármaco suspendido definitivamente
    NA | Not applicable | No aplicable`,
  ),
  list(
    'AEOUT',
    'Outcome',
    'integer',
    `
    1 | Recovered | Recuperada
    2 | Recovered with sequelae | Recuperada con secuelas
    3 | Recovering | En recuperación
    4 | Not recovered | No recuperada
    5 | Fatal | Mortal
    9 | Unknown | Desconocido`,
  ),
  list(
    'CMDOSU',
    'Dose unit',
    'text',
    `
    mg | Milligram | Miligramo
    ug | Microgram | Microgramo
    g | Gram | Gramo
    PUFF | Puff | Inhalación`,
  ),
  list(
    'FREQ',
    'Frequency',
    'text',
    `
    QD | Once a day | Una vez al día
    BID | Twice a day | Dos veces al día
    PRN | As needed | Según necesidad`,
  ),
  list(
    'ROUTE',
    'Route',
    'text',
    `
    PO | By mouth | Por vía oral
    INH | Inhaled | Inhalada
    TOP | On the skin | Sobre la piel`,
  ),
  list(
    'DSSCAT',
    'What ended',
    'text',
    `
    EOT | Study treatment | Tratamiento del estudio
    EOS | Study participation | Participación en el estudio`,
  ),
  list(
    'DSDECOD',
    'Reason',
    'text',
    `
    COMP | Completed | Completado
    SF | Screen failure | Fallo de selección
    AE | Adverse event | Acontecimiento adverso
    LOE | Lack of efficacy | Falta de eficacia
    LTFU | Lost to follow-up | Pérdida de seguimiento
    WBS | Subject withdrew | Retirada por la paciente
    PHY | Investigator's decision | Decisión del investigador
    PREG | Pregnancy | Embarazo
    PD | Protocol deviation | Desviación del protocolo
    DTH | Death | Muerte`,
  ),
  list(
    'LBTEST',
    'Local laboratory test',
    'text',
    `
    HB | Haemoglobin | Hemoglobina
    SGPT | Alanine aminotransferase (SGPT) | Alanina aminotransferasa (SGPT)
    SGOT | Aspartate aminotransferase (SGOT) | Aspartato aminotransferasa (SGOT)
    CREA | Creatinine | Creatinina`,
  ),
  list(
    'LBUNIT',
    'Local laboratory unit',
    'text',
    `
    G/DL | g/dL | g/dL
    G/L | g/L | g/L
    U/L | U/L | U/L
    MG/DL | mg/dL | mg/dL
    UMOL/L | µmol/L | µmol/L`,
  ),
];

/**
 * Units of the EDC: OID, symbol, name.
 *
 * @type {readonly (readonly [string, string, string])[]}
 */
export const UNITS = [
  ['MU.KG', 'kg', 'Kilogram'],
  ['MU.LB', 'LB', 'Pound'],
  ['MU.CM', 'cm', 'Centimetre'],
  ['MU.IN', 'in', 'Inch'],
  ['MU.C', 'C', 'Degree Celsius'],
  ['MU.F', 'F', 'Degree Fahrenheit'],
  ['MU.MMHG', 'mmHg', 'Millimetre of mercury'],
  ['MU.BPM', 'beats/min', 'Beats per minute'],
  ['MU.BRPM', 'breaths/min', 'Breaths per minute'],
  ['MU.YEARS', 'YEARS', 'Years'],
  ['MU.TABLET', 'TABLET', 'Tablet'],
];
