import { mistakesIn } from '../../scenario/json-schema.js';
import { variantSchemas } from '../../scenario/scenario-schema.js';
import { variantChoices } from '../../variant-choices.js';
import { defaultVariants } from '../../variants.js';
import type { VariantView } from '../console-api.js';
import type { ConsoleContext } from '../console-context.js';
import { ApiRefusal, type ApiRoute } from '../http/api-route.js';

/** How the platform behaves where Wix's behavior varies. */
export const variantRoutes = (context: ConsoleContext): readonly ApiRoute[] => [
  { method: 'GET', path: 'variants', handle: () => variantViews(context) },
  {
    method: 'PATCH',
    path: 'variants',
    body: { type: 'object' },
    handle: ({ body }) => {
      const changes = withoutNull(body as Changes);
      const schema = { type: 'object', properties: variantSchemas, additionalProperties: false } as const;
      const mistakes = mistakesIn(changes, schema);
      if (mistakes.length > 0) throw new ApiRefusal(400, mistakes.join(' '));
      Object.assign(context.parts.platform.variants, changes);
      context.worldChanged();
      return variantViews(context);
    },
  },
];

type Changes = Readonly<Record<string, unknown>>;

// JSON has no Infinity: null is "no limit".
const withoutNull = (changes: Changes): Changes =>
  Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, value ?? Infinity]));

function variantViews({ parts }: ConsoleContext): readonly VariantView[] {
  const now: Values = { ...parts.platform.variants };
  const defaults: Values = { ...defaultVariants() };
  return Object.entries(variantChoices).map(([name, { choices, text }]) => ({
    name,
    value: finite(now[name]),
    default: finite(defaults[name]),
    choices,
    text,
  }));
}

type Values = Readonly<Record<string, string | number | boolean>>;

const finite = (value: string | number | boolean | undefined): string | number | boolean | null =>
  value === undefined || value === Infinity ? null : value;
