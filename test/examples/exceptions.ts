/**
 * Examples that are not run here, each with the reason. A list kept by hand: the test fails for one that no longer stands
 * anywhere, so that it does not grow stale.
 */
export const notRun: Readonly<Record<string, string>> = {
  'nacre radiomics dce/ RTSTRUCT.dcm --phase 2 --roi "GTV*"':
    'test/imaging/dicom makes series and contours by code and reads them through the same functions',
  'nacre cohort qc my-cohort/manifest.json --serve': 'a server that runs until it is stopped',
  'nacre cohort qc my-cohort/manifest.json --serve --reviewer "A. Reader"':
    'a server that runs until it is stopped',
  'nacre dicom list /data/export':
    'an export of a hospital; test/imaging/dicom and test/cli make one by code',
  'nacre dicom import /data/export --to my-cohort':
    'an export of a hospital; test/imaging/dicom and test/cli make one by code',
  'nacre dicom list /data/export --csv > series.csv':
    'an export of a hospital; test/imaging/dicom makes series, contours and segments by code',
  'nacre dicom seg ct/ tumour.nii.gz --out tumour.dcm':
    'an export of a hospital; test/imaging/dicom makes series, contours and segments by code',
  'nacre dicom seg dce/ RTSTRUCT.dcm --phase 2 --roi "GTV*" --region both --out regions.dcm':
    'an export of a hospital; test/imaging/dicom makes series, contours and segments by code',
  'nacre cohort fetch ispy2 --scans --patient ISPY2-100899 --index idc_index.parquet':
    'a public archive; test/cohort/archives has a server that behaves like it',
  'nacre cohort fetch ispy2 --then extract --study ispy2-scans.yaml --disk 20GB --index idc_index.parquet':
    'a public archive; test/study/stream-cohort streams from a server of this machine',
  'npm ci': 'installs the packages that this test runs with',
  'npm test': 'is what runs this test',
  'python3 -m venv ~/jl': 'makes a Python environment in the home folder',
  '~/jl/bin/pip install -r bench/peers/requirements-jupyterlab.txt': 'installs from PyPI',
  '~/jl/bin/jupyter-lab notebooks': 'a server that runs until it is stopped',
};

/**
 * Examples that are run with other words than they show: the network is a folder, a long one is made short. By the words
 * that are replaced; the rest of the line is run as it stands.
 */
export const lighter: readonly { example: string; instead: string; reason: string }[] = [
  {
    example: 'nacre cohort fetch ispy1',
    instead: 'nacre cohort fetch ispy1 --mirror ../shared/datasets/ispy1 --to ispy1-fetched',
    reason: 'public archives: a local copy of the same files stands in',
  },
  {
    example: 'nacre cohort fetch ispy1 --mirror /media/ispy1 --to /data/ispy1',
    instead: 'nacre cohort fetch ispy1 --mirror ../shared/datasets/ispy1 --to /data/ispy1',
    reason: 'a disk with a copy of the same files',
  },
  {
    example: 'nacre cohort check ispy1',
    instead: 'nacre cohort check ispy1 --mirror ../shared/datasets/ispy1',
    reason: 'the fetched files, wherever they were put',
  },
  {
    example: 'nacre cohort phantom --patients 177 --seed 7 --signal 0 --out null-cohort',
    instead: 'nacre cohort phantom --patients 10 --seed 7 --signal 0 --out null-cohort',
    reason: 'each patient takes some tenths of a second',
  },
  {
    example: 'nacre cohort phantom --out phantom',
    instead: 'nacre cohort phantom --out phantom --patients 10',
    reason: 'each patient takes some tenths of a second',
  },
];
