export function page(...x: unknown[]): string {
  return JSON.stringify(x);
}
