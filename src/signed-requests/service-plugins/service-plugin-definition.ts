import { WixMisconfiguredError } from '../../core/wix-auth.errors.js';

const DEFINITION = 'service-plugin-definition';

/** One method of a service plugin's definition: the path Wix posts to, and how the SDK's payloads read over REST. */
export interface WixServicePluginMethod {
  /** The method's name, such as `getShippingRates`. */
  readonly name: string;
  /** Where Wix posts to below the plugin's address, such as `/v1/getRates`. */
  readonly primaryHttpMappingPath: string;
  /** Turns payloads of one form into the other. */
  readonly transformations: {
    /** What a handler is given, from what Wix sent. */
    readonly fromREST: (payload: object) => unknown;
    /** What Wix is sent, from what a handler gave back. */
    readonly toREST: (payload: unknown) => unknown;
  };
}

/** A service plugin's definition, as the `@wix/*` packages export it. Told by its shape: this library needs no package. */
export interface WixServicePluginDefinition<Contract = unknown> {
  /** What it is. */
  readonly __type: string;
  /** The kind of plugin, such as `ECOM_SHIPPING_RATES`. */
  readonly componentType: string;
  /** The methods Wix calls. */
  readonly methods: readonly WixServicePluginMethod[];
  /** The methods' types; not there at run time. */
  readonly __contract: Contract;
}

/**
 * A service plugin of Wix: a module of a package's `service-plugins` entry, such as `shippingRates` of
 * `@wix/ecom/service-plugins`, or its `provideHandlers`.
 */
export type WixServicePluginModule<Contract = unknown> =
  WixServicePluginDefinition<Contract> | ModuleOf<WixServicePluginDefinition<Contract>>;

interface ModuleOf<Definition> {
  readonly provideHandlers: Definition;
}

/** The methods of a plugin with the package's request and response types. */
export type WixServicePluginContract<Plugin> =
  Plugin extends ModuleOf<infer Definition>
    ? WixServicePluginContract<Definition>
    : Plugin extends WithContract<infer Contract>
      ? Contract
      : never;

interface WithContract<Contract> {
  readonly __contract: Contract;
}

/**
 * The definition behind a plugin.
 *
 * @throws {@link WixMisconfiguredError} when it is not one, as code without types may give.
 */
export function definitionOf(plugin: WixServicePluginModule): WixServicePluginDefinition {
  const definition = 'provideHandlers' in plugin ? plugin.provideHandlers : plugin;
  if (definition.__type === DEFINITION && Array.isArray(definition.methods)) return definition;
  throw new WixMisconfiguredError(
    '@WixServicePlugin() takes a module of a service-plugins entry, such as shippingRates of @wix/ecom/service-plugins.',
  );
}

/**
 * One method of a plugin by its name.
 *
 * @throws {@link WixMisconfiguredError} when the plugin has no such method.
 */
export function pluginMethod(definition: WixServicePluginDefinition, name: string): WixServicePluginMethod {
  const method = definition.methods.find((candidate) => candidate.name === name);
  if (method !== undefined) return method;
  const names = definition.methods.map((candidate) => candidate.name).join(', ');
  throw new WixMisconfiguredError(`${definition.componentType} has no method ${name}. It has ${names}.`);
}
