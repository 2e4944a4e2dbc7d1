import {
  WixAppRefusedError,
  WixInstanceUnknownError,
  WixScopeMissingError,
  WixUnavailableError,
} from '../../../../src/core/wix-auth.errors.js';
import { refusalPage } from '../../../../src/install/http/install-pages.js';
import { installErrorCodes, installErrorOf, installRefusalOf } from '../../../../src/install/http/install-refusal.js';
import { WixInstallError, type WixInstallErrorCode } from '../../../../src/install/install.errors.js';

const codes = installErrorCodes as readonly WixInstallErrorCode[];
const scopes = { requiredScopes: [], missingScopes: [], lackedBy: [] };

describe('The refusals of installations', () => {
  it('have a page of their own for every reason', () => {
    const pages = codes.map((code) => refusalPage(code, 'https://app.test/start').replaceAll(code, ''));
    expect(new Set(pages).size).toBe(codes.length);
  });

  it.each(codes)('show %s and the way to start again', (code) => {
    const page = refusalPage(code, 'https://app.test/start?a=1&b="');
    expect(page).toContain(`<p class="code">${code}</p>`);
    expect(page).toContain('<a href="https://app.test/start?a=1&amp;b=&quot;">Start again</a>');
  });

  it.each([
    [new WixInstallError('WIX_INSTALL_CODE_USED', ''), 'WIX_INSTALL_CODE_USED'],
    [new WixUnavailableError(''), 'WIX_INSTALL_UNAVAILABLE'],
    [new WixInstanceUnknownError(''), 'WIX_INSTALL_INSTANCE_UNKNOWN'],
    [new WixAppRefusedError('', {}), 'WIX_INSTALL_MISCONFIGURED'],
    [new WixScopeMissingError('', scopes), 'WIX_INSTALL_MISCONFIGURED'],
  ])('answer %p', (error, code) => {
    expect(installErrorOf(error)?.code).toBe(code);
  });

  it.each(['WIX_INSTALL_NEW', 'UNKNOWN', 'toString', '__proto__', ''])(
    'are 500 for a code that is not one of them: %j',
    (code) => {
      expect(installRefusalOf(code as never)).toMatchObject({ status: 500 });
      expect(refusalPage(code as never, 'https://app.test/start')).toContain('not ready to be installed');
    },
  );

  it('leave unexpected errors unchanged', () => {
    expect(installErrorOf(new TypeError('x'))).toBeUndefined();
  });
});
