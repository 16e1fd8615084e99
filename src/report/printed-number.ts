/** The text of a number as it is printed: with a true minus, and without a sign where it rounds to zero. */
export function printed(text: string): string {
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text.replace(/^-/, '−');
}

/** The same with its sign in front, plus or minus; zero has none. */
export function signed(text: string): string {
  return printed(/^[-0]/.test(text) && Number(text) <= 0 ? text : `+${text}`);
}
