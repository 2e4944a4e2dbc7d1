import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { dirname, join, relative } from 'node:path';

import { transformSync } from '@swc/core';

const ROOT = process.cwd();
const COMPILED = ['src', 'test/e2e/webhook-storm', 'test/e2e/webhook-app.ts'];

/** Compiles what the receiver is made of, so that plain Node can run it. Returns the path of its main file. */
export function compileReceiver(directory: string): string {
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
  for (const file of COMPILED.flatMap(filesIn)) compile(file, join(directory, file.replace(/\.ts$/, '.js')));
  return join(directory, 'test/e2e/webhook-storm/receiver.js');
}

function filesIn(path: string): readonly string[] {
  if (path.endsWith('.ts')) return [path];
  return readdirSync(join(ROOT, path), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
}

function compile(source: string, target: string): void {
  const { code } = transformSync(readFileSync(join(ROOT, source), 'utf8'), {
    swcrc: false,
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: true },
      keepClassNames: true,
    },
    module: { type: 'es6' },
  });
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, code);
}

/** Starts a receiver and waits until it listens. */
export async function startReceiver(main: string, args: readonly string[]): Promise<ChildProcess> {
  const receiver = fork(main, args, { execArgv: [], stdio: 'inherit' });
  await once(receiver, 'message');
  return receiver;
}

/** Ends a receiver as a crash would. */
export async function kill(receiver: ChildProcess): Promise<void> {
  const gone = once(receiver, 'exit');
  receiver.kill('SIGKILL');
  await gone;
}
