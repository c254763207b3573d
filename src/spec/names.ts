import { SUBMISSION } from '../project/submission.ts';

/** How a model is called in a workbook: `AE` for `sdtm.ae`, `staged.ct` for any other. */
export function workbookName(model: string): string {
  const [schema, name] = model.split('.');
  return schema === SUBMISSION ? name.toUpperCase() : model;
}

/** The model of a name in a workbook; there need not be one. */
export function modelOf(dataset: string): string {
  return (dataset.includes('.') ? dataset : `${SUBMISSION}.${dataset}`).toLowerCase();
}

/** `MT.AE.AESEQ`, `COM.AE`, `WC.LB.LBORRES.2`: what a row of another sheet is named after. */
export const idOf = (prefix: 'MT' | 'COM' | 'WC', place: readonly (string | number)[]) => [prefix, ...place].join('.');
