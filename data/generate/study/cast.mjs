// @ts-check
import { SITES } from './design.mjs';

/**
 * The women with whom something happens on purpose. `data/README.md` says of each what, where, and what must come
 * of it. Their places do not depend on the seed; a trial of fewer women leaves out those beyond its end.
 */
const CAST = /** @type {const} */ ({
  rescreenedRandomised: '103-005',
  rescreenedFailed: '110-012',
  neverTreated: '106-009',
  wrongKit: '108-011',
  death: '102-010',
  moved: '104-021',
  removedEvent: '105-007',
  removedMiddle: '101-013',
  removedItem: '103-016',
  removedForm: '108-017',
  twoWithoutKeys: '107-006',
  threeWithoutKeys: '111-008',
  partialMonth: '112-019',
  partialYear: '109-018',
  halfTablet: '104-003',
  hexadecimal: '110-006',
  notApplicable: '102-004',
  lineBreakReference: '107-012',
  lineBreakRaw: '105-014',
  typographic: '111-015',
  ideographs: '109-011',
  twoCorrections: '106-015',
  uncoded: '109-005',
  notDone: '112-003',
  rangeChange: '104-005',
  retest: '102-007',
  cancelled: '106-004',
});

/** @typedef {keyof typeof CAST} Role */

/** @param {string} place `103-005`: site and number */
function indexOf(place) {
  const [site, number] = place.split('-').map(Number);
  return (number - 1) * SITES.length + site - 101;
}

/** @type {ReadonlyMap<number, Role>} */
const ROLES = new Map(Object.entries(CAST).map(([role, place]) => [indexOf(place), /** @type {Role} */ (role)]));

/**
 * @param {number} index of the woman, from 0
 * @returns {Role | undefined}
 */
export const roleOf = (index) => ROLES.get(index);
