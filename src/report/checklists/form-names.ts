/** Names of the reporting checklists. */
export const formNames = ['clear', 'metrics', 'tripod-ai', 'claim'] as const;
export type FormName = (typeof formNames)[number];
