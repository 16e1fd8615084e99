import { join } from 'node:path';
import { bytesOf } from './done-work.ts';
import { type Bench, lastLine, placeOf } from './fault.ts';
import { type Subject, startStudy } from './subject.ts';

/** The run that all others are held against. @param report drawn as well, for trials that compare it */
export async function undisturbed(
  subject: Subject,
  folder: string,
  { report }: { report: boolean },
): Promise<Bench> {
  const whole = placeOf(join(folder, 'undisturbed'));
  const began = performance.now();
  const ended = await startStudy(subject, whole, { report }).ended;
  if (ended.code !== 0) throw new Error(`the undisturbed run failed: ${lastLine(ended)}`);
  const seconds = (performance.now() - began) / 1000;
  return { subject, folder, whole, bytes: bytesOf(whole.run), seconds };
}
