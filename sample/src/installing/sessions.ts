import { randomBytes } from 'node:crypto';

import { Injectable } from '@nestjs/common';
import type { WixInstallation } from 'nestjs-wix-auth';

const COOKIE = '__Host-sample-session';
// Also sent in a frame of Wix, where custom authentication may take place.
const ATTRIBUTES = 'Path=/; Max-Age=3600; HttpOnly; Secure; SameSite=None; Partitioned';

/** Who is logged in. A real app stores this in its database. */
@Injectable()
export class Sessions {
  readonly #open = new Map<string, WixInstallation>();

  /** Logs the browser in, and returns the cookie for it. */
  open(installation: WixInstallation): string {
    const id = randomBytes(32).toString('base64url');
    this.#open.set(id, installation);
    return `${COOKIE}=${id}; ${ATTRIBUTES}`;
  }

  /** The installation a browser is logged in for, by its `Cookie` header. */
  of(cookies: string | undefined): WixInstallation | undefined {
    const id = new RegExp(`(?:^|; )${COOKIE}=([\\w-]+)`).exec(cookies ?? '')?.[1];
    return id === undefined ? undefined : this.#open.get(id);
  }
}
