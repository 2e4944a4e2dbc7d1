import type { Type } from '@nestjs/common';

import { WixMisconfiguredError } from '../../core/wix-auth.errors.js';
import { nothingDeclared } from './access-declaration.js';
import { guardsAmong, levelsOf, type AccessLevel } from './access-level.js';
import { policyFrom, standsOn, type AccessPolicy } from './access-policy.js';
import type { WixAuthority } from './authority.js';
import type { GlobalGuards } from '../../nest/app-guards.js';
import { methodOn, type Handler } from '../../nest/nest-metadata.js';
import { problemsOf } from './policy-problems.js';

/** The result of a handler's declarations. */
export interface ResolvedAccess {
  readonly levels: readonly AccessLevel[];
  readonly policy: AccessPolicy;
  /** The problems of the declarations; a policy with problems must not be applied. */
  readonly problems: readonly string[];
}

interface Known {
  readonly host: Type;
  readonly handler: Handler;
  readonly running: WixAuthority;
  readonly policy: AccessPolicy;
}

/** The policy of every handler, resolved at start-up or, for what is loaded later, on first use. */
export class AccessPolicies {
  readonly #config: GlobalGuards;
  // Handlers alone would not do: classes that inherit one each have their own policy for it.
  readonly #known: Record<WixAuthority, Map<unknown, Map<unknown, Known>>> = {
    auth: new Map(),
    instance: new Map(),
    user: new Map(),
  };
  // Calls of a busy route follow each other: looking at what was found last is cheaper than finding it again.
  #last: Known | undefined;

  constructor(config: GlobalGuards) {
    this.#config = config;
  }

  /** What our guards that stand before everything say, as far as Nest knows of them by now. */
  get globalLevel(): AccessLevel {
    const scoped = this.#config.getGlobalRequestGuards().map((wrapper) => wrapper.metatype);
    const guards = guardsAmong([...this.#config.getGlobalGuards(), ...scoped]);
    return { ...nothingDeclared, ...guards, kind: 'app', name: 'the app' };
  }

  /**
   * The policy of a handler for a guard of that authority. Costs two look-ups once it is known, and three
   * comparisons when the call before asked for the same.
   *
   * @throws {@link WixMisconfiguredError} when what was declared contradicts itself.
   */
  of(host: Type, handler: Handler, running: WixAuthority): AccessPolicy {
    const last = this.#last;
    if (last?.handler === handler && last.host === host && last.running === running) return last.policy;

    const known = this.#known[running].get(host)?.get(handler) ?? this.#learn(host, handler, running);
    this.#last = known;
    return known.policy;
  }

  /** Reads what was declared about a handler, without applying or keeping it. */
  resolve(host: Type, handler: Handler, running: WixAuthority): ResolvedAccess {
    const levels = [...levelsOf(host, handler), this.globalLevel];
    const policy = policyFrom(levels, running);
    return { levels, policy, problems: problemsOf(levels, policy, methodOn(handler)) };
  }

  #learn(host: Type, handler: Handler, running: WixAuthority): Known {
    const { levels, policy: own, problems } = this.resolve(host, handler, running);
    if (problems.length > 0) throw new WixMisconfiguredError(`${host.name}.${handler.name}: ${problems.join(' ')}`);

    const policy = running !== 'auth' && standsOn(levels, running) ? this.#sharedBy(host, handler, own) : own;
    const known = { host, handler, running, policy };
    const ofHost = this.#known[running].get(host) ?? new Map<unknown, Known>();
    this.#known[running].set(host, ofHost.set(handler, known));
    return known;
  }

  // One object for all guards that stand on a handler: by it a second guard knows that the first has applied it. A
  // guard made global after the first call has changed what the policy is.
  #sharedBy(host: Type, handler: Handler, own: AccessPolicy): AccessPolicy {
    const shared = this.of(host, handler, 'auth');
    return shared.authority === own.authority ? shared : own;
  }
}
