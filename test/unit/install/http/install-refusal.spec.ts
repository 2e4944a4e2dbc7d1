import {
  WixAppRefusedError,
  WixInstanceUnknownError,
  WixScopeMissingError,
  WixUnavailableError,
} from '../../../../src/core/wix-auth.errors.js';
import { refusalPage } from '../../../../src/install/http/install-pages.js';
import { installErrorOf, installRefusals } from '../../../../src/install/http/install-refusal.js';
import { WixInstallError, type WixInstallErrorCode } from '../../../../src/install/install.errors.js';

const codes = Object.keys(installRefusals) as WixInstallErrorCode[];
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

  it('leave alone what nobody expected', () => {
    expect(installErrorOf(new TypeError('x'))).toBeUndefined();
  });
});
