import { SUBMISSION } from './submission.ts';

/** The name of a model, or of any table, without its schema: `ae` for `sdtm.ae`. */
export const shortName = (model: string) => model.slice(model.indexOf('.') + 1);

/** Its schema: `sdtm`. */
export const schemaOf = (model: string) => model.split('.')[0];

/** What a model is called in the exports: `AE` for `sdtm.ae`. */
export const datasetName = (model: string) => shortName(model).toUpperCase();

/** Of several models of a name, the one that is meant most often: that of sdtm. */
export const likeliest = (models: readonly string[]): string | undefined =>
  models.find((model) => schemaOf(model) === SUBMISSION) ?? models[0];
