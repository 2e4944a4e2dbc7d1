import type { Type } from '@nestjs/common';
import type { ModulesContainer } from '@nestjs/core';

import { ROUTES_READER } from '../core/marks.js';
import { AppRequests } from '../grants/app-requests.js';
import { UserGrants } from '../grants/users/user-grants.js';
import { registrationSeenBy } from '../nest/visible-registrations.js';

type NestModule = ModulesContainer extends Map<string, infer Module> ? Module : never;

/** The registrations of this module in an application, to which handlers belong. */
export class Registrations {
  readonly #modules: readonly NestModule[];
  readonly #all: readonly NestModule[];

  constructor(modules: ModulesContainer) {
    this.#modules = [...modules.values()];
    this.#all = this.#modules.filter(({ providers }) => providers.has(ROUTES_READER));
  }

  /** The name of a module's registration, as in {@link WixRoute}; empty in applications with a single one. */
  nameFor(module: NestModule): { readonly registration?: string } {
    const registration = this.#of(module);
    return this.#all.length < 2 || registration === undefined ? {} : { registration: this.#nameOf(registration) };
  }

  /** Whether users' roles are looked up at Wix, which the default of {@link UserGrants} does. */
  looksUpRoles(module: NestModule): boolean {
    const registration = this.#of(module);
    return (registration === undefined ? this.#all : [registration]).some(
      ({ providers }) => providers.get(UserGrants)?.inject?.includes(AppRequests) === true,
    );
  }

  #of(module: NestModule): NestModule | undefined {
    const type: Type | undefined = this.#all[0]?.metatype;
    return type === undefined ? undefined : registrationSeenBy(module, type);
  }

  // Modules with the same name, such as those that a function creates for each app, are numbered in order.
  #nameOf(registration: NestModule): string {
    const name = this.#importerOf(registration);
    const before = this.#all.slice(0, this.#all.indexOf(registration));
    const namesakes = before.filter((other) => this.#importerOf(other) === name).length;
    return namesakes === 0 ? name : `${name} ${String(namesakes + 1)}`;
  }

  // Nest adds global modules to the imports of every module: the first importer is the one that declares it.
  #importerOf(registration: NestModule): string {
    const importers = this.#modules.filter(({ imports }) => imports.has(registration));
    return importers[0]?.metatype.name ?? registration.metatype.name;
  }
}
