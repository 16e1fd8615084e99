import { format } from 'node:util';
import { type CellPositions, excerptOf } from './cell-positions.ts';

/** Content of a Jupyter `error` message. */
export interface FaultContent {
  ename: string;
  evalue: string;
  traceback: string[];
}

/** Error of an interrupted cell. */
export const interruptedFault: FaultContent = {
  ename: 'Interrupted',
  evalue: 'the cell was interrupted; variables of earlier cells are as they were',
  traceback: ['Interrupted: the cell was interrupted; variables of earlier cells are as they were'],
};

/** The thrown error, with its stack lines in cells and the source around the innermost one. */
export function faultOf(reason: unknown, positions: CellPositions): FaultContent {
  if (!isError(reason)) {
    const evalue = format(reason);
    return { ename: 'Thrown', evalue, traceback: [`Thrown: ${evalue}`] };
  }
  const frames = positions.frames(String(reason.stack ?? ''));
  const place = frames.find((frame) => frame.place !== undefined)?.place;
  const where =
    place === undefined
      ? []
      : [`cell ${place.cell}, line ${place.line}`, ...positions.excerpt(place)];
  const cause =
    reason.cause === undefined
      ? []
      : [
          `caused by: ${isError(reason.cause) ? `${reason.cause.name}: ${reason.cause.message}` : format(reason.cause)}`,
        ];
  const evalue = String(reason.message);
  return {
    ename: String(reason.name),
    evalue,
    traceback: [...where, `${reason.name}: ${evalue}`, ...frames.map(({ text }) => text), ...cause],
  };
}

/** An error that TypeScript reports for a cell. */
export interface TypeComplaint {
  /** Empty for the cell itself. */
  file: string;
  line: number;
  column: number;
  message: string;
}

/** Errors of a cell that TypeScript refused, with the source around the first. */
export function typeFault(complaints: readonly TypeComplaint[], source: string): FaultContent {
  const [first] = complaints;
  const lines = complaints.map(
    ({ file, line, column, message }) => `${file}line ${line}, column ${column}: ${message}`,
  );
  const excerpt = first.file === '' ? excerptOf(source.split('\n'), first.line) : [];
  const ename = 'TypeError in cell';
  return {
    ename,
    evalue: lines[0],
    traceback: [...excerpt, ...lines.map((line) => `${ename}: ${line}`)],
  };
}

/** Errors of cells are made in the same realm; those of other realms have the same shape. */
function isError(reason: unknown): reason is Error {
  return reason instanceof Error || Object.prototype.toString.call(reason) === '[object Error]';
}
