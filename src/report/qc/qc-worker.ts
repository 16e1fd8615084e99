import { type QcTask, type ScanQuality, scanQuality } from './scan-quality.ts';

/** Worker thread of the review page: one scan at a time. */
export default function work(task: QcTask): Promise<ScanQuality> {
  return scanQuality(task);
}
