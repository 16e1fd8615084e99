/** How the values of a network become features. `none`: every value is one. */
export const poolings = ['mean', 'max', 'none'] as const;
export type Pooling = (typeof poolings)[number];
