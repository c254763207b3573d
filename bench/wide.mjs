// ODM with one item group, of as many items as asked for.

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

const RECORDS_OF_A_SUBJECT = 20;

/** Kinds of items, in turn: attributes and content of ItemDef, and the value of record `n`. */
const KINDS = [
  { definition: 'DataType="integer" Length="4"/>', value: (n, item) => (n * 7 + item) % 1000 },
  { definition: 'DataType="float" Length="8" SignificantDigits="1"/>', value: (n, item) => `${(n + item) % 300}.5` },
  { definition: 'DataType="date"/>', value: (n) => `2026-01-${String(1 + (n % 28)).padStart(2, '0')}` },
  { definition: 'DataType="text" Length="40"/>', value: (n, item) => `answer ${n} of ${item}` },
  {
    definition: 'DataType="text" Length="1"><CodeListRef CodeListOID="CL.ABC"/></ItemDef>',
    value: (n, item) => 'ABC'[(n + item) % 3],
  },
];

/**
 * Writes it: `items` in all, `width` in each record.
 *
 * @param {string} path
 * @param {{ items: number, width: number }} size
 */
export async function writeWide(path, { items, width }) {
  const out = createWriteStream(path);
  const done = finished(out);
  out.write(definitions(width));
  const records = Math.floor(items / width);
  for (let n = 0; n < records; n++) {
    if (n % RECORDS_OF_A_SUBJECT === 0) out.write(`${n > 0 ? SUBJECT_END : ''}${subject(n / RECORDS_OF_A_SUBJECT)}`);
    if (!out.write(record(n, width))) await once(out, 'drain');
  }
  out.end(`${SUBJECT_END}</ClinicalData>\n</ODM>\n`);
  await done;
}

const SUBJECT_END = '</FormData></StudyEventData></SubjectData>\n';

const subject = (n) =>
  `<SubjectData SubjectKey="S${n}"><StudyEventData StudyEventOID="SE.1"><FormData FormOID="FO.1">\n`;

function record(n, width) {
  let text = `<ItemGroupData ItemGroupOID="IG.WIDE" ItemGroupRepeatKey="${1 + (n % RECORDS_OF_A_SUBJECT)}">`;
  for (let item = 0; item < width; item++) {
    text += `<ItemData ItemOID="IT.WIDE.I${item}" Value="${KINDS[item % KINDS.length].value(n, item)}"/>`;
  }
  return `${text}</ItemGroupData>\n`;
}

function definitions(width) {
  const all = Array.from({ length: width }, (_, item) => item);
  const refs = all.map((item) => `<ItemRef ItemOID="IT.WIDE.I${item}" OrderNumber="${item + 1}" Mandatory="No"/>`);
  const items = all.map(
    (item) => `<ItemDef OID="IT.WIDE.I${item}" Name="I${item}" ${KINDS[item % KINDS.length].definition}`,
  );
  const codes = ['A', 'B', 'C'].map(
    (code) =>
      `<CodeListItem CodedValue="${code}"><Decode><TranslatedText xml:lang="en">Answer ${code}</TranslatedText></Decode></CodeListItem>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" ODMVersion="1.3.2" FileType="Snapshot" FileOID="WIDE" CreationDateTime="2026-02-02T05:00:00Z">
<Study OID="WIDE"><GlobalVariables><StudyName>WIDE</StudyName><StudyDescription>Wide item groups</StudyDescription><ProtocolName>WIDE</ProtocolName></GlobalVariables>
<MetaDataVersion OID="MDV.1" Name="Version 1">
<Protocol><StudyEventRef StudyEventOID="SE.1" OrderNumber="1" Mandatory="Yes"/></Protocol>
<StudyEventDef OID="SE.1" Name="Event" Repeating="No" Type="Scheduled"><FormRef FormOID="FO.1" OrderNumber="1" Mandatory="Yes"/></StudyEventDef>
<FormDef OID="FO.1" Name="Form" Repeating="No"><ItemGroupRef ItemGroupOID="IG.WIDE" OrderNumber="1" Mandatory="Yes"/></FormDef>
<ItemGroupDef OID="IG.WIDE" Name="Wide" Repeating="Yes">${refs.join('')}</ItemGroupDef>
${items.join('\n')}
<CodeList OID="CL.ABC" Name="Answers" DataType="text">${codes.join('')}</CodeList>
</MetaDataVersion></Study>
<ClinicalData StudyOID="WIDE" MetaDataVersionOID="MDV.1">
`;
}
