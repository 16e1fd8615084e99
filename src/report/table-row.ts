/** A row of a table: column title to value; undefined is shown as missing. */
export type TableRow = Record<string, string | number | boolean | undefined>;
