/** Joins bursts of small writes into few messages; order between stdout, stderr and displays is kept. */
export function joinStreams(send: (name: string, text: string) => void) {
  let name = '';
  let pieces: string[] = [];
  let scheduled = false;
  const flush = () => {
    if (pieces.length === 0) return;
    const text = pieces.join('');
    pieces = [];
    send(name, text);
  };
  const write = (stream: string, text: string) => {
    if (stream !== name) {
      flush();
      name = stream;
    }
    pieces.push(text);
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      flush();
    });
  };
  return { write, flush };
}
