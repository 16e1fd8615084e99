/** Forms in which a table is printed for other programs. */
export const rowFormats = ['json', 'csv', 'markdown'] as const;

export type RowFormat = (typeof rowFormats)[number];
