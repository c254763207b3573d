// @ts-check
/**
 * Clinical data between the casebook and the file: plain nodes, one for each ODM element.
 *
 * @typedef {'Insert' | 'Update' | 'Remove' | 'Context'} Transaction
 *
 * @typedef {object} Audit
 * @property {string} user UserOID
 * @property {string} location LocationOID
 * @property {string} at DateTimeStamp
 * @property {string} reason ReasonForChange
 * @property {string} id SourceID
 *
 * @typedef {object} Change what is common to all nodes
 * @property {string} [removed] the reason for which the later file removes it
 * @property {number} [day] on which it was last changed
 * @property {Transaction} [transaction]
 * @property {Audit} [audit]
 *
 * @typedef {Change & { oid: string, value?: string, unit?: string, isNull?: boolean, rawLineBreaks?: boolean, reason?: string, at?: string }} ItemNode
 * @typedef {Change & { oid: string, key?: string, id?: string, items: ItemNode[] }} GroupNode
 * @typedef {Change & { oid: string, groups: GroupNode[] }} FormNode
 * @typedef {Change & { oid: string, key?: string, forms: FormNode[] }} EventNode
 * @typedef {Change & { key: string, site: import('../study/design.mjs').Site, reason?: string, at?: string, events: EventNode[] }} SubjectNode
 *
 * @typedef {string | number | undefined | (Partial<ItemNode> & { value?: string })} Value
 */

/**
 * @param {string} code of the item group: `AE`
 * @param {Record<string, Value>} values by name; those that are undefined are not sent
 * @param {Partial<GroupNode>} [more]
 * @returns {GroupNode}
 */
export function group(code, values, more) {
  /** @type {ItemNode[]} */
  const items = [];
  for (const name of Object.keys(values)) {
    const value = values[name];
    if (value === undefined) continue;
    const oid = `IT.${code}.${name}`;
    items.push(typeof value === 'object' ? { oid, ...value } : { oid, value: String(value) });
  }
  return { oid: `IG.${code}`, ...more, items };
}

/**
 * @param {string} code
 * @param {readonly (GroupNode | undefined)[]} groups
 * @param {Partial<FormNode>} [more]
 * @returns {FormNode | undefined} nothing where the form is empty
 */
export function form(code, groups, more) {
  const present = groups.filter((g) => g !== undefined);
  return present.length === 0 ? undefined : { oid: `FO.${code}`, ...more, groups: present };
}

/**
 * @param {string} oid
 * @param {readonly (FormNode | undefined)[]} forms
 * @param {Partial<EventNode>} [more]
 * @returns {EventNode | undefined} nothing where the event is empty
 */
export function event(oid, forms, more) {
  const present = forms.filter((f) => f !== undefined);
  return present.length === 0 ? undefined : { oid, ...more, forms: present };
}
