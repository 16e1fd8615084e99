/** The timers of a compiler's watch host. */
export interface TimerHost {
  setTimeout?(callback: Callback, milliseconds: number, ...values: unknown[]): unknown;
  clearTimeout?(timer: unknown): void;
}

type Callback = (...values: unknown[]) => void;

/**
 * Puts all timers of a compiler's watch host into one. The compiler sets one to compile again and another where a file
 * appeared or vanished that an import was looked for in; tslab, which fires them itself before each cell, knows one and
 * throws at the second.
 */
export function oneTimer(host: TimerHost): void {
  const { setTimeout, clearTimeout } = host;
  if (setTimeout === undefined || clearTimeout === undefined) return;
  const waiting = new Set<{ run: () => void }>();
  let isSet = false;
  const fire = () => {
    try {
      // A callback may set the next one, which runs in the same turn.
      for (const entry of waiting) {
        waiting.delete(entry);
        entry.run();
      }
    } finally {
      isSet = false;
    }
  };
  host.setTimeout = (callback, milliseconds, ...values) => {
    const entry = { run: () => callback(...values) };
    waiting.add(entry);
    if (!isSet) setTimeout.call(host, fire, milliseconds);
    isSet = true;
    return entry;
  };
  // The timer itself stays: a cell fires it, with whatever waits by then.
  host.clearTimeout = (entry) => {
    waiting.delete(entry as { run: () => void });
  };
}
