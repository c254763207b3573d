import { own } from '../../lib/own.ts';
import { escapeValue } from './xml-text.ts';

const XML = 'http://www.w3.org/XML/1998/namespace';

/** Prefixes by which people know these namespaces. */
const KNOWN: Readonly<Record<string, string>> = {
  'http://www.w3.org/2001/XMLSchema-instance': 'xsi',
  'http://www.w3.org/2000/09/xmldsig#': 'ds',
  'http://www.w3.org/1999/xlink': 'xlink',
  'http://www.w3.org/1999/xhtml': 'xhtml',
  'http://www.cdisc.org/ns/def/v2.0': 'def',
  'http://www.cdisc.org/ns/def/v2.1': 'def',
  'http://www.mdsol.com/ns/odm/metadata': 'mdsol',
  'http://www.openclinica.org/ns/odm_ext_v130/v3.1': 'OpenClinica',
  'https://projectredcap.org': 'redcap',
};

/**
 * The names of a document as they are written: every namespace has one prefix, declared at the root, the same for the
 * same set of namespaces. That of ODM is the default one, unless elements without a namespace stand in the document.
 */
export class Prefixes {
  readonly #odm: string;
  readonly #isDefault: boolean;
  readonly #prefixes = new Map<string, string>([[XML, 'xml']]);
  /** The declarations, as attributes of the root, each behind a blank. */
  readonly declarations: string;

  /**
   * @param odm namespace of the root; '' for none
   * @param elements namespaces of the elements that are nodes, '' among them where one is in none
   * @param attributes namespaces of attributes
   */
  constructor(odm: string, elements: readonly string[], attributes: readonly string[]) {
    this.#odm = odm;
    this.#isDefault = odm === '' || !elements.includes('');
    const used = new Set<string>(['odm']);
    const foreign = [...new Set([...elements, ...attributes])]
      .filter((one) => one !== '' && one !== XML && one !== odm)
      .sort();
    for (const namespace of foreign) {
      let prefix = own(KNOWN, namespace) ?? 'ns1';
      for (let n = 2; used.has(prefix); n++) prefix = `ns${n}`;
      used.add(prefix);
      this.#prefixes.set(namespace, prefix);
    }
    const needsPrefix = odm !== '' && (!this.#isDefault || attributes.includes(odm));
    if (needsPrefix) this.#prefixes.set(odm, 'odm');
    const declared = [...this.#prefixes].filter(([namespace]) => namespace !== XML);
    this.declarations =
      (this.#isDefault && odm !== '' ? ` xmlns="${escapeValue(odm)}"` : '') +
      declared.map(([namespace, prefix]) => ` xmlns:${prefix}="${escapeValue(namespace)}"`).join('');
  }

  element(namespace: string | null, name: string): string {
    const isOdm = (namespace ?? '') === this.#odm;
    return isOdm && this.#isDefault ? name : this.attribute(namespace, name);
  }

  attribute(namespace: string | null, name: string): string {
    return namespace === null || namespace === '' ? name : `${this.#prefixes.get(namespace)}:${name}`;
  }
}
