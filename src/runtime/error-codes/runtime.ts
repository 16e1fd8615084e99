import type { ErrorCatalogue } from './catalogue.ts';

/** Files, folders, downloads, workers and names: errors that any folder may throw. */
export const runtimeErrors = {
  'file-missing': {
    when: 'A file cannot be opened: it is not there, or its permissions forbid it.',
    todo: 'Correct the path, or put the file there.',
  },
  'file-changed': {
    when: 'A file changed while nacre was working on it.',
    todo: 'Run the same command again.',
  },
  'write-failed': {
    when: 'A file or folder cannot be written: no space, no permission, or a file where a folder should be.',
    todo: 'Free space or choose another output folder; the same command then continues.',
  },
  'folder-busy': {
    when: 'Another run is writing into this folder.',
    todo: 'Wait for it, or choose another folder.',
  },
  'path-escapes': {
    when: 'A path, or a symbolic link on it, leads out of the folder it must stay in.',
    todo: 'Put the file below the folder and correct the path.',
  },
  truncated: {
    when: 'A file ends before the data that its header declares.',
    todo: 'Copy or fetch the file again.',
  },
  'too-large': {
    when: 'A file, archive or table is, or would unpack to, more than is allowed.',
    todo: 'Check that it is the right file; SECURITY.md lists the limits.',
  },
  'bad-gzip': {
    when: 'A gzip stream is truncated or damaged.',
    todo: 'Copy or fetch the file again.',
  },
  'not-utf8': {
    when: 'A text file is not UTF-8.',
    todo: 'Save it as UTF-8; the message names what it seems to be.',
  },
  'bad-json': {
    when: 'A file is not valid JSON.',
    todo: 'Correct it at the place that the message names, or restore it.',
  },
  'bad-yaml': {
    when: 'A file is not valid YAML, uses aliases, or is larger or deeper than any settings file.',
    todo: 'Correct it at the line that the message names.',
  },
  'bad-config': {
    when: 'A settings file, study or manifest has a value that is missing, wrong or in conflict with another.',
    todo: 'Correct the field that the message names.',
  },
  'unknown-key': {
    when: 'A settings file has a key that nacre does not know.',
    todo: 'Correct the key; the message names the nearest one.',
  },
  'unknown-name': {
    when: 'A name is not among the known ones: a cohort, network, parameter, wavelet, feature set, endpoint or partition.',
    todo: 'Use one of the names in the message.',
  },
  'bad-option': {
    when: 'An option or parameter has a value outside its range, or options contradict each other.',
    todo: 'Use a value in the range that the message names.',
  },
  'insecure-address': {
    when: 'A download address is not https.',
    todo: 'Use an https address, or a local copy with --mirror.',
  },
  'download-failed': {
    when: 'A download did not finish. What has arrived is kept.',
    todo: 'Run the same command again, or use a local copy with --mirror.',
  },
  'checksum-mismatch': {
    when: 'A file has another SHA-256 than the one that is published or pinned for it.',
    todo: 'Fetch it again, or correct the checksum where you changed the file on purpose.',
  },
  'out-of-memory': {
    when: 'A worker, or a library in it, needs more memory than it may use.',
    todo: 'Use fewer workers, or raise --max-old-space-size of node.',
  },
  'worker-ended': {
    when: 'A worker thread ended in the middle of its task.',
    todo: 'Run the same command again: finished work is kept.',
  },
} as const satisfies ErrorCatalogue;
