import { refuse } from '../refusal.ts';
import { isQualifiedName } from './characters.ts';
import { LIMITS } from './events.ts';
import { Intern } from './intern.ts';

const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';
const XMLNS_NAMESPACE = 'http://www.w3.org/2000/xmlns/';

/** The bindings in force, and what each qualified name (by its number) stands for under them; -1: not yet asked. */
class Scope {
  readonly bindings: ReadonlyMap<string, string>;
  readonly number: number;
  elements = new Int32Array(256).fill(-1);
  attributes = new Int32Array(256).fill(-1);

  constructor(bindings: ReadonlyMap<string, string>, number: number) {
    this.bindings = bindings;
    this.number = number;
  }

  remember(table: 'elements' | 'attributes', raw: number, name: number): void {
    if (raw >= this[table].length) {
      const grown = new Int32Array(Math.max(this[table].length * 2, raw + 1)).fill(-1);
      grown.set(this[table]);
      this[table] = grown;
    }
    this[table][raw] = name;
  }
}

function malformed(message: string, byte?: number): Error {
  return refuse('ODM_NOT_WELL_FORMED', message, byte);
}

/**
 * Names of a document: qualified names as written (raw numbers), and expanded names (namespace and local name), also
 * as numbers. Scopes are kept by their content, so a document that declares the same prefixes on every element
 * costs no more than one that declares them once.
 */
export class Names {
  readonly raw = new Intern();
  /** 1 for the raw names that, as attributes, declare a namespace. */
  readonly isDeclaration = new Uint8Array(LIMITS.names);
  #admitted = 0;
  readonly #namespaces: string[] = [];
  readonly #locals: string[] = [];
  readonly #expanded = new Map<string, number>();
  readonly #scopes = new Map<string, Scope>();
  scope = new Scope(new Map([['xml', XML_NAMESPACE]]), 0);

  namespace(name: number): string {
    return this.#namespaces[name];
  }

  local(name: number): string {
    return this.#locals[name];
  }

  /** The number of an expanded name; the namespace '' is none. */
  expand(namespace: string, local: string): number {
    const key = `${namespace} ${local}`;
    let name = this.#expanded.get(key);
    if (name === undefined) {
      name = this.#locals.length;
      if (name >= LIMITS.names) throw refuse('ODM_TOO_LARGE', `The document uses more than ${LIMITS.names} names.`);
      this.#expanded.set(key, name);
      this.#namespaces.push(namespace);
      this.#locals.push(local);
    }
    return name;
  }

  /** The raw number of a qualified name, checked when it is first seen. */
  qualified(bytes: Uint8Array, start: number, end: number): number {
    const raw = this.raw.code(bytes, start, end);
    if (raw === this.#admitted) this.#admit(raw, end - start);
    return raw;
  }

  #admit(raw: number, length: number): void {
    if (raw >= LIMITS.names) throw refuse('ODM_TOO_LARGE', `The document uses more than ${LIMITS.names} names.`);
    if (length > LIMITS.nameBytes) throw refuse('ODM_TOO_LARGE', `A name is longer than ${LIMITS.nameBytes} bytes.`);
    const text = this.raw.text(raw);
    if (!isQualifiedName(text)) throw malformed('A name is not a qualified name of XML.');
    this.isDeclaration[raw] = text === 'xmlns' || text.startsWith('xmlns:') ? 1 : 0;
    this.#admitted++;
  }

  element(raw: number): number {
    const name = this.scope.elements[raw];
    return name >= 0 ? name : this.#resolve(raw, 'elements');
  }

  /** An attribute without prefix is in no namespace (Namespaces in XML 1.0, 6.2). */
  attribute(raw: number): number {
    const name = this.scope.attributes[raw];
    return name >= 0 ? name : this.#resolve(raw, 'attributes');
  }

  #resolve(raw: number, table: 'elements' | 'attributes'): number {
    const text = this.raw.text(raw);
    const colon = text.indexOf(':');
    const prefix = colon < 0 ? '' : text.slice(0, colon);
    const namespace = prefix === '' && table === 'attributes' ? '' : this.scope.bindings.get(prefix);
    if (namespace === undefined && prefix !== '') throw malformed('A prefix is not bound to a namespace.');
    const name = this.expand(namespace ?? '', text.slice(colon + 1));
    this.scope.remember(table, raw, name);
    return name;
  }

  /**
   * Enters the scope that these declarations (raw name, namespace) make of the present one.
   * @param places where they stand
   */
  declare(declarations: readonly (readonly [raw: number, namespace: string])[], places: readonly number[] = []): void {
    const key = `${this.scope.number} ${JSON.stringify(declarations)}`;
    let scope = this.#scopes.get(key);
    if (scope === undefined) {
      if (this.#scopes.size >= LIMITS.namespaceScopes) {
        throw refuse(
          'ODM_TOO_LARGE',
          `The document has more than ${LIMITS.namespaceScopes} sets of namespace bindings.`,
        );
      }
      const bindings = new Map(this.scope.bindings);
      for (const [k, [raw, namespace]] of declarations.entries()) {
        bind(bindings, this.raw.text(raw).slice(6), namespace, places[k]);
      }
      scope = new Scope(bindings, this.#scopes.size + 1);
      this.#scopes.set(key, scope);
    }
    this.scope = scope;
  }
}

/** Namespaces in XML 1.0, section 3. */
function bind(bindings: Map<string, string>, prefix: string, namespace: string, byte?: number): void {
  if (prefix === 'xmlns') throw malformed('The prefix xmlns must not be declared.', byte);
  if ((prefix === 'xml') !== (namespace === XML_NAMESPACE)) {
    throw malformed('The prefix xml and its namespace belong to each other only.', byte);
  }
  if (namespace === XMLNS_NAMESPACE) throw malformed('The namespace of xmlns must not be bound.', byte);
  if (prefix !== '' && namespace === '') throw malformed('A prefix is bound to the empty namespace.', byte);
  bindings.set(prefix, namespace);
}
