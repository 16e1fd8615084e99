/** The text of a number as it is printed: with true minuses, and without a sign where it rounds to zero. */
export function printed(text: string): string {
  return (/^-0(\.0*)?$/.test(text) ? text.slice(1) : text).replaceAll('-', '−');
}

/** The same with its sign in front, plus or minus; zero has none. */
export function signed(text: string): string {
  return printed(/^[-0]/.test(text) && Number(text) <= 0 ? text : `+${text}`);
}

/** A number with so many significant digits, without zeros at its end. */
export function significant(value: number, digits: number): string {
  return printed(String(Number(value.toPrecision(digits))));
}

/** `printed` for the plain scripts of pages. */
export const printedScript = `const printed = (text) => (/^-0(\\.0*)?$/.test(text) ? text.slice(1) : text).replaceAll('-', '\\u2212');
`;
