import { type PatientTask, type WrittenPatient, writePatient } from './write-patient.ts';

/** Worker thread of `writePhantom`: a patient at a time. */
export default function work(task: PatientTask): WrittenPatient {
  return writePatient(task);
}
