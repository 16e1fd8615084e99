/** The range of torch over nacre in the words of README and of `bench/deep.md`. */
export function rangeText(rows: readonly { size: number; ratio: number }[]): string {
  const range = (size: number) => {
    const ratios = rows.filter((row) => row.size === size).map((row) => row.ratio);
    return `${Math.min(...ratios).toFixed(1)} to ${Math.max(...ratios).toFixed(1)}`;
  };
  return `${range(64)} times faster than torch at 64³ and ${range(96)} times at 96³`;
}
