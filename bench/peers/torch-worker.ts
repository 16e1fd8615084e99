import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';

type Script = 'medicalnet_torch.py' | 'monai_encoders.py';

/** A Python process that runs the networks of a script of this folder: one request at a time, one answer each. */
export class TorchWorker {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly lines: Interface;
  private readonly waiting: { resolve(line: string): void; reject(error: Error): void }[] = [];
  private stderr = '';

  constructor(python: string, script: Script = 'medicalnet_torch.py') {
    this.child = spawn(python, [fileURLToPath(new URL(script, import.meta.url))]);
    this.child.stderr.on('data', (chunk) => {
      this.stderr = (this.stderr + chunk).slice(-2000);
    });
    this.lines = createInterface({ input: this.child.stdout });
    this.lines.on('line', (line) => this.waiting.shift()?.resolve(line));
    this.child.on('exit', (code) => {
      const error = new Error(`torch's process ended (${code}): ${this.stderr}`);
      for (const { reject } of this.waiting.splice(0)) reject(error);
    });
  }

  /** Calls a function of the script by name. @throws the error it raised */
  async call<T>(name: string, args: Record<string, unknown>): Promise<T> {
    const line = await new Promise<string>((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.child.stdin.write(`${JSON.stringify({ call: name, ...args })}\n`);
    });
    const answer = JSON.parse(line) as T & { error?: string };
    if (answer.error !== undefined) throw new Error(`torch, ${name}: ${answer.error}`);
    return answer;
  }

  close(): void {
    this.lines.close();
    this.child.stdin.end();
  }
}
