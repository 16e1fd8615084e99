/** What `docs/errors.md` says of each code. */
export type ErrorCatalogue = Readonly<Record<string, { when: string; todo: string }>>;
