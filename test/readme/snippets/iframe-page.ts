import { Controller, Get } from '@nestjs/common';
import { AcceptInstanceQuery, WixIdentity, WixUserAuth, type WixUserIdentity } from 'nestjs-wix-auth';

@Controller('dashboard')
export class DashboardController {
  @Get() // GET /dashboard?instance=…
  @WixUserAuth()
  @AcceptInstanceQuery()
  page(@WixIdentity() user: WixUserIdentity) {
    return `<h1>Installation ${user.instanceId}</h1>`;
  }
}
