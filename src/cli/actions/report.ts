import { writeReport } from '../../report/write-report.ts';

export async function run(folder: string, options: { pictures: boolean }): Promise<void> {
  const { report, pictures, messages } = await writeReport(folder, options);
  for (const message of messages) process.stderr.write(`nacre: ${message}\n`);
  process.stdout.write(`${report}\n`);
  if (pictures.length > 0) process.stdout.write(`${pictures.length} pictures in figures/\n`);
}
