/**
 * The action of a command, from a module that is imported when the command runs: help, and every other command, load none
 * of its work.
 *
 * @param load a dynamic import, written out by the caller so that its types are known: `() => import('./actions/study.ts')`
 * @param name of the function in that module
 */
export function onUse<M, K extends keyof M>(
  load: () => Promise<M>,
  name: K,
): (...given: Given<M[K]>) => Promise<void> {
  return async (...given) => {
    const action = (await load())[name] as (...given: Given<M[K]>) => void | Promise<void>;
    await action(...given);
  };
}

type Given<F> = F extends (...given: infer A) => void | Promise<void> ? A : never;
