import type { Value } from './value.ts';

/** The names that are seen at a place of a template, the nearest first. */
export class Scope {
  readonly #own = new Map<string, Value>();
  readonly #outer: Scope | undefined;

  constructor(outer?: Scope, own: Iterable<readonly [string, Value]> = []) {
    this.#outer = outer;
    for (const [name, value] of own) this.#own.set(name, value);
  }

  get(name: string): Value | undefined {
    return this.#own.has(name) ? this.#own.get(name) : this.#outer?.get(name);
  }

  set(name: string, value: Value): void {
    this.#own.set(name, value);
  }

  names(): string[] {
    return [...this.#own.keys(), ...(this.#outer?.names() ?? [])];
  }
}
