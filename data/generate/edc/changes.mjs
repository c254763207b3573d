// @ts-check
/**
 * What a transactional file says of the way from one casebook to a later one: the nodes that differ, under the
 * Context of those that do not, each change with its audit record.
 *
 * @typedef {import('./tree.mjs').Change & { reason?: string, at?: string }} Node
 * @typedef {(node: Node) => import('./tree.mjs').Audit} Stamp
 */

/**
 * @param {import('./tree.mjs').SubjectNode} before
 * @param {import('./tree.mjs').SubjectNode} after
 * @param {Stamp} stamp
 * @returns {import('./tree.mjs').SubjectNode | undefined} nothing where nothing changed
 */
export function subjectChanges(before, after, stamp) {
  const moved = before.site !== after.site;
  /** @type {Node} */
  const own = moved ? { transaction: 'Update', audit: stamp(after) } : { transaction: 'Context' };
  const events = children(before.events, after.events, place, (b, a) => eventChanges(b, a, stamp), stamp);
  return moved || events.length > 0 ? { ...after, ...own, events } : undefined;
}

/** @param {{ oid: string, key?: string, id?: string }} node */
const place = (node) => `${node.oid}\n${node.key ?? ''}\n${node.id ?? ''}`;

/**
 * @template {Node & { oid: string }} T
 * @param {readonly T[]} before
 * @param {readonly T[]} after
 * @param {(node: T) => string} key
 * @param {(before: T | undefined, after: T) => T | undefined} compare
 * @param {Stamp} stamp
 * @returns {T[]}
 */
function children(before, after, key, compare, stamp) {
  const known = new Map(before.map((node) => [key(node), node]));
  return after.flatMap((node) => {
    const change = node.removed ? removal(node, stamp) : compare(known.get(key(node)), node);
    return change ? [change] : [];
  });
}

/**
 * The removed element itself, without its content.
 *
 * @template {Node} T
 * @param {T} node
 * @param {Stamp} stamp
 * @returns {T}
 */
function removal(node, stamp) {
  const empty = { forms: [], groups: [], items: [] };
  return { ...node, ...empty, transaction: 'Remove', audit: stamp({ ...node, reason: node.removed }) };
}

/**
 * Every node below an inserted one is inserted too; all but the items say by whom.
 *
 * @template {Node} T
 * @param {T} node
 * @param {Stamp} stamp
 * @returns {T}
 */
function inserted(node, stamp) {
  return { ...node, transaction: 'Insert', audit: stamp({ day: node.day, reason: 'Initial entry' }) };
}

/** @param {import('./tree.mjs').EventNode | undefined} before @param {import('./tree.mjs').EventNode} after @param {Stamp} stamp */
function eventChanges(before, after, stamp) {
  const own = before ? { ...after, transaction: /** @type {const} */ ('Context') } : inserted(after, stamp);
  const forms = children(
    before?.forms ?? [],
    after.forms.map((f) => ({ day: after.day, ...f })),
    place,
    (b, a) => formChanges(b, a, stamp),
    stamp,
  );
  return forms.length > 0 ? { ...own, forms } : undefined;
}

/** @param {import('./tree.mjs').FormNode | undefined} before @param {import('./tree.mjs').FormNode} after @param {Stamp} stamp */
function formChanges(before, after, stamp) {
  const own = before ? { ...after, transaction: /** @type {const} */ ('Context') } : inserted(after, stamp);
  const known = new Map((before?.groups ?? []).map((g) => [place(g), g]));
  const changes = after.groups.map((g) => {
    const node = { ...g, day: Math.max(g.day ?? 0, before ? 0 : (after.day ?? 0)) };
    return node.removed ? removal(node, stamp) : groupChanges(known.get(place(g)), node, stamp);
  });
  const groups = after.groups.flatMap(
    (g, i) =>
      changes[i] ??
      (countsFor(after.groups, changes, i) ? [{ ...g, transaction: /** @type {const} */ ('Context'), items: [] }] : []),
  );
  return groups.length > 0 ? { ...own, groups } : undefined;
}

/**
 * A group without a repeat key is known by its place among its like: those before a changed one stand as Context.
 *
 * @param {readonly import('./tree.mjs').GroupNode[]} groups
 * @param {readonly unknown[]} changes
 * @param {number} i
 */
const countsFor = (groups, changes, i) =>
  groups[i].key === undefined &&
  groups.some((g, j) => j > i && g.oid === groups[i].oid && g.key === undefined && changes[j] !== undefined);

/** @param {import('./tree.mjs').GroupNode | undefined} before @param {import('./tree.mjs').GroupNode} after @param {Stamp} stamp @returns {import('./tree.mjs').GroupNode | undefined} */
function groupChanges(before, after, stamp) {
  if (!before)
    return { ...inserted(after, stamp), items: after.items.map((item) => ({ ...item, transaction: 'Insert' })) };
  const known = new Map(before.items.map((item) => [item.oid, item]));
  const items = after.items.flatMap((item) => {
    const old = known.get(item.oid);
    const node = { ...item, day: after.day };
    if (item.removed) return [removal(node, stamp)];
    if (!old)
      return [
        {
          ...node,
          transaction: /** @type {const} */ ('Insert'),
          audit: stamp({ ...node, reason: item.reason ?? 'Initial entry' }),
        },
      ];
    if (old.value === item.value && old.unit === item.unit && old.isNull === item.isNull) return [];
    return [
      {
        ...node,
        transaction: /** @type {const} */ ('Update'),
        audit: stamp({ ...node, reason: item.reason ?? 'Updated from source' }),
      },
    ];
  });
  return items.length > 0 ? { ...after, transaction: 'Context', items } : undefined;
}
