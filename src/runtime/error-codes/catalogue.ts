/** Fields of each code in `docs/errors.md`. */
export type ErrorCatalogue = Readonly<Record<string, { when: string; todo: string }>>;
