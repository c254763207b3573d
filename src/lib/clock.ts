/** What time it is. Passed in wherever it matters, so that a test can say. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();
