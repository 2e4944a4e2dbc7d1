import { readFileSync } from 'node:fs';
import ts from 'typescript';

/**
 * The public names, entry by entry. Adding one here is publishing it: it then needs a doc comment, a line in the
 * CHANGELOG, and may not be renamed or removed before the next major version. Sorted as `Array.sort` sorts.
 */
const entries = {
  'nestjs-wix-auth': {
    source: 'index.ts',
    values: [
      'AcceptInstanceQuery',
      'AllowIdentities',
      'CredentialSource',
      'HttpCredentialSource',
      'RequireAnyScope',
      'RequireScopes',
      'SystemClock',
      'TokenStore',
      'UserGrants',
      'VisitorGrants',
      'WIX_AUTH_OPTIONS',
      'WixAccess',
      'WixAccessToken',
      'WixApiError',
      'WixApiExceptionFilter',
      'WixApiKeyRefusedError',
      'WixAppRefusedError',
      'WixAuthError',
      'WixAuthException',
      'WixAuthExceptionFilter',
      'WixAuthGuard',
      'WixAuthModule',
      'WixClock',
      'WixCredentialsAmbiguousError',
      'WixCredentialsExpiredError',
      'WixCredentialsMalformedError',
      'WixCredentialsMissingError',
      'WixCredentialsRejectedError',
      'WixCredentialsWrongAppError',
      'WixGrantsService',
      'WixHttpService',
      'WixIdentity',
      'WixIdentityExpiredError',
      'WixIdentityNotAllowedError',
      'WixIdentityService',
      'WixInstanceAuth',
      'WixInstanceGuard',
      'WixInstanceUnknownError',
      'WixMisconfiguredError',
      'WixOnBehalfUnavailableError',
      'WixPublic',
      'WixScopeMissingError',
      'WixTokenService',
      'WixUnavailableError',
      'WixUserAuth',
      'WixUserGuard',
      'trustedInstanceId',
      'wixCorsOptions',
    ],
    types: [
      'AnyWixIdentity',
      'PresentedSignedInstance',
      'TokenWish',
      'WixAnswerFacts',
      'WixApiAnswer',
      'WixAppIdentity',
      'WixAuthErrorCode',
      'WixAuthExtras',
      'WixAuthOptions',
      'WixAuthOptionsFactory',
      'WixCallOptions',
      'WixCorsOptions',
      'WixCorsOrigin',
      'WixCorsSettings',
      'WixFieldViolation',
      'WixGrants',
      'WixGrantsOptions',
      'WixHoldings',
      'WixHttpClient',
      'WixIdentityBase',
      'WixIdentityDecorator',
      'WixIdentityField',
      'WixIdentityType',
      'WixInstanceAuthOptions',
      'WixInstanceId',
      'WixMemberIdentity',
      'WixRequestConfig',
      'WixScope',
      'WixScopeHolder',
      'WixScopeRefusal',
      'WixSignedInstanceOptions',
      'WixTokenOptions',
      'WixUserAuthOptions',
      'WixUserIdentity',
      'WixVerificationOptions',
      'WixVisitorIdentity',
    ],
  },
  'nestjs-wix-auth/sdk': {
    source: 'sdk/index.ts',
    values: ['WixSdkClientFactory', 'wixIdentityAuth', 'wixInstanceAuth'],
    types: ['WixSdkAuth', 'WixSdkClient'],
  },
  'nestjs-wix-auth/testing': {
    source: 'testing/index.ts',
    values: ['OWNER_ROLE_ID', 'WixAuthTestingModule', 'WixEmulator', 'emulatedOptions', 'useWixEmulator'],
    types: [
      'ActiveFault',
      'AppSubject',
      'EmulatedApp',
      'EmulatedAppOptions',
      'EmulatedBiEvent',
      'EmulatedInstall',
      'EmulatedInstallOptions',
      'EmulatedInstaller',
      'EmulatedMember',
      'EmulatedProduct',
      'EmulatedSite',
      'EmulatedSiteOptions',
      'EmulatedUser',
      'EmulatedUserOptions',
      'EmulatedVisitor',
      'EmulatorFault',
      'InstallerFaults',
      'MemberSubject',
      'MintOptions',
      'NewEmulatedProduct',
      'OverridableBuilder',
      'RecordedRequest',
      'ReplaceableProvider',
      'RequestFilter',
      'ScopeContents',
      'ServeOptions',
      'ServedCall',
      'SignedInstanceOptions',
      'TokenSubject',
      'UserSubject',
      'VisitorSubject',
      'WixEmulatorMint',
      'WixEmulatorOptions',
      'WixEmulatorVariants',
    ],
  },
};

/** What an entry file lists in `export type { … }`, which leaves no trace at run time. */
function typesExportedBy(source: string): string[] {
  const text = readFileSync(new URL(`../../src/${source}`, import.meta.url), 'utf8');
  const { statements } = ts.createSourceFile(source, text, ts.ScriptTarget.ESNext);
  return statements
    .filter((statement) => ts.isExportDeclaration(statement))
    .flatMap(({ isTypeOnly, exportClause }) => {
      if (!exportClause || !ts.isNamedExports(exportClause)) throw new Error(`${source} must list names, not use "*"`);
      return exportClause.elements.filter((element) => isTypeOnly || element.isTypeOnly);
    })
    .map(({ name }) => name.text)
    .sort();
}

describe.each(Object.entries(entries))('the entry %s', (name, { source, values, types }) => {
  it('exports exactly these names at run time', async () => {
    const exported: object = await import(name);
    expect(Object.keys(exported).sort()).toEqual(values);
  });

  it('exports exactly these types', () => {
    expect(typesExportedBy(source)).toEqual(types);
  });
});
