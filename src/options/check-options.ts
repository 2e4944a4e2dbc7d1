import { validateSync, type ValidationError } from 'class-validator';

import { isJsonObject } from '../core/values/json.js';
import { nearestTo } from '../core/values/nearest.js';
import { WixMisconfiguredError } from '../core/wix-auth.errors.js';
import { OPTION_PARTS, OptionsRules } from './options-rules.js';
import { EXTRA_PARTS, ExtrasRules, INNER_PARTS } from './registration-rules.js';

/**
 * Checks the options and the extras beside them against every rule.
 *
 * @throws {@link WixMisconfiguredError} listing all problems with their remedies, and never a value.
 */
export function checkOptions(options: unknown, extras: object = {}): void {
  const problems = [...optionProblems(options), ...extraProblems(extras), ...pairProblems(options, extras)];
  if (problems.length === 0) return;
  throw new WixMisconfiguredError(
    `WixAuthModule cannot start: its options have ${problems.length === 1 ? 'a problem' : `${String(problems.length)} problems`}.\n` +
      problems.map((problem) => `  - ${problem}`).join('\n'),
  );
}

const EXTRA_NAMES = Object.keys(new ExtrasRules());
const OPTION_NAMES = Object.keys(new OptionsRules());

function optionProblems(options: unknown): readonly string[] {
  const unknown = (path: string): string =>
    EXTRA_NAMES.includes(path)
      ? `${path} must stand beside useFactory, useClass or useExisting, not in the options they give: what is mounted ` +
        'is decided before those are there.'
      : `${path} is no option of WixAuthModule: ${remedyFor(path, OPTION_NAMES)}`;
  return problemsOf(ruled(new OptionsRules(), options, OPTION_PARTS), unknown);
}

function extraProblems(extras: object): readonly string[] {
  const unknown = (path: string): string =>
    OPTION_NAMES.includes(path)
      ? `${path} must be in the options that useFactory, useClass or useExisting gives, not beside it, where it has no effect.`
      : `${path} is no option of WixAuthModule: ${remedyFor(path, EXTRA_NAMES)}`;
  return problemsOf(ruled(new ExtrasRules(), extras, EXTRA_PARTS), unknown);
}

function pairProblems(options: unknown, extras: object): readonly string[] {
  const { appId, appSecret, publicKey } = Object(options) as Partial<Record<string, unknown>>;
  const isSame = appId !== undefined && [appSecret].flat().includes(appId);
  const webhooks: unknown = Reflect.get(extras, 'webhooks');
  const hasWebhooks = webhooks !== undefined;
  return [
    ...(isSame ? ['appSecret is the same as appId: the app dashboard shows both on its OAuth page.'] : []),
    ...(hasWebhooks && (publicKey ?? '') === ''
      ? ['publicKey is needed for webhooks: give the public key from the app dashboard (Webhooks page).']
      : []),
    ...(hasUnusedQueue(webhooks)
      ? ["webhooks.queue has no effect without webhooks.mode 'queue': set the mode, or remove it."]
      : []),
  ];
}

const hasUnusedQueue = (webhooks: unknown): boolean =>
  isJsonObject(webhooks) && webhooks['queue'] !== undefined && webhooks['mode'] !== 'queue';

function remedyFor(path: string, names: readonly string[]): string {
  const nearest = nearestTo(path, names);
  if (nearest !== undefined) return `did you mean ${nearest}?`;
  return path.startsWith('cache.')
    ? "remove it. Stores other than memory go into cache.stores, such as [createKeyv('redis://localhost')] of @keyv/redis."
    : 'remove it or fix its name.';
}

const problemsOf = (rules: object, unknown: (path: string) => string): readonly string[] =>
  validateSync(rules, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: false },
  }).flatMap((error) => textsOf(error, unknown));

// class-validator finds its rules by class, and must not get hold of the user's own object.
function ruled(rules: object, given: unknown, parts: Readonly<Record<string, new () => object>>): object {
  Object.assign(rules, given);
  for (const [name, Rules] of Object.entries(parts)) {
    const value: unknown = Reflect.get(rules, name);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      Reflect.set(rules, name, ruled(new Rules(), value, INNER_PARTS.get(Rules) ?? {}));
    }
  }
  return rules;
}

function textsOf(error: ValidationError, unknown: (path: string) => string, parent = ''): readonly string[] {
  const { property, constraints = {}, children = [] } = error;
  const path = `${parent}${property}`;
  const own = Object.entries(constraints)
    // A repetition of "must be an object".
    .filter(([rule]) => rule !== 'nestedValidation')
    .map(([rule, message]) => (rule === 'whitelistValidation' ? unknown(path) : parent + message));
  return [...own, ...children.flatMap((child) => textsOf(child, unknown, `${path}.`))];
}
