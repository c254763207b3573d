// @ts-check
import { delta, snapshot } from './edc/documents.mjs';
import { centralLaboratory } from './systems/central-laboratory.mjs';
import { coding } from './systems/coding.mjs';
import { crosswalk, exclusions } from './systems/crosswalk.mjs';
import { kits, randomisation } from './systems/randomisation.mjs';
import { arms, localRanges, sites, trialSummary, visits } from './systems/reference.mjs';
import { screenings } from './woman/identifiers.mjs';
import { woman } from './woman/woman.mjs';

/**
 * All files the systems of the trial send, each as pieces of text that are made as they are read. A name that ends in
 * `.gz` is compressed when it is written.
 *
 * @param {number} seed
 * @param {number} subjects women screened
 * @returns {[name: string, text: Iterable<string>][]}
 */
export function sources(seed, subjects) {
  return [
    ['edc/vexin03_snapshot_2026-02-02.xml.gz', snapshot(seed, subjects)],
    ['edc/vexin03_delta_2026-02-23.xml.gz', delta(seed, subjects)],
    ['rand/randomisation.csv', randomisation(seed, subjects, 'DUMMY')],
    ['rand/randomisation_unblinded.csv', randomisation(seed, subjects, 'ACTUAL')],
    ['rand/kits.csv', kits(seed, subjects, 'DUMMY')],
    ['rand/kits_unblinded.csv', kits(seed, subjects, 'ACTUAL')],
    ['lab/central_lab.csv', centralLaboratory(seed, subjects)],
    ['lab/local_ranges.csv', localRanges()],
    ['coding/coding.csv', coding(seed, subjects)],
    ['crosswalk/subjects.csv', crosswalk(seed, subjects)],
    ['crosswalk/exclusions.csv', exclusions()],
    ['ref/trial_summary.csv', trialSummary(firstConsent(seed, subjects))],
    ['ref/arms.csv', arms()],
    ['ref/visits.csv', visits()],
    ['ref/sites.csv', sites()],
  ];
}

/** @param {number} seed @param {number} subjects */
function firstConsent(seed, subjects) {
  let first = Number.POSITIVE_INFINITY;
  for (let i = 0; i < subjects; i++) first = Math.min(first, screenings(woman(seed, i))[0].day);
  return first;
}
