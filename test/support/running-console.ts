import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startEmulatorProgram, type EmulatorProgram } from '../../src/testing/emulator/program/emulator-program.js';
import type { ProgramOptions } from '../../src/testing/emulator/program/program-options.js';

/** An answer of the console's API. */
export interface ApiAnswer {
  readonly status: number;
  readonly text: string;
  // What comes back is asserted as it is.
  readonly json: any; // eslint-disable-line @typescript-eslint/no-explicit-any
  readonly headers: Headers;
}

/** A program in a folder of its own, with an app that answers by a function that the test replaces. */
export interface RunningConsole {
  readonly program: EmulatorProgram;
  readonly cwd: string;
  readonly appUrl: string;
  readonly warnings: readonly string[];
  answerWith(handler: (request: IncomingMessage, response: ServerResponse) => void): void;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer>;
  stop(): Promise<void>;
}

/** Starts one. */
export async function runningConsole(options: Partial<ProgramOptions> = {}): Promise<RunningConsole> {
  const cwd = options.cwd ?? mkdtempSync(join(tmpdir(), 'console-'));
  let handler = (_request: IncomingMessage, response: ServerResponse): void => void response.writeHead(404).end();
  const app = createServer((request, response) => handler(request, response));
  const appUrl = await listening(app);
  const warnings: string[] = [];
  const settings = { cwd, appUrl, port: 0, version: '0.0.0-test', warn: (text: string) => void warnings.push(text) };
  const program = await startEmulatorProgram({ ...settings, ...options });
  return {
    program,
    cwd,
    appUrl,
    warnings,
    answerWith: (other) => {
      handler = other;
    },
    call: async (method, path, body, headers = {}) => {
      const answer = await fetch(`${program.url}/_emulator/api/${path}`, {
        method,
        headers: {
          'x-emulator-key': program.key,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, text, json: text === '' ? undefined : JSON.parse(text), headers: answer.headers };
    },
    stop: async () => {
      await program.stop();
      app.closeAllConnections();
      await new Promise((resolve) => app.close(resolve));
      if (options.cwd === undefined) rmSync(cwd, { recursive: true });
    },
  };
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port.toString() : ''}`;
}
