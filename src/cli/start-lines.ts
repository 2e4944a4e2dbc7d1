import { envText } from '../testing/emulator/console/people/env-lines.js';
import type { EmulatorProgram } from '../testing/emulator/program/emulator-program.js';

/** What the program prints when it has started. The console's address comes first. */
export function startLines({ url, consoleUrl, app, env, appProblem, folder }: EmulatorProgram): readonly string[] {
  return [
    `Console:  ${consoleUrl}`,
    `Wix:      ${url}`,
    '',
    'For the .env of your app:',
    '',
    envText(env),
    '',
    'Start your app with them, such as: node --env-file=.env dist/main.js',
    `It is expected at ${app.url}, its webhooks at ${app.paths.webhooks}: see --app-url and --webhooks.`,
    ...(appProblem === null ? [] : [`${appProblem} It may be started at any time.`]),
    '',
    `${folder} has the ids, the secret and the keys of the emulated app. It has its own .gitignore: do not commit it.`,
    'Ctrl-C ends the emulator.',
  ];
}
