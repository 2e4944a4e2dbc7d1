import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { kill } from '../../support/compiled.js';
import type { WorkerOrder, WorkerReport, WorkerSetup } from './orders.js';

/** A process that receives webhooks, or deals with those that wait in the queue, or both. */
export class WorkerProcess {
  /** The ids of the events whose handlers began. */
  readonly began: string[] = [];
  readonly #child: ChildProcess;
  #url = '';
  #printed = '';
  #answered: ((answer: unknown) => void) | undefined;

  private constructor(child: ChildProcess) {
    this.#child = child;
    for (const output of [child.stdout, child.stderr]) {
      output?.on('data', (text: Buffer) => {
        this.#printed += text.toString();
      });
    }
    child.on('message', (report: WorkerReport) => this.#hear(report));
  }

  /** Starts a process that listens. */
  static async start(main: string, setup: WorkerSetup): Promise<WorkerProcess> {
    const child = fork(main, [JSON.stringify(setup)], { execArgv: [], silent: true });
    const worker = new WorkerProcess(child);
    const ended = once(child, 'exit').then(() => Promise.reject(new Error(`It did not start. ${worker.printed}`)));
    ended.catch(() => undefined);
    await Promise.race([worker.#listens(), ended]);
    return worker;
  }

  /** What it wrote to the console. */
  get printed(): string {
    return this.#printed;
  }

  /** The status it answers a webhook with; 0 when it answers nothing. */
  async webhook(body: string): Promise<number> {
    const headers = { connection: 'close', 'content-type': 'text/plain' };
    const response = await fetch(`${this.#url}/wix/webhooks`, { method: 'POST', body, headers }).catch(() => undefined);
    await response?.text();
    return response?.status ?? 0;
  }

  /** Lets handlers finish from now on. */
  finish(): void {
    this.#tell('finish');
  }

  /** Lets handlers of these events fail from now on, and of no other. */
  async fail(ids: readonly string[]): Promise<void> {
    await this.#ask({ fail: ids });
  }

  /** Its dead letters, as JSON. */
  async deadLetters(): Promise<readonly Record<string, unknown>[]> {
    return (await this.#ask({ ask: 'dead' })) as readonly Record<string, unknown>[];
  }

  /** Whether it replays this one. */
  async replay(id: string): Promise<boolean> {
    return (await this.#ask({ ask: 'replay', id })) === true;
  }

  /** Sends SIGTERM. Resolves when the process has ended. */
  async terminate(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await gone;
  }

  /** Ends it as a crash would. */
  kill(): Promise<void> {
    return kill(this.#child);
  }

  async #listens(): Promise<void> {
    while (this.#url === '') await once(this.#child, 'message');
  }

  #ask(order: WorkerOrder): Promise<unknown> {
    const answer = new Promise((resolve) => {
      this.#answered = resolve;
    });
    this.#tell(order);
    return answer;
  }

  #tell(order: WorkerOrder): void {
    this.#child.send(order);
  }

  #hear(report: WorkerReport): void {
    if ('url' in report) this.#url = report.url;
    else if ('began' in report) this.began.push(report.began);
    else this.#answered?.(report.answer);
  }
}
