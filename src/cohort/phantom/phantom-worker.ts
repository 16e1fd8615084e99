import { type PatientTask, type WrittenPatient, writePatient } from './write-patient.ts';

/** Worker thread of `writePhantom`: one patient per task. */
export default function work(task: PatientTask): WrittenPatient {
  return writePatient(task);
}
