import type { WixRoute } from '../../index.js';
import type { CalledEndpoint } from './called-endpoints.js';
import { declaredBy } from './declared-scopes.js';

/** The scopes and permission ids that scopes contain, as the emulator knows them. */
export type ContentsOf = (scopes: readonly string[]) => ReadonlySet<string>;

/** Says which scopes are enough for which endpoints, as far as that is known. */
export class ScopeCover {
  /** Every scope that any route declares. */
  readonly all: readonly string[];
  readonly #contentsOf: ContentsOf;

  constructor(routes: readonly WixRoute[], contentsOf: ContentsOf) {
    this.all = routes.flatMap((route) => declaredBy(route).flat());
    this.#contentsOf = contentsOf;
  }

  /** Whether one of these scopes is known to be enough for an endpoint. */
  isEnough(declared: readonly string[], { permissionIds = [], scopes = [] }: CalledEndpoint): boolean {
    const held = this.#contentsOf(declared);
    return [...permissionIds, ...scopes].some((id) => held.has(id));
  }
}

/** Whether it is known which scopes an endpoint needs. */
export const isKnown = ({ scopes = [] }: CalledEndpoint): boolean => scopes.length > 0;
