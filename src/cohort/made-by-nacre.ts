/** What a manifest says of patients that nacre makes itself. */
export const madeByNacre = {
  citation: 'Made by nacre from a seed; there is nothing to cite',
  licence: 'CC0-1.0',
  synthetic: true,
} as const;
