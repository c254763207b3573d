// @ts-check
/** @typedef {Record<string, string | number | undefined>} Attributes */

/** @type {Record<string, string>} */
const REFERENCES = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

/** @param {string} text */
export const escapeText = (text) => (/[&<>]/.test(text) ? text.replace(/[&<>]/g, (c) => REFERENCES[c]) : text);

/** @param {string} text */
export const escapeAttribute = (text) =>
  /[&<>"\n\r\t]/.test(text) ? text.replace(/[&<>"\n\r\t]/g, (c) => REFERENCES[c]) : text;

/** @param {Attributes} attributes those that are undefined are left out */
function attributeText(attributes) {
  let text = '';
  for (const name of Object.keys(attributes)) {
    const value = attributes[name];
    if (value !== undefined) text += ` ${name}="${escapeAttribute(String(value))}"`;
  }
  return text;
}

/**
 * One element as text.
 *
 * @param {string} name
 * @param {Attributes} attributes
 * @param {...(string | readonly string[])} content elements or escaped text
 * @returns {string}
 */
export function element(name, attributes, ...content) {
  const inner = content.flat().join('');
  return inner === ''
    ? `<${name}${attributeText(attributes)}/>`
    : `<${name}${attributeText(attributes)}>${inner}</${name}>`;
}
