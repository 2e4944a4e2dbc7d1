import { applyDecorators, Controller, HttpCode, Post, SetMetadata, UseGuards, UseInterceptors } from '@nestjs/common';

import { noteDecorated } from '../../nest/decorated-methods.js';
import { PUBLIC_ROUTE, SERVICE_PLUGIN_METHOD } from '../../core/marks.js';
import { WixMisconfiguredError } from '../../core/wix-auth.errors.js';
import {
  definitionOf,
  pluginMethod,
  type WixServicePluginContract,
  type WixServicePluginMethod,
  type WixServicePluginModule,
} from './service-plugin-definition.js';
import { ServicePluginPayload } from './service-plugin.decorators.js';
import { ServicePluginInterceptor } from './service-plugin.interceptor.js';
import { WixServicePluginGuard } from './wix-service-plugin.guard.js';

/** How a class is mounted as a service plugin. */
export interface WixServicePluginOptions {
  /**
   * The path of the address given in the app dashboard (`deploymentUri`), below which Wix calls the methods.
   *
   * @default '' : the methods stand at their own paths
   */
  readonly path?: string;
}

/** Goes on a class that has the methods of `Contract`; any other does not compile. */
export type ServicePluginClassDecorator<Contract> = (target: abstract new (...parts: never[]) => Contract) => void;

/** Goes on a method of the type `Method`; any other does not compile. */
export type ServicePluginMethodDecorator<Method> = <Handler extends Method>(
  target: object,
  name: string | symbol,
  descriptor: TypedPropertyDescriptor<Handler>,
) => void;

/**
 * Takes requests of a service plugin: only what Wix signed for this app passes ({@link WixServicePluginGuard}), guards
 * before every route leave it alone, and it answers 200. Errors of the `@wix/*` packages (`errorType: 'SPI'`) and
 * {@link WixServicePluginException} are answered so that Wix understands them.
 *
 * - `@WixServicePlugin(shippingRates)` on a class makes it a controller with every method of that plugin, at the paths
 *   Wix calls, with the package's types and transformations. A class that lacks a method does not compile, nor start.
 * - `@WixServicePlugin(shippingRates, 'getShippingRates')` on a method of your controller mounts that one method.
 * - `@WixServicePlugin()` on a `@Post()` route knows no definition: read it with {@link WixServicePluginRequest}.
 *
 * @throws {@link WixMisconfiguredError} when the class lacks a method, or the plugin does not have it.
 */
export function WixServicePlugin(): MethodDecorator;
export function WixServicePlugin<Plugin extends WixServicePluginModule>(
  plugin: Plugin,
  options?: WixServicePluginOptions,
): ServicePluginClassDecorator<WixServicePluginContract<Plugin>>;
export function WixServicePlugin<
  Plugin extends WixServicePluginModule,
  Name extends keyof WixServicePluginContract<Plugin> & string,
>(plugin: Plugin, method: Name): ServicePluginMethodDecorator<WixServicePluginContract<Plugin>[Name]>;
export function WixServicePlugin(
  plugin?: WixServicePluginModule,
  methodOrOptions: string | WixServicePluginOptions = {},
): unknown {
  if (plugin === undefined) return verified(new ServicePluginInterceptor());
  const definition = definitionOf(plugin);
  return typeof methodOrOptions === 'string'
    ? mounted(pluginMethod(definition, methodOrOptions))
    : mountedClass(definition.methods, methodOrOptions);
}

const verified = (interceptor: ServicePluginInterceptor): MethodDecorator =>
  applyDecorators(
    noteMethod,
    UseGuards(WixServicePluginGuard),
    UseInterceptors(interceptor),
    SetMetadata(PUBLIC_ROUTE, true),
    HttpCode(200),
  );

const noteMethod: MethodDecorator = (target, name, { value }) => {
  noteDecorated(target, name, value);
};

const mounted =
  (method: WixServicePluginMethod): MethodDecorator =>
  (target, name, descriptor) => {
    ServicePluginPayload()(target, name, 0);
    SetMetadata(SERVICE_PLUGIN_METHOD, method)(target, name, descriptor);
    Post(method.primaryHttpMappingPath)(target, name, descriptor);
    return verified(new ServicePluginInterceptor(method))(target, name, descriptor);
  };

const mountedClass =
  (methods: readonly WixServicePluginMethod[], { path = '' }: WixServicePluginOptions): ClassDecorator =>
  (target) => {
    const prototype = target.prototype as object;
    for (const method of methods) mounted(method)(prototype, method.name, handlerOf(prototype, method.name));
    Controller(path)(target);
  };

function handlerOf(prototype: object, name: string): PropertyDescriptor {
  const value: unknown = Reflect.get(prototype, name);
  if (typeof value === 'function') return { value };
  throw new WixMisconfiguredError(
    `${prototype.constructor.name} lacks the method ${name}, which Wix calls. Implement it, or decorate the methods you ` +
      `have with @WixServicePlugin(plugin, 'name') in a controller of your own.`,
  );
}
