/** Jupyter counts a cursor in Unicode characters, JavaScript in UTF-16 units: an emoji is one there and two here. */
export function toUnits(code: string, characters: number | null | undefined): number {
  if (characters === null || characters === undefined) return code.length;
  let units = 0;
  let count = 0;
  for (const character of code) {
    if (count++ >= characters) break;
    units += character.length;
  }
  return units;
}

/** Converts UTF-16 units to Unicode characters. */
export function toCharacters(code: string, units: number): number {
  let count = 0;
  for (const _ of code.slice(0, units)) count++;
  return count;
}
