import { Controller, Get, Header } from '@nestjs/common';
import { AcceptInstanceQuery, WixIdentity, WixUserAuth, type WixUserIdentity } from 'nestjs-wix-auth';

@Controller('dashboard')
export class DashboardController {
  /** A page that Wix opens in an iframe, with the signed instance in the query. */
  @Get()
  @WixUserAuth()
  @AcceptInstanceQuery()
  @Header('content-type', 'text/html; charset=utf-8')
  show(@WixIdentity() user: WixUserIdentity) {
    return `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>Products</title></head>
  <body>
    <h1>Products</h1>
    <p>Installation <code>${user.instanceId}</code></p>
    <p>You are ${user.isSiteOwner ? 'the owner of this site' : 'a collaborator on this site'}.</p>
    <button>Add tulips</button> <output></output>
    <script type="module">
      // At Wix: import { httpClient } from '@wix/essentials', and httpClient.fetchWithAuth. The emulator has a stand-in.
      import { fetchWithAuth } from '${wixUrl()}/_emulator/dashboard-sdk.js';

      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ name: 'Tulips', price: 9 });
      document.querySelector('button').onclick = async () => {
        const answer = await fetchWithAuth('/products', { method: 'POST', headers, body });
        document.querySelector('output').textContent = answer.status + ' ' + (await answer.text());
      };
    </script>
  </body>
</html>`;
  }
}

const wixUrl = (): string => new URL(process.env['WIX_API_URL'] ?? 'https://www.wixapis.com').origin;
