import { isJsonObject, objectOf, textOf, type JsonObject } from '../../core/values/json.js';
import { upstreamText } from '../../core/values/upstream-text.js';

/** A field of the request that Wix objects to. The texts are bounded, and safe to print. */
export interface WixFieldViolation {
  /** The path of the field, such as `product.name`. */
  readonly field: string;
  /** What is wrong with it, in Wix's words. */
  readonly description: string;
  /** The kind of rule, such as `MAX_LENGTH` or `OTHER`. */
  readonly violatedRule?: string;
  /** The rule itself, where the kind is `OTHER`. */
  readonly ruleName?: string;
}

/** What a refusing answer says, as far as it says anything. */
export interface ApiProblem {
  readonly applicationCode: string | undefined;
  readonly description: string | undefined;
  readonly fieldViolations: readonly WixFieldViolation[];
}

const MAX_VIOLATIONS = 50;

/**
 * Reads what went wrong from any of Wix's envelopes: `{message, details}`, `{error, error_description}` of OAuth, and
 * the `errorDescription` of the old Stores API. Pages and empty bodies say nothing.
 */
export function readProblem(body: unknown): ApiProblem {
  const object = isJsonObject(body) ? body : {};
  const details = objectOf(object, 'details');
  const applicationError = objectOf(details, 'applicationError');
  const text =
    textOf(applicationError, 'description') ??
    textOf(object, 'message') ??
    textOf(object, 'error_description') ??
    textOf(object, 'errorDescription');
  return {
    applicationCode: codeIn(applicationError, 'code') ?? codeIn(object, 'error'),
    description: text === undefined ? undefined : upstreamText(text),
    fieldViolations: violationsIn(objectOf(details, 'validationError')),
  };
}

/** Whether a body says that the token was refused where the status does not (the old Stores API answers 400). */
export const saysTokenRefused = (body: unknown): boolean =>
  isJsonObject(body) && /\binvalid_token$/.test(textOf(body, 'errorDescription') ?? '');

// Code branches on these, so a code is passed on exactly or not at all.
function codeIn(object: JsonObject, key: string): string | undefined {
  const code = textOf(object, key);
  return code !== undefined && /^[\w.:-]{1,100}$/.test(code) ? code : undefined;
}

function violationsIn(validationError: JsonObject): readonly WixFieldViolation[] {
  const violations = validationError['fieldViolations'];
  return Array.isArray(violations) ? violations.filter(isJsonObject).slice(0, MAX_VIOLATIONS).map(violationIn) : [];
}

function violationIn(violation: JsonObject): WixFieldViolation {
  const violatedRule = codeIn(violation, 'violatedRule');
  const ruleName = codeIn(violation, 'ruleName');
  return {
    field: upstreamText(textOf(violation, 'field') ?? ''),
    description: upstreamText(textOf(violation, 'description') ?? ''),
    ...(violatedRule !== undefined && { violatedRule }),
    ...(ruleName !== undefined && { ruleName }),
  };
}
