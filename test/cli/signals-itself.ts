/**
 * Words for `node` with which a process sends itself `signal` as it writes `text` on stderr. A signal from the test's process comes
 * when that process has a turn: on a busy machine, when the work to be stopped is over.
 */
export function signalsItself(signal: NodeJS.Signals, text: string): string[] {
  const code = `import { isMainThread } from 'node:worker_threads';
const write = process.stderr.write;
if (isMainThread) process.stderr.write = function (...said) {
  const written = write.apply(process.stderr, said);
  if (String(said[0]).includes(${JSON.stringify(text)})) {
    process.stderr.write = write;
    process.kill(process.pid, ${JSON.stringify(signal)});
  }
  return written;
};`;
  return ['--import', `data:text/javascript,${encodeURIComponent(code)}`];
}
