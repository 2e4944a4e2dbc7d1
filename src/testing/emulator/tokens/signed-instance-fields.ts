import type { EmulatedInstall } from '../world/emulated-install.js';
import type { EmulatedMember, EmulatedUser, EmulatedVisitor } from '../world/emulated-site.js';

/** How long a signed instance lives, in milliseconds. */
export const SIGNED_INSTANCE_LIFETIME_MS = 14_400_000;

/** What a signed instance says, and how it may differ from an ordinary one. */
export interface SignedInstanceOptions {
  /** The Wix user who opened the page. At most one of `user`, `member` and `visitor`; none means no caller is named. */
  readonly user?: EmulatedUser | undefined;
  /** The site member who opened the page. */
  readonly member?: EmulatedMember | undefined;
  /** The visitor who opened the page. */
  readonly visitor?: EmulatedVisitor | undefined;
  /**
   * What it says in `permissions`. `OWNER` proves no ownership: Wix writes it for collaborators too.
   *
   * @default 'OWNER' for a user, null for all others
   */
  readonly permissions?: string | null | undefined;
  /** When it was signed: a date, milliseconds, or text to be written as it is. @default now */
  readonly signDate?: Date | number | string | undefined;
  /** When it expires: a date, milliseconds, or text to be written as it is. @default 4 hours after `signDate` */
  readonly expirationDate?: Date | number | string | undefined;
  /** Names of fields to leave out, such as `['appDefId', 'expirationDate']`. */
  readonly omit?: readonly string[] | undefined;
  /** Fields to replace or add. */
  readonly fields?: Readonly<Record<string, unknown>> | undefined;
  /** What to sign with, for a forgery or while a secret is rotated. @default the app's current secret */
  readonly secret?: string | undefined;
  /** Whether the data is base64 with padding, as some old clients of Wix wrote it. @default false */
  readonly padded?: boolean | undefined;
}

/** The fields of a signed instance, in Wix's order. */
export function instanceFields(
  install: EmulatedInstall,
  options: SignedInstanceOptions,
  nowMs: number,
): Record<string, unknown> {
  const { signDate = nowMs, user, permissions = user ? 'OWNER' : null } = options;
  const fields = {
    instanceId: install.instanceId,
    appDefId: install.app.appId,
    signDate: dateText(signDate),
    ...personFields(options),
    permissions,
    demoMode: false,
    siteOwnerId: install.site.owner.userId,
    expirationDate: dateText(options.expirationDate ?? defaultExpiry(signDate, nowMs)),
    vendorProductId: install.plan ?? null,
    ...(install.originInstanceId === undefined ? {} : { originInstanceId: install.originInstanceId }),
    ...options.fields,
  };
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !options.omit?.includes(name)));
}

function personFields({ user, member, visitor }: SignedInstanceOptions): Record<string, unknown> {
  if ([user, member, visitor].filter(Boolean).length > 1) {
    throw new Error('A signed instance names one person: give a user, a member or a visitor.');
  }
  if (user) return { uid: user.userId, loginAccountId: user.accountId };
  if (member) return { uid: member.memberId, siteMemberId: member.memberId, aid: member.visitorId };
  return { uid: null, ...(visitor ? { aid: visitor.visitorId } : {}) };
}

function defaultExpiry(signDate: Date | number | string, nowMs: number): number {
  const signedAt = new Date(signDate).getTime();
  return (Number.isNaN(signedAt) ? nowMs : signedAt) + SIGNED_INSTANCE_LIFETIME_MS;
}

const dateText = (date: Date | number | string): string =>
  typeof date === 'string' ? date : new Date(date).toISOString();
