/** The schema whose models are the datasets of the submission. */
export const SUBMISSION = 'sdtm';

export const isDataset = ({ schema }: { readonly schema: string }) => schema === SUBMISSION;
